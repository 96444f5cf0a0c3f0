"""Imports a transcript for an episode and reports the problems found in it."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from articles import workflow
from articles.core.language.messages import lazy_message, lazy_plural
from articles.core.language.shorten import shorten
from articles.core.markdown import AFTER_TRANSCRIPT
from articles.core.recordings.transcripts import (
    Cue,
    DoubtfulTranscriptError,
    Reading,
    TranscriptError,
    TranscriptProblem,
    doubts_about_episode,
    leaves_more_silent,
    read,
    silence_problems,
)
from articles.core.timestamps import format_label
from articles.derived.recordings import dependents
from articles.models import Citation, Episode, Transcript
from articles.models import Cue as StoredCue
from articles.workflow.recordings import ReplacedTranscript
from articles.workflow.recordings.cue_history import import_preview

SPEAKER_LIMIT = 200
CUE_LIMIT = 100_000  # ten hours of captions have about 15,000
TEXT_LIMIT = 3_000_000  # characters; ten hours of speech have about 600,000
OVERTIME = 60  # seconds after the end of the episode within which a cue may start, because lengths are rounded


def import_transcript(
    episode: Episode,
    data: bytes,
    file_name: str = "",
    *,
    by: Any = None,
    language: str = "",
    is_confirmed: bool = False,
    reason: str = "",
    at_once: bool = False,
    loaded_as: str | None = None,
) -> ReplacedTranscript:
    """Replace the transcript of `episode` with the one in `data` and recheck all its citations.

    The change may have to wait for a decision (`ReplacedTranscript.is_waiting`), but not that of a command (`at_once`).
    `loaded_as` is the digest of the transcript to replace, as in `workflow.replace_transcript`.

    Identical cues change nothing but the `language`, if one is given. Raises `transcripts.TranscriptError`, without
    changing anything, if `data` isn't a transcript, and its subclass `DoubtfulTranscriptError` if as a whole it looks
    wrong and nobody has confirmed it.
    """
    reading, problems = _read_for(episode, data, file_name, language=language, is_confirmed=is_confirmed)
    metadata = {
        "language": (language or reading.language)[:20],
        "is_language_given": bool(language),
        "file_name": _base_name(file_name),
    }
    return workflow.replace_transcript(
        episode, reading, problems, by=by, reason=reason, at_once=at_once, loaded_as=loaded_as, **metadata
    )


def preview_import(
    episode: Episode, data: bytes, file_name: str = "", *, language: str = "", is_confirmed: bool = False
) -> tuple[Reading, tuple[TranscriptProblem, ...], bool]:
    """Return what `import_transcript` would read, with all problems, and whether it would change nothing.

    Raises the same errors, and writes nothing.
    """
    reading, problems = _read_for(episode, data, file_name, language=language, is_confirmed=is_confirmed)
    is_unchanged, unfit = import_preview(episode, reading.cues)
    return reading, (*problems, *unfit), is_unchanged


def _read_for(
    episode: Episode, data: bytes, file_name: str = "", *, language: str = "", is_confirmed: bool = False
) -> tuple[Reading, tuple[TranscriptProblem, ...]]:
    """Read a transcript as it would be saved for `episode`, with its problems, without writing anything.

    Raises errors like `import_transcript`.
    """
    reading = read(data, file_name, settings.TRANSCRIPT_MAX_BYTES)
    if not reading.cues:
        raise TranscriptError(lazy_message("the file has no cues, so nothing was changed. Check that it is complete."))
    if len(reading.cues) > CUE_LIMIT:
        raise TranscriptError(
            lazy_message(
                "the file has %(count)s cues, too many for a transcript, so nothing was changed.",
                count=len(reading.cues),
            )
        )
    length = sum(len(cue.text) for cue in reading.cues)
    if length > TEXT_LIMIT:
        raise TranscriptError(
            lazy_message(
                "the file has %(length)s characters of speech, more than the %(most)s of a day, so nothing was changed. "
                "Check that it’s the transcript of one recording.",
                length=f"{length:,}",
                most=f"{TEXT_LIMIT:,}",
            )
        )
    uncut = reading.cues
    cues = tuple(replace(cue, speaker=shorten(cue.speaker, SPEAKER_LIMIT)) for cue in uncut)
    expected = language or _usual_language(episode) or reading.language
    doubts, reported = doubts_about_episode(cues, episode.duration_seconds, expected), []
    past_end = _citations_past_end(episode, cues)
    silent = silence_problems(cues, episode.duration_seconds)
    current = _current_cues(episode)
    # What the current transcript reaches isn't given up without asking.
    (doubts if current else reported).extend(past_end)
    (doubts if leaves_more_silent(cues, current, episode.duration_seconds) else reported).extend(silent)
    reading = replace(reading, cues=cues, doubts=(*reading.doubts, *doubts))
    if reading.doubts and not is_confirmed and not import_preview(episode, cues)[0]:
        raise DoubtfulTranscriptError(reading.doubts)
    problems = [*doubts, *reported, *reading.problems, *_cut_speakers(uncut), *_overtime(episode, cues)]
    return reading, tuple(problems)


def _current_cues(episode: Episode) -> list[Cue]:
    columns = ("start_seconds", "end_seconds", "speaker", "text")
    return [Cue(*row) for row in StoredCue.objects.filter(episode=episode).values_list(*columns)]


def _citations_past_end(episode: Episode, cues: Sequence[Cue]) -> list[TranscriptProblem]:
    """Report citations that readers see or reviewers read, and that will cite nothing because the transcript ends before.

    That is so if the episode's length isn't known, because then the transcript's end is used in its place.
    """
    if episode.duration_seconds:
        return []
    end = math.ceil(max(cue.end_seconds for cue in cues))
    latest = end + AFTER_TRANSCRIPT
    is_past = Q(start_seconds__gt=latest) | Q(end_seconds__gt=latest)
    relying = dependents.revisions_relying_on([episode])
    count = Citation.objects.filter(is_past, episode=episode, revision__in=relying.values("pk")).count()
    if not count:
        return []
    reason = lazy_plural(
        "%(count)s citation in a text that is in review, approved or published is past the end of this transcript "
        "(%(end)s), so it will no longer be a link to the recording. Is the transcript complete? If the recording goes "
        "on, enter the episode’s length.",
        "%(count)s citations in texts that are in review, approved or published are past the end of this transcript "
        "(%(end)s), so they will no longer be links to the recording. Is the transcript complete? If the recording goes "
        "on, enter the episode’s length.",
        count,
        end=format_label(end),
    )
    return [TranscriptProblem(0, len(cues), shorten(cues[-1].text, 80), reason)]


def _usual_language(episode: Episode) -> str:
    """Return the language of most transcripts of the show, "" if none is known."""
    others = Transcript.objects.current().filter(episode__show=episode.show_id).exclude(episode=episode)
    counted = others.exclude(language="").values_list("language").annotate(count=Count("pk")).order_by("-count")
    language, _ = counted.first() or ("", 0)
    return language


def _base_name(file_name: str) -> str:
    """Return the last 300 characters of the file name without folders, with bytes that aren't UTF-8 escaped."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    return name.encode("utf-8", "backslashreplace").decode()[-300:]


