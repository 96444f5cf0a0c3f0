"""Goes through transcript files, one after the other: what went wrong in one of them stops no other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, models

from articles.core.recordings.transcripts import TranscriptError, TranscriptProblem
from articles.importing.files import shown_path
from articles.importing.reports import ProblemReport
from articles.models import Citation, Episode, Transcript
from articles.workflow import WorkflowError
from articles.workflow.recordings import digest_of

from .episode_lookup import SUFFIXES, NoEpisodeError, episode_of
from .transcript import import_transcript, read_for


class TranscriptOutcome(models.TextChoices):
    IMPORTED = "imported"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True)
class TranscriptResult:
    """What became of one file: its episode's handle/slug, how many cues and checks, and what looked wrong."""

    path: Path
    outcome: TranscriptOutcome
    problems: Sequence[TranscriptProblem] = ()
    reference: str = ""
    cue_count: int = 0
    rechecked: int = 0
    page_count: int = 0


class TranscriptReport(ProblemReport):
    """As of received articles, with the cue for the column; a file that gave nothing stands before all others."""

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
    """One run of the import: who does it, and which episodes have been given a transcript by which file."""

    by: Any = None
    language: str = ""
    dry_run: bool = False
    met: dict[int, str] = field(default_factory=dict)
    outcomes: Counter[TranscriptOutcome] = field(default_factory=Counter)
    cues: int = 0
    rechecked: int = 0
    pages: int = 0
    problems: int = 0

    def import_file(self, path: Path, episode: Episode | None = None, refused: str = "") -> TranscriptResult:
        """Import one file, for `episode` or the one that its name says; `refused` says why it is not to be opened.

        Whatever goes wrong is in the result.
        """
        result = self._result(path, episode, refused)
        self.outcomes[result.outcome] += 1
        self.cues += result.cue_count
        self.rechecked += result.rechecked
        self.pages += result.page_count
        self.problems += len(result.problems)
        return result

    def summary(self, seconds: float) -> list[str]:
        """The counts as lines."""
        counts = ((outcome, self.outcomes[outcome]) for outcome in TranscriptOutcome)
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts if count)
        checks = f"{self.rechecked} checks {'to be made' if self.dry_run else 'made'}"
        return [
            f"{self.outcomes.total()} files in {seconds:.1f} s: {told or 'none'}.",
            f"{self.cues} cues; {checks}; {self.pages} published pages stored anew.",
            f"{self.problems} problems." if self.problems else "No problems.",
        ]

    def _result(self, path: Path, episode: Episode | None, refused: str) -> TranscriptResult:
        if refused:
            return _failed(path, refused)
        try:
            if any("\udc80" <= character <= "\udcff" for character in path.name):
                raise TranscriptError("The file’s name is not UTF-8: rename it.")
            if episode is None:
                if path.suffix.lower() not in SUFFIXES:
                    raise TranscriptError(
                        f"“{path.suffix}” is none of {', '.join(sorted(SUFFIXES))}: nothing was read."
                    )
                episode = episode_of(path)
            if first := self.met.get(episode.pk):
                raise TranscriptError(f"{first} was for the same episode, {episode.reference}: one has to go.")
            result = self._imported(path, episode, _bytes(path))
            self.met[episode.pk] = shown_path(path)
            return result
        except (TranscriptError, NoEpisodeError, WorkflowError) as error:
            return _failed(path, _sentence(str(error)), episode)
        except OSError as error:
            return _failed(path, f"The file cannot be opened: {error.strerror or error}.", episode)
        except DatabaseError as error:
            return _failed(path, f"The database did not take it: {error}", episode)
        except Exception as error:  # a fault of ours in one file must not stop the others
            return _failed(path, f"This program failed on it, please report it: {error!r}", episode)

    def _imported(self, path: Path, episode: Episode, data: bytes) -> TranscriptResult:
        had = Transcript.objects.current().filter(episode=episode).first()
        if self.dry_run:
            reading, problems = read_for(episode, data, path.name)
            is_unchanged = had is not None and had.digest == digest_of(reading.cues)
            due = 0 if is_unchanged else Citation.objects.filter(episode=episode).count()
            return TranscriptResult(
                path, _outcome(had, is_unchanged), problems, episode.reference, len(reading.cues), due
            )
        done = import_transcript(episode, data, path.name, by=self.by, language=self.language)
        return TranscriptResult(
            path,
            _outcome(had, done.is_unchanged),
            done.problems,
            episode.reference,
            done.cue_count,
            done.rechecked,
            done.page_count,
        )


def _outcome(had: Transcript | None, is_unchanged: bool) -> TranscriptOutcome:
    if is_unchanged:
        return TranscriptOutcome.UNCHANGED
    return TranscriptOutcome.REPLACED if had else TranscriptOutcome.IMPORTED


def _bytes(path: Path) -> bytes:
    """The file's bytes; one more than a file may have tells the reader that it is too large."""
    with path.open("rb") as file:
        return file.read(settings.TRANSCRIPT_MAX_BYTES + 1)


def _failed(path: Path, reason: str, episode: Episode | None = None) -> TranscriptResult:
    problems = [TranscriptProblem(0, 0, "", reason)]
    return TranscriptResult(path, TranscriptOutcome.FAILED, problems, episode.reference if episode else "")


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]
