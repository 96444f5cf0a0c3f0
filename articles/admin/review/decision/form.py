"""The decision form at the bottom of the review page."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from articles.models import Revision
from articles.workflow.recordings import review_digest

TYPED = ("comment", "note", "public_note", "publish_at", "take_down_at", "reason")
NOTE_MAX = Revision._meta.get_field("public_note").max_length

OWN = "own"
NOTES = {
    "correction": gettext_lazy("Correction"),
    "clarification": gettext_lazy("Clarification"),
    "re-timed citations": gettext_lazy("Timestamps changed"),
    "minor": gettext_lazy("Minor"),
}


class MomentField(forms.DateTimeField):
    """A date and time in the site's time zone, in the format of HTML's `datetime-local` input."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)
        self.error_messages["invalid"] = gettext_lazy("Enter a date and time, such as 2030-01-31 09:00.")


class DecisionForm(forms.Form):
    """`accept` has the ids of the selected changes; it counts only if `parts` says that the page offered a choice.

    `with_note` says that the chosen action stores the public note, so that a custom one has to be written.
    """

    comment = forms.CharField(
        label=gettext_lazy("Comment for the author"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    note = forms.ChoiceField(
        label=gettext_lazy("Public note"),
        required=False,
        choices=[("", gettext_lazy("None")), *NOTES.items(), (OWN, gettext_lazy("Custom:"))],
    )
    public_note = forms.CharField(
        label=gettext_lazy("Custom public note"),
        required=False,
        max_length=NOTE_MAX,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("custom note")}),
    )
    publish_at = MomentField(label=gettext_lazy("Publish at"))
    take_down_at = MomentField(label=gettext_lazy("Unpublish at (optional)"))
    reason = forms.CharField(
        label=gettext_lazy("Reason for publishing without a second review"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    parts = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, with_note=False, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.with_note = with_note

    @classmethod
    def of(cls, revision, shown, unsent):
        """The form for `revision`: what was typed but isn't sent (`unsent`, by field), else what the page suggests.

        `shown` is its comparison, None for a new article.
        """
        suggested = shown.note if shown and shown.changes else ""
        stored = revision.public_note
        listed = next((key for key, words in NOTES.items() if str(words) == stored), OWN) if stored else suggested
        return cls(
            initial={
                "note": listed,
                "public_note": stored if listed == OWN else "",
                "publish_at": revision.publish_at,
                "take_down_at": revision.take_down_at,
                "digest": review_digest(revision),
                "parts": "1",
            }
            | {name: unsent[name] for name in TYPED if name in unsent}
        )

    def unused(self, action, revision):
        """Return the names of the fields with something typed that `action` would drop without a word.

        A time matters only to an action that decides what becomes public.
        """
        unused = [name for name in ("comment", "reason") if self.cleaned_data.get(name, "").strip()]
        if "public_note" in action.fields:
            unused += [name for name in ("publish_at", "take_down_at") if self._is_new_time(name, revision)]
        return [name for name in unused if name not in action.fields]

    def _is_new_time(self, name, revision):
        moment, planned = self.cleaned_data.get(name), getattr(revision, name)
        return moment is not None and (planned is None or moment != planned.replace(second=0, microsecond=0))

    def clean(self):
        """A custom note takes precedence over the selected one; without both fields, as for authors, it stays (None)."""
        cleaned = super().clean()
        if self.with_note and cleaned.get("note") == OWN and cleaned.get("public_note") == "":
            self.add_error("public_note", gettext("Write the custom note, or choose another one."))
        cleaned["public_note"] = cleaned.get("public_note") or str(NOTES.get(cleaned.get("note"), ""))
        if not {"note", "public_note"} & self.data.keys():
            cleaned["public_note"] = None
        cleaned["accept"] = self.data.getlist("accept") if cleaned.get("parts") else None
        return cleaned