def _cut_speakers(cues: Sequence[Cue]) -> list[TranscriptProblem]:
    cut = [(number, cue) for number, cue in enumerate(cues, 1) if len(cue.speaker) > SPEAKER_LIMIT]
    if not cut:
        return []
    number, cue = cut[0]
    reason = lazy_plural(
        "%(count)s speaker name is longer than %(most)s characters and was shortened. Check that it’s a name.",
        "%(count)s speaker names, starting with this one, are longer than %(most)s characters and were shortened. "
        "Check that they’re names.",
        len(cut),
        most=SPEAKER_LIMIT,
    )
    return [TranscriptProblem(0, number, shorten(cue.speaker, 80), reason)]


def _overtime(episode: Episode, cues: Sequence[Cue]) -> list[TranscriptProblem]:
    """Report cues after the end, which suggest the transcript of another episode or edition."""
    length = episode.duration_seconds
    if not length:
        return []
    late = [(number, cue) for number, cue in enumerate(cues, 1) if cue.start_seconds > length + OVERTIME]
    if not late:
        return []
    number, cue = late[0]
    reason = lazy_plural(
        "%(count)s cue starts after the end of the episode (%(end)s); it was kept. "
        "Check that the transcript belongs to this episode and that the episode’s length is right.",
        "%(count)s cues, starting with this one, start after the end of the episode (%(end)s); they were kept. "
        "Check that the transcript belongs to this episode and that the episode’s length is right.",
        len(late),
        end=format_label(length),
    )
    text = f"{format_label(int(cue.start_seconds))} {cue.text}"
    return [TranscriptProblem(0, number, shorten(text, 80), reason)]
