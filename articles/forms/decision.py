"""The form at the foot of the review page: what is decided, and the words that go with it."""

from django import forms

from articles.models import Revision

NOTE_MAX = Revision._meta.get_field("public_note").max_length


class DecisionForm(forms.Form):
    comment = forms.CharField(
        label="Comment to the author",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    public_note = forms.CharField(
        label="Public note",
        required=False,
        max_length=NOTE_MAX,
        widget=forms.TextInput(attrs={"placeholder": "e.g. Citations re-timed"}),
    )
