"""Imports transcript files one after the other; a failure in one doesn't stop the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.text import capfirst

from articles.core.parsing.numbers import counted
from articles.core.recordings.transcripts import DoubtfulTranscriptError, TranscriptError, TranscriptProblem
from articles.importing.files import read_limited, refused_suffix, shown_path
from articles.importing.outcomes import counts, failure_reason
from articles.importing.reports import ProblemReport
from articles.models import Citation, Episode, Transcript
from articles.workflow import WorkflowError
from articles.workflow.recordings import rechecking

from .episode_lookup import SUFFIXES, NoEpisodeError, episode_of
from .transcript import import_transcript, preview_import


class TranscriptOutcome(models.TextChoices):
    IMPORTED = "imported"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True)
class TranscriptResult:
    """The result of one file: its episode's handle/slug, the numbers of cues and checks, and the problems found."""

    path: Path
    outcome: TranscriptOutcome
    problems: Sequence[TranscriptProblem] = ()
    reference: str = ""
    cue_count: int = 0
    rechecked: int = 0
    page_count: int = 0


class TranscriptReport(ProblemReport):
    """Reports problems by line and cue; files that failed come first."""

    columns = ("file", "line", "cue", "text", "reason", "outcome")

    def row(self, result: TranscriptResult, problem: TranscriptProblem) -> tuple[list[object], bool]:
        place = [problem.line or "", problem.cue or ""]
        cells = [shown_path(result.path), *place, problem.text, problem.reason, str(result.outcome)]
        return cells, result.outcome == TranscriptOutcome.FAILED

    def shown(self, row: Sequence[Any]) -> tuple[str, str, str, str]:
        path, line, cue, text, reason, _ = row
        return f"{path}:{line}".rstrip(":"), f"cue {cue}" if cue else "", text, reason


@dataclass
class TranscriptDelivery:
    """One run of the import: who imports, and which episode got its transcript from which file (`seen`)."""

    by: Any = None
    language: str = ""
    dry_run: bool = False
    is_confirmed: bool = False  # import also what looks wrong as a whole
    seen: dict[int, str] = field(default_factory=dict)
    outcomes: Counter[TranscriptOutcome] = field(default_factory=Counter)
    cues: int = 0
    rechecked: int = 0
    pages: int = 0
    problems: int = 0

    def import_file(self, path: Path, episode: Episode | None = None, refused: str = "") -> TranscriptResult:
        """Import one file for `episode`, or for the episode that its name identifies. Failures are in the result.

        `refused` is the reason why the file must not be opened, if any.
        """
        result = self._import_or_fail(path, episode, refused)
        self.outcomes[result.outcome] += 1
        self.cues += result.cue_count
        self.rechecked += result.rechecked
        self.pages += result.page_count
        self.problems += len(result.problems)
        return result

    def summary(self, seconds: float) -> list[str]:
        """Return the counts as lines of text."""
        checks = f"{counted(self.rechecked, 'citation')} {'to check' if self.dry_run else 'checked'}"
        return [
            f"{counted(self.outcomes.total(), 'file')} in {seconds:.1f} s: {counts(self.outcomes, TranscriptOutcome)}.",
            f"{counted(self.cues, 'cue')}; {checks}; {counted(self.pages, 'published page')} rebuilt.",
            f"{counted(self.problems, 'problem')}." if self.problems else "No problems.",
        ]

    def _import_or_fail(self, path: Path, episode: Episode | None, refused: str) -> TranscriptResult:
        if refused:
            return _failed(path, capfirst(refused))
        try:
            if episode is None:
                if path.suffix.lower() not in SUFFIXES:
                    raise TranscriptError(refused_suffix(path, SUFFIXES))
                episode = episode_of(path)
            if first := self.seen.get(episode.pk):
                raise TranscriptError(f"{first} is for the same episode, {episode.reference}. Remove one of them.")
            result = self._import(path, episode, read_limited(path, settings.TRANSCRIPT_MAX_BYTES))
            self.seen[episode.pk] = shown_path(path)
            return result
        except DoubtfulTranscriptError as error:
            return _failed(path, f"{capfirst(str(error))} If it’s right nevertheless, use --confirm.", episode)
        except (TranscriptError, NoEpisodeError, WorkflowError) as error:
            return _failed(path, capfirst(str(error)), episode)
        except Exception as error:  # a bug that affects one file must not stop the others
            reason = failure_reason(error)
            if episode and rechecking.notes(episode=episode):
                reason += " The transcript is stored, but not all that cites it is checked. Import the file again."
            return _failed(path, reason, episode)

    def _import(self, path: Path, episode: Episode, data: bytes) -> TranscriptResult:
        current = Transcript.objects.current().filter(episode=episode).first()
        page_count = 0
        if self.dry_run:
            reading, problems, is_unchanged = preview_import(
                episode, data, path.name, language=self.language, is_confirmed=self.is_confirmed
            )
            cue_count = len(reading.cues)
            check_count = 0 if is_unchanged else Citation.objects.filter(episode=episode).count()
        else:
            imported = import_transcript(
                episode,
                data,
                path.name,
                by=self.by,
                language=self.language,
                is_confirmed=self.is_confirmed,
                at_once=True,
            )
            problems, cue_count, is_unchanged = imported.problems, imported.transcript.cue_count, imported.is_unchanged
            check_count, page_count = imported.check_count, imported.page_count
        outcome = TranscriptOutcome.REPLACED if current else TranscriptOutcome.IMPORTED
        outcome = TranscriptOutcome.UNCHANGED if is_unchanged else outcome
        return TranscriptResult(path, outcome, problems, episode.reference, cue_count, check_count, page_count)


def _failed(path: Path, reason: str, episode: Episode | None = None) -> TranscriptResult:
    problems = [TranscriptProblem(0, 0, "", reason)]
    return TranscriptResult(path, TranscriptOutcome.FAILED, problems, episode.reference if episode else "")
