"""The forms that correct a cue, and that find a cue for a correction that no longer fits."""

import hashlib
import heapq

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz, process

from articles.admin.recordings.base import reason_field
from articles.core.timestamps import format_label
from articles.models import Cue
from articles.workflow.recordings.corrections import SPEAKER_MAX, TEXT_MAX

CANDIDATES = 3
PENALTY_SECONDS, PENALTY_MOST = 10.0, 30.0  # a cue ten seconds away counts as one percent less similar


def token_of(cue):
    """Return a short digest of what a cue says, by which a form knows whether that has changed."""
    return hashlib.sha256(f"{cue.speaker}\x1f{cue.text}".encode()).hexdigest()[:16]


def cues_of(episode):
    return list(Cue.objects.filter(episode=episode).order_by("start_seconds", "pk"))


class CorrectionForm(forms.Form):
    """The text and speaker of a cue. `loaded_as` says which ones its user has seen, `start` which second."""

    speaker = forms.CharField(
        label=gettext_lazy("Speaker"),
        required=False,
        max_length=SPEAKER_MAX,
        widget=forms.TextInput(attrs={"dir": "auto", "list": "speakers", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    reason = reason_field()
    loaded_as = forms.CharField(max_length=16, widget=forms.HiddenInput)
    start = forms.FloatField(widget=forms.HiddenInput)

    def __init__(self, episode, cue, data=None):
        self.cue = cue
        initial = {"loaded_as": token_of(cue), "start": cue.start_seconds, "speaker": cue.speaker, "text": cue.text}
        super().__init__(data, initial=initial, label_suffix="", auto_id=f"id_cue_{cue.pk}_%s")
        self.speakers = Cue.objects.filter(episode=episode).exclude(speaker="").order_by("speaker")
        self.speakers = self.speakers.values_list("speaker", flat=True).distinct()[:100]

    def refuse(self, message):
        """Add an error, and take the cue as it is now for what the user has seen: the next attempt may replace it."""
        self.add_error(None, message)
        self.data = self.data.copy()
        self.data.update({"loaded_as": token_of(self.cue), "start": self.cue.start_seconds})


class PlacementForm(forms.Form):
    """Where a correction that no longer fits belongs now, and what it says there."""

    cue = forms.ChoiceField(label=gettext_lazy("Instead of"), widget=forms.RadioSelect)
    speaker = forms.CharField(
        label=gettext_lazy("Speaker"),
        required=False,
        max_length=SPEAKER_MAX,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Corrected text"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    reason = reason_field()

    def __init__(self, history, cues, data=None):
        self.history = history
        likely = _likely(history, cues)
        choices = [
            (f"{cue.pk}-{token_of(cue)}", f"{format_label(int(cue.start_seconds))} {cue.text}") for cue in likely
        ]
        speaker = history.speaker if history.speaker != history.original[0] else likely[0].speaker if likely else ""
        initial = {"cue": choices[0][0] if choices else "", "speaker": speaker, "text": history.text}
        super().__init__(data, initial=initial, label_suffix="", auto_id=f"id_correction_{history.latest.pk}_%s")
        self.fields["cue"].choices = choices
        self.address = reverse("admin:articles_episode_correction", args=[history.latest.episode_id, history.latest.pk])


def _likely(history, cues):
    """Return the cues that a correction may belong to, the likeliest first: they say something similar, nearby."""
    said, at = history.original[1], history.start_seconds
    ratios = process.cdist([said], [cue.text for cue in cues], scorer=fuzz.ratio)[0] if cues else ()
    scored = [
        (ratio - min(abs(cue.start_seconds - at) / PENALTY_SECONDS, PENALTY_MOST), -index)
        for index, (cue, ratio) in enumerate(zip(cues, ratios, strict=True))
    ]
    return [cues[-index] for _, index in heapq.nlargest(CANDIDATES, scored)]
