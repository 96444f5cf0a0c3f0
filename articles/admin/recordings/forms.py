"""The forms of an episode, which ask before they change a cited recording, and of its transcript."""

from django import forms
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy, ngettext

from articles.core.recordings import transcripts
from articles.derived.i18n import translate
from articles.importing import SUFFIXES, other_recording, published_citations

from .base import REASON, ReasonForm, reason_field
from .chapters import ChapterLinesForm
from .fields import LinesField, PeopleField, TimeField, YouTubeField

PASTED_MAX = 2_000_000  # characters; ten hours of captions are about 800,000


def _recording_warning(citations, articles):
    cited = ngettext("%(citations)s published citation", "%(citations)s published citations", citations)
    where = ngettext("in %(count)s article", "in %(count)s articles", articles)
    return gettext(
        "This changes the video or audio file of %(cited)s %(where)s. Timestamps may be wrong in another recording. "
        "Confirm the change, or enter the old address again."
    ) % {"cited": cited % {"citations": intcomma(citations)}, "where": where % {"count": intcomma(articles)}}


class EpisodeForm(ReasonForm, ChapterLinesForm):
    duration_seconds = TimeField(
        label=gettext_lazy("Length"),
        required=False,
        help_text=gettext_lazy(
            "Hours, minutes and seconds, or a number of seconds. Needed to detect timestamps past the end of "
            "the recording."
        ),
    )
    youtube_id = YouTubeField(
        label=gettext_lazy("YouTube video"),
        required=False,
        help_text=gettext_lazy("Paste the video’s address. Only its 11-character ID is stored."),
        widget=forms.TextInput(attrs={"class": "vTextField", "placeholder": "https://www.youtube.com/watch?v=…"}),
    )
    people = PeopleField()
    confirm_recording = forms.BooleanField(
        label=gettext_lazy("Change the recording of these citations"), required=False
    )
    asks_about_recording = False

    @cached_property
    def changed_data(self):
        """The names of the changed fields, without confirmation and reason, which aren't part of the recording."""
        return [name for name in super().changed_data if name not in {"confirm_recording", REASON}]

    def clean(self):
        cleaned = super().clean()
        new = {name: cleaned[name] for name in ("youtube_id", "audio_url") if name in cleaned}
        if self.instance.pk and other_recording(self.instance, new):
            citations, articles = published_citations(self.instance)
            self.asks_about_recording = citations > 0
            if citations and not cleaned.get("confirm_recording"):
                self.add_error("confirm_recording", _recording_warning(citations, articles))
        return cleaned


class TranscriptForm(forms.Form):
    file = forms.FileField(
        label="File",
        required=False,
        help_text=gettext_lazy("WebVTT, SRT, SBV, SubViewer, TTML, JSON, a table, or lines with times."),
        widget=forms.FileInput(attrs={"accept": ",".join([*sorted(SUFFIXES), "text/*", "application/json"])}),
    )
    text = LinesField(
        label=gettext_lazy("Or paste the text"),
        required=False,
        strip=False,
        max_length=PASTED_MAX,
        help_text=gettext_lazy("One cue per line, starting with its time: 00:00:04 Words spoken."),
        widget=forms.Textarea(attrs={"class": "lines-field", "rows": 6, "spellcheck": "false", "dir": "auto"}),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Language code such as en (optional)."),
        widget=forms.TextInput(attrs={"class": "time-field", "placeholder": "en"}),
    )
    reason = reason_field()
    confirm = forms.BooleanField(label=gettext_lazy("Import it anyway"), required=False)
    file_name = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)  # of the pasted text
    loaded_as = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    needs_confirmation = False

    def ask_to_confirm(self, doubts, data, file_name):
        """List the doubts above a checkbox; keep the file's text, so that it needn't be chosen again."""
        self.needs_confirmation = True
        self.add_error("confirm", [translate(doubt.reason) for doubt in doubts])
        text = transcripts.decode(data)[0]
        if file_name and len(text) <= PASTED_MAX:
            self.data = self.data.copy()
            self.data.update({"text": text, "file_name": file_name})

    def clean_file(self):
        file, limit = self.cleaned_data["file"], settings.TRANSCRIPT_MAX_BYTES
        if file and file.size > limit:
            raise ValidationError(
                gettext("The file is larger than %(value)s MB, too large for a transcript. Is it the recording itself?")
                % {"value": limit // 1024 // 1024}
            )
        return file

    def clean(self):
        cleaned = super().clean()
        has_text = bool(cleaned.get("text", "").strip())
        if not self.errors and bool(cleaned.get("file")) == has_text:
            raise ValidationError(gettext("Either choose a file or paste the transcript."))
        return cleaned


class RemovalForm(forms.Form):
    reason = reason_field()
