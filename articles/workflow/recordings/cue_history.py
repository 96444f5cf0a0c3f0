"""What was corrected in an episode's transcript: each cue's history, and the corrections that no longer fit a cue."""

from dataclasses import dataclass

from articles.core.language.messages import lazy_message
from articles.core.language.shorten import shorten
from articles.core.recordings import state
from articles.core.recordings.transcripts import TranscriptProblem
from articles.core.recordings.transcripts.corrections import Correction, carry
from articles.core.timestamps import format_label
from articles.models import Cue, RecordingChange
from articles.workflow.history.audit_log import TOMBSTONE


@dataclass(frozen=True)
class CueHistory:
    """The corrections of one cue, oldest first, as applied `RecordingChange`s; the last one says what stands."""

    changes: tuple[RecordingChange, ...]

    @property
    def latest(self):
        return self.changes[-1]

    @property
    def start_seconds(self):
        return self.latest.after["cue"]["start"]

    @property
    def speaker(self):
        return self.latest.after["cue"]["speaker"]

    @property
    def text(self):
        return self.latest.after["cue"]["text"]

    @property
    def original(self):
        """(speaker, text) as the file has them."""
        return tuple(self.latest.before["cue"]["original"])

    @property
    def is_corrected(self):
        """Whether the cue says something else than its file; not if every correction was undone."""
        return (self.speaker, self.text) != self.original

    @property
    def is_erased(self):
        """Whether what it says was erased for legal reasons, so that it must not come back."""
        return self.text == TOMBSTONE

    def as_correction(self):
        speaker, text = self.original
        corrected = {change.after["cue"]["text"] for change in self.changes}
        originals = {change.before["cue"]["original"][1] for change in self.changes}
        return Correction(
            number=self.latest.pk,
            start_seconds=self.start_seconds,
            speaker=None if self.speaker == speaker else self.speaker,
            text=self.text,
            texts=frozenset({text, *corrected, *originals}),
        )

    def as_problem(self):
        """Return it as a problem with a file in which no cue fits it."""
        values = {"name": self.latest.proposed_by_name, "moment": format_label(int(self.start_seconds))}
        reason = lazy_message(
            "%(name)s corrected the transcript at %(moment)s, and this correction fits no cue of the file. It was kept: "
            "apply or discard it on the transcript’s page.",
            **values,
        )
        return TranscriptProblem(0, 0, shorten(self.text, 80), reason)


def histories_of(episode):
    """Return {number of the latest change: `CueHistory`} of everything that was corrected and not discarded."""
    if episode.pk is None:
        return {}
    changes = RecordingChange.objects.applied().filter(episode=episode, after__has_key="cue").defer("cues")
    found = {}
    for change in changes.order_by("pk"):  # a change only continues those before it
        before = [one for pk in change.before["cue"]["previous"] if pk in found for one in found.pop(pk).changes]
        if change.after["cue"] is not None:
            found[change.pk] = CueHistory((*before, change))
    return found


def unplaced(episode, histories=None):
    """Return the `CueHistory`s of corrections that no cue of the current transcript has, in order of time.

    Nothing else keeps track of them, so that none can be lost, whoever replaced the cues.
    """
    histories = histories_of(episode) if histories is None else histories
    if not histories:
        return []
    placed = set(Cue.objects.filter(episode=episode, correction__isnull=False).values_list("correction", flat=True))
    missing = [
        history
        for pk, history in histories.items()
        if pk not in placed and history.is_corrected and not history.is_erased
    ]
    return sorted(missing, key=lambda history: (history.start_seconds, history.latest.pk))


def import_preview(episode, cues):
    """Return whether importing a file with these `cues` would change nothing, and the corrections that fit none of
    them, as problems.
    """
    result, lost = carried(episode, cues)
    rows = (list(vars(cue).values()) for cue in result.cues)
    is_unchanged = state.cues_digest(rows) == episode.transcript_digest
    return is_unchanged, tuple(history.as_problem() for history in lost)


def carried(episode, cues):
    """Return the `Carried` of a file's `cues` for the episode, and the `CueHistory`s that fit none of them."""
    histories = {pk: history for pk, history in histories_of(episode).items() if not history.is_erased}
    result = carry(cues, [history.as_correction() for history in histories.values()])
    lost = [histories[number] for number in result.unplaced if histories[number].is_corrected]
    return result, sorted(lost, key=lambda history: (history.start_seconds, history.latest.pk))
