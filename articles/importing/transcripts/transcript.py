"""Reads a received transcript as its episode would keep it, and says what looks wrong in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from articles import workflow
from articles.core.language.messages import lazy_message, lazy_plural
from articles.core.recordings.transcripts import Cue, Reading, TranscriptError, TranscriptProblem, read
from articles.core.timestamps import format_label
from articles.models import Episode, Transcript

SPEAKER_LIMIT = 200
CUE_LIMIT = 100_000  # ten hours of captions have some 15,000
OVERTIME = 60  # seconds after the episode's end at which a cue may still start: lengths are rounded


@dataclass(frozen=True)
class ImportedTranscript:
    """What an import did: the row, what was mended or left out, how many checks were made and pages stored again."""

    transcript: Transcript
    problems: tuple[TranscriptProblem, ...]
    cue_count: int
    rechecked: int
    page_count: int
    is_unchanged: bool


def import_transcript(
    episode: Episode, data: bytes, file_name: str = "", *, by: Any = None, language: str = ""
) -> ImportedTranscript:
    """Put the transcript in `data` in the place of the one that `episode` has, and check all its citations anew.

    The same cues again change nothing. Raises `transcripts.TranscriptError`, in words, if there is no transcript in
    `data`; then nothing has changed.
    """
    reading, problems = read_for(episode, data, file_name)
    about = {"language": language[:20], "file_name": _recorded(file_name)}
    done = workflow.replace_transcript(episode, reading, problems, by=by, **about)
    counts = (len(reading.cues), done.check_count, done.page_count)
    return ImportedTranscript(done.transcript, problems, *counts, done.is_unchanged)


def read_for(episode: Episode, data: bytes, file_name: str = "") -> tuple[Reading, tuple[TranscriptProblem, ...]]:
    """Read a transcript as `episode` would keep it, and all that is to be said of it; nothing is written.

    Raises `transcripts.TranscriptError` as `import_transcript` does.
    """
    limit = settings.TRANSCRIPT_MAX_BYTES
    if len(data) > limit:
        raise TranscriptError(
            lazy_message(
                "the file is larger than %(most)s MB: no transcript is. Check it.", most=f"{limit / 1024 / 1024:.3g}"
            )
        )
    reading = read(data, file_name)
    if not reading.cues:
        raise TranscriptError(
            lazy_message("there is no cue in it: nothing was changed. Check that it is the whole file.")
        )
    if len(reading.cues) > CUE_LIMIT:
        raise TranscriptError(
            lazy_message(
                "there are %(count)s cues in it, more than any talk has: nothing was changed.", count=len(reading.cues)
            )
        )
    cues = tuple(replace(cue, speaker=_cut(cue.speaker)) for cue in reading.cues)
    problems = [*reading.problems, *_cut_speakers(reading.cues), *_overtime(episode, cues)]
    return replace(reading, cues=cues), tuple(problems)


def _recorded(file_name: str) -> str:
    """The file's own name, without folders and with bytes that are no UTF-8 made visible; its end if it is long."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    return name.encode("utf-8", "backslashreplace").decode()[-300:]


def _cut(speaker: str) -> str:
    return speaker if len(speaker) <= SPEAKER_LIMIT else f"{speaker[: SPEAKER_LIMIT - 1]}…"


def _cut_speakers(cues: Sequence[Cue]) -> list[TranscriptProblem]:
    cut = [(number, cue) for number, cue in enumerate(cues, 1) if len(cue.speaker) > SPEAKER_LIMIT]
    if not cut:
        return []
    number, cue = cut[0]
    reason = lazy_plural(
        "%(count)s speaker’s name is longer than %(most)s characters: cut. Is it a name?",
        "%(count)s speakers’ names, this one first, are longer than %(most)s characters: cut. Is it a name?",
        len(cut),
        most=SPEAKER_LIMIT,
    )
    return [TranscriptProblem(0, number, f"{cue.speaker[:79]}…", reason)]


def _overtime(episode: Episode, cues: Sequence[Cue]) -> list[TranscriptProblem]:
    """Cues after the end: it may be another episode's transcript, or that of another edition."""
    length = episode.duration_seconds
    if not length:
        return []
    late = [(number, cue) for number, cue in enumerate(cues, 1) if cue.start_seconds > length + OVERTIME]
    if not late:
        return []
    number, cue = late[0]
    reason = lazy_plural(
        "%(count)s cue starts after the episode’s end at %(end)s: kept. "
        "Is it the transcript of this episode, and is its length right?",
        "%(count)s cues, this one first, start after the episode’s end at %(end)s: kept. "
        "Is it the transcript of this episode, and is its length right?",
        len(late),
        end=format_label(length),
    )
    text = f"{format_label(int(cue.start_seconds))} {cue.text}"
    return [TranscriptProblem(0, number, text if len(text) <= 80 else f"{text[:79]}…", reason)]
