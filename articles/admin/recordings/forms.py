"""The form of an episode, which asks before it changes the recording that published citations refer to."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy, ngettext

from articles.importing import other_recording, published_citations

from .base import REASON, ReasonForm
from .chapters import ChapterLinesForm
from .fields import TimeField, YouTubeField


def _recording_warning(citations, articles):
    cited = ngettext("%(citations)s published citation", "%(citations)s published citations", citations)
    where = ngettext("in %(count)s article", "in %(count)s articles", articles)
    return gettext(
        "This changes the video or audio file of %(cited)s %(where)s. Timestamps may be wrong in another recording. "
        "Confirm the change, or enter the old address again."
    ) % {"cited": cited % {"citations": citations}, "where": where % {"count": articles}}


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
