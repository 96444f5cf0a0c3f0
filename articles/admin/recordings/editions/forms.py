"""The form to compute, check and save an edition's stretches."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from articles.admin.recordings.base import reason_field
from articles.admin.recordings.fields import LinesField
from articles.admin.recordings.forms import PASTED_MAX
from articles.core.recordings.transcripts import decode
from articles.derived.i18n import translate

from .inline import StretchesField


class MapForm(forms.Form):
    chapter_lines = LinesField(
        label=gettext_lazy("This edition’s own chapters"),
        required=False,
        help_text=gettext_lazy(
            "One chapter per line: 00:05:13 Title. Chapters are matched with the episode’s chapters by title."
        ),
        widget=forms.Textarea(attrs={"class": "lines-field", "rows": 8, "spellcheck": "false"}),
    )
    transcript = forms.FileField(
        label=gettext_lazy("Transcript of this edition"),
        required=False,
        help_text=gettext_lazy(
            "WebVTT, SRT, JSON or lines with times. It is compared with the episode’s transcript, then discarded."
        ),
    )
    # The text of an uploaded file that looks wrong, so that it needn't be chosen again to confirm it.
    transcript_text = LinesField(required=False, strip=False, widget=forms.Textarea(attrs={"hidden": True}))
    transcript_name = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    reason = reason_field()
    confirm = forms.BooleanField(label=gettext_lazy("Compare it anyway"), required=False)
    stretch_lines = StretchesField()
    saved_lines = LinesField(required=False, widget=forms.HiddenInput)
    needs_confirmation = False

    def ask_to_confirm(self, doubts, data, name):
        """Show `confirm` and keep the file's text, unless it is too long. Raises ValidationError with the doubts."""
        self.needs_confirmation = True
        text = decode(data)[0]
        self.data = self.data.copy()
        self.data.pop("confirm", None)
        self.data["transcript_text"] = text if len(text) <= PASTED_MAX else ""
        self.data["transcript_name"] = name
        raise ValidationError([translate(doubt.reason) for doubt in doubts])
