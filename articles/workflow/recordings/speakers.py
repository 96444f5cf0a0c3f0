"""Names in transcripts: those of the speakers, and of the file."""

from django.db import transaction

from articles.core.recordings.transcripts import Cue as ReadCue
from articles.derived import search
from articles.models import Cue, Transcript
from articles.workflow.content.recordings import part_label
from articles.workflow.history import rows

from . import records
from .rechecking import start_if_long
from .steps import Change, locked
from .stored_cues import CUE, digest_of, set_digest
from .transcripts import DESCRIBED, recheck


def rename_speakers(episode, renamed, *, by):
    """Rename the speakers of the episode's cues at once; `renamed` is {name: new name}. Returns how many cues changed.

    The record of the change has no names, neither old nor new.
    """
    with transaction.atomic(), locked([episode]):
        made = _Renaming(episode, renamed)
        for name, new in renamed.items():
            Cue.objects.filter(episode=episode, speaker=name).update(speaker=new)
        digest = made.after["transcript"]
        current = Transcript.objects.current().filter(episode=episode)
        with rows.recorded(Transcript, current.values_list("pk", flat=True)):
            current.update(digest=digest)
        set_digest(episode, digest)
        records.applied(made, [episode], by, "", is_visible=True, is_command=True, proposal=None)
        search.index_transcript(episode)
        task = start_if_long(episode, by=by)
    if task is None:
        recheck(episode)
    return made.cue_count


def rename_file(transcript, name):
    """Store another name of the file from which a transcript was imported, replaced transcripts included."""
    with rows.recorded(Transcript, [transcript.pk]):
        Transcript.objects.filter(pk=transcript.pk).update(file_name=name)


class _Renaming(Change):
    """A change of the speakers' names alone."""

    def __init__(self, episode, renamed):
        super().__init__(episode)
        self.begin()
        stored = Cue.objects.filter(episode=episode).order_by("start_seconds", "pk").values_list(*CUE)
        cues = [ReadCue(start, end, renamed.get(speaker, speaker), text) for start, end, speaker, text in stored]
        self.cue_count = sum(speaker in renamed for _, _, speaker, _ in stored)
        self.after = self.before | {"transcript": digest_of(cues)}
        self.names = [part_label("transcript")]
        current = Transcript.objects.current().get(episode=episode)
        figures = {"cue_count": len(cues), "line_count": self.cue_count, "lines": []}
        self._described = {name: getattr(current, name) for name in DESCRIBED} | figures

    def values(self):
        return tuple(
            {"transcript": self._described | {"digest": values["transcript"]}} for values in (self.before, self.after)
        )
