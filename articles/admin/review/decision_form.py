"""The form at the foot of the review page: what is decided, and the words and times that go with it."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.models import Revision

NOTE_MAX = Revision._meta.get_field("public_note").max_length

OWN = "own"
NOTES = {
    "correction": gettext_lazy("Correction"),
    "clarification": gettext_lazy("Clarification"),
    "re-timed citations": gettext_lazy("Re-timed citations"),
    "minor": gettext_lazy("Minor"),
}


class MomentField(forms.DateTimeField):
    """A day and a time in the site's time zone, written as browsers write them (HTML’s datetime-local)."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)
        self.error_messages["invalid"] = gettext_lazy("Write the day and the time as 2030-01-31 09:00.")


class DecisionForm(forms.Form):
    """`accept` holds the ids of the ticked changes; it counts only where `parts` says that there was a choice."""

    comment = forms.CharField(
        label=gettext_lazy("Comment to the author"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    note = forms.ChoiceField(
        label=gettext_lazy("Public note"),
        required=False,
        choices=[("", gettext_lazy("None")), *NOTES.items(), (OWN, gettext_lazy("Own words:"))],
    )
    public_note = forms.CharField(
        label=gettext_lazy("Public note in own words"),
        required=False,
        max_length=NOTE_MAX,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("own words")}),
    )
    publish_at = MomentField(label=gettext_lazy("Goes out"))
    take_down_at = MomentField(label=gettext_lazy("Comes down again (may stay empty)"))
    reason = forms.CharField(
        label=gettext_lazy("Why it cannot wait for a second person"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    parts = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)

    @classmethod
    def of(cls, revision, shown):
        """The form as the page of `revision` first shows it; `shown` is the comparison, None for a new article."""
        suggested = shown.note if shown and shown.changes else ""
        return cls(
            initial={
                "note": OWN if revision.public_note else suggested,
                "public_note": revision.public_note,
                "publish_at": revision.publish_at,
                "take_down_at": revision.take_down_at,
                "digest": revision.digest,
                "parts": "1",
            }
        )

    def clean(self):
        """Own words are the note where there are some; what was chosen stands beside them for nothing."""
        words = super().clean()
        words["public_note"] = words.get("public_note") or str(NOTES.get(words.get("note"), ""))
        words["accept"] = self.data.getlist("accept") if words.get("parts") else None
        return words

    @property
    def zone(self):
        """The site's time zone by its name."""
        return timezone.get_current_timezone_name()
