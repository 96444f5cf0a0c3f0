"""The form of a comment on a revision."""

from django import forms


class CommentForm(forms.Form):
    """`place` is "" for the whole revision, `change:<id>` for a change, `section:<key>` for a section."""

    text = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    place = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    @property
    def words(self):
        """The submitted text, also if the form was invalid."""
        return self["text"].value() or ""
