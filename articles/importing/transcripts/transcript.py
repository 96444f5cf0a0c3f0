"""Brings a transcript to its episode: the cues as a whole, the record of it, and every check that rests on them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from articles.core.language.messages import lazy_message, lazy_plural
from articles.core.recordings.transcripts import Cue as ReadCue
from articles.core.recordings.transcripts import Reading, TranscriptError, TranscriptProblem, read
from articles.core.timestamps import format_label
from articles.derived import search
from articles.derived.checks import run
from articles.derived.checks.run import forget_checks
from articles.derived.pages import article
from articles.models import Cue, Episode, Transcript
from articles.workflow import name_of, note_changed_recording

SPEAKER_LIMIT = 200
CUE_LIMIT = 100_000  # ten hours of captions have some 15,000
BATCH = 500
OVERTIME = 60  # seconds after the episode's end at which a cue may still start: lengths are rounded
BY_COMMAND = "manage.py"  # who did it where no account did


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
    `data`; then nothing has changed. The checks follow in transactions of their own: where they are interrupted,
    `check_citations` finds what is left.
    """
    reading, problems = read_for(episode, data, file_name)
    digest = digest_of(reading.cues)
    name = by_name(by)
    with transaction.atomic():
        Episode.objects.select_for_update(no_key=True).get(pk=episode.pk)
        current = Transcript.objects.current().filter(episode=episode).first()
        is_unchanged = current is not None and current.digest == digest
        if current is None or not is_unchanged:
            now = timezone.now()
            Transcript.objects.current().filter(episode=episode).update(replaced_at=now)
            _replace_cues(episode, reading.cues)
            current = Transcript.objects.create(
                episode=episode,
                digest=digest,
                format=reading.format,
                language=language[:20],
                file_name=_recorded(file_name),
                cue_count=len(reading.cues),
                problem_count=len(problems),
                problems=[[one.line, one.cue, one.text, one.reason] for one in problems],
                imported_at=now,
                imported_by=by,
                imported_by_name=name,
            )
        _set_digest(episode, digest)
    rechecked, page_count = _follow(episode, by, "" if is_unchanged else "transcript")
    return ImportedTranscript(current, problems, len(reading.cues), rechecked, page_count, is_unchanged)


def remove_transcript(episode: Episode, *, by: Any = None) -> bool:
    """Take the episode's transcript away: its citations are not checked from now on. False where it has none.

    That it was there stays on record, with digest and dates.
    """
    with transaction.atomic():
        Episode.objects.select_for_update(no_key=True).get(pk=episode.pk)
        removed = Transcript.objects.current().filter(episode=episode).update(replaced_at=timezone.now())
        _replace_cues(episode, ())
        _set_digest(episode, "")
    _follow(episode, by, "transcript removed" if removed else "")
    return bool(removed)


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


def digest_of(cues: Sequence[ReadCue]) -> str:
    """SHA-256 over the cues, one JSON list a line: 64 hexadecimal digits."""
    hashed = hashlib.sha256()
    for cue in cues:
        row = [cue.start_seconds, cue.end_seconds, cue.speaker, cue.text]
        hashed.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return hashed.hexdigest()


def by_name(by: Any) -> str:
    """Who did it, as it is recorded."""
    return name_of(by) if by is not None else BY_COMMAND


def _replace_cues(episode: Episode, cues: Sequence[ReadCue]) -> None:
    Cue.objects.filter(episode=episode).delete()
    Cue.objects.bulk_create(
        (
            Cue(
                episode=episode,
                start_seconds=cue.start_seconds,
                end_seconds=cue.end_seconds,
                speaker=cue.speaker,
                text=cue.text,
            )
            for cue in cues
        ),
        batch_size=BATCH,
    )
    search.index_transcript(episode)


def _set_digest(episode: Episode, digest: str) -> None:
    Episode.objects.filter(pk=episode.pk).exclude(transcript_digest=digest).update(transcript_digest=digest)
    episode.transcript_digest = digest


def _follow(episode: Episode, by: Any, what: str) -> tuple[int, int]:
    """Let checks, pages and, where `what` has changed, the articles' logs follow: (checks made, pages stored)."""
    rechecked = run.recheck(episode)
    forget_checks(episode)
    page_count = article.render_citing(episode) if what or rechecked else 0
    if what:
        note_changed_recording(episode, by=by, what=what, by_name=by_name(by))
    return rechecked, page_count


def _recorded(file_name: str) -> str:
    """The file's own name, without folders and with bytes that are no UTF-8 made visible; its end if it is long."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    return name.encode("utf-8", "backslashreplace").decode()[-300:]


def _cut(speaker: str) -> str:
    return speaker if len(speaker) <= SPEAKER_LIMIT else f"{speaker[: SPEAKER_LIMIT - 1]}…"


def _cut_speakers(cues: Sequence[ReadCue]) -> list[TranscriptProblem]:
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


def _overtime(episode: Episode, cues: Sequence[ReadCue]) -> list[TranscriptProblem]:
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
