"""Changes to an episode's transcript: its cues, its record, and the checks that depend on it."""

import hashlib
import json
from dataclasses import dataclass

from django.utils import timezone

from articles.core.recordings.transcripts import TranscriptProblem
from articles.derived import republish_citing, search
from articles.derived.checks import run
from articles.models import Cue, Episode, Transcript

from .steps import actor_name, locked, log

BATCH = 500  # cues per INSERT statement


@dataclass(frozen=True)
class ReplacedTranscript:
    """The episode's current transcript, the problems found in it, and how many checks were made and pages stored."""

    transcript: Transcript
    problems: tuple[TranscriptProblem, ...]
    check_count: int
    page_count: int
    is_unchanged: bool


def replace_transcript(episode, reading, problems=(), *, by=None, language="", file_name="", is_language_given=False):
    """Replace the episode's transcript with `reading`, a `Reading`; returns a `ReplacedTranscript`.

    `problems` are stored with the transcript. Identical cues change nothing, but a `language` that somebody gave is
    stored. Citations are checked in separate transactions so that nobody has to wait; if that is interrupted, run
    `manage.py check_citations`.
    """
    digest = digest_of(reading.cues)
    with locked([episode]):
        current = Transcript.objects.current().filter(episode=episode).first()
        is_unchanged = current is not None and current.digest == digest
        if not is_unchanged:
            now = timezone.now()
            _replace_cues(episode, reading.cues, now)
            current = Transcript.objects.create(
                episode=episode,
                digest=digest,
                format=reading.format,
                language=language,
                file_name=file_name,
                cue_count=len(reading.cues),
                problem_count=len(problems),
                problems=[[problem.line, problem.cue, problem.text, problem.reason] for problem in problems],
                imported_at=now,
                imported_by=by,
                imported_by_name=actor_name(by),
            )
        elif is_language_given and current.language != language:
            current.language = language
            current.save(update_fields=["language"])
        _set_digest(episode, digest)
    check_count, page_count = _recheck(episode, "" if is_unchanged else "transcript", by)
    return ReplacedTranscript(current, tuple(problems), check_count, page_count, is_unchanged)


def remove_transcript(episode, *, by=None):
    """Remove the episode's transcript and the checks based on it; returns whether there was one.

    The transcript's record stays, with its digest and dates.
    """
    with locked([episode]):
        removed = _replace_cues(episode, (), timezone.now())
        _set_digest(episode, "")
    _recheck(episode, "transcript removed" if removed else "", by)
    return bool(removed)


def digest_of(cues):
    """Return the SHA-256 (64 hex digits) over the cues, one JSON list per line."""
    hashed = hashlib.sha256()
    for cue in cues:
        row = [cue.start_seconds, cue.end_seconds, cue.speaker, cue.text]
        hashed.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return hashed.hexdigest()


def _replace_cues(episode, cues, now):
    """Replace the episode's cues and retire its current transcript; returns how many there were, 0 or 1."""
    retired = Transcript.objects.current().filter(episode=episode).update(replaced_at=now)
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
    return retired


def _set_digest(episode, digest):
    Episode.objects.filter(pk=episode.pk).exclude(transcript_digest=digest).update(transcript_digest=digest)
    episode.transcript_digest = digest


def _recheck(episode, changed, by):
    """Recheck the episode's citations; returns (checks made, pages stored).

    `changed` is what the logs say about the transcript, "" if it is unchanged.
    """
    check_count = run.recheck(episode)
    run.forget_checks(episode)
    page_count = republish_citing(episode) if changed or check_count else 0
    if changed:
        with locked([episode]):
            log(episode, [episode], changed, by)
    return check_count, page_count
