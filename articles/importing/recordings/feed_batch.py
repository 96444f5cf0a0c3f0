"""Goes through a feed's items, one transaction for each: what goes wrong in one of them stops no other."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, models, transaction

from articles import workflow
from articles.core import http
from articles.core.http import Fetched, FetchError
from articles.core.recordings import feeds
from articles.core.recordings.chapters import ChapterLine, ChaptersError, read_json
from articles.core.recordings.chapters.podcasting import SIZE_LIMIT as CHAPTERS_LIMIT
from articles.core.recordings.feeds import Feed, FeedEpisode, FeedError, FeedProblem
from articles.core.recordings.transcripts import TranscriptError
from articles.importing.reports import ProblemReport
from articles.importing.transcripts.transcript import import_transcript, read_for
from articles.models import Episode, Show
from articles.workflow import WorkflowError

from .feed_episodes import fill_chapters, fill_episode, fill_show, find_episode, new_episode, show_of

TIMEOUT_SECONDS = 60.0  # for one address, everything together
ACCEPT_FEED = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


class FeedOutcome(models.TextChoices):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "not imported"


@dataclass(frozen=True)
class FeedResult:
    """What became of one item: its episode's handle/slug, what looked wrong, and of that what was lost by it."""

    number: int
    title: str
    outcome: FeedOutcome
    problems: tuple[FeedProblem, ...] = ()
    lost: tuple[FeedProblem, ...] = ()
    reference: str = ""


class FeedReport(ProblemReport):
    """As of received articles, with the item and its part for the place; what was lost stands before all others."""

    columns = ("item", "episode", "part", "text", "reason", "outcome")

    def row(self, result: FeedResult, problem: FeedProblem) -> tuple[list[object], bool]:
        name = result.reference or result.title
        cells = [problem.item or "", name, problem.part, problem.text, problem.reason, str(result.outcome)]
        return cells, problem in result.lost

    def shown(self, row: Sequence[Any]) -> tuple[str, str, str, str]:
        item, name, part, text, reason, _ = row
        return f"{item} {name}".strip(), part, text, reason


@dataclass
class FeedDelivery:
    """One run of the import: who does it, of which show, and what is fetched beside the feed."""

    by: Any = None
    handle: str = ""
    chapters: bool = False
    transcripts: bool = False
    overwrite: bool = False
    dry_run: bool = False
    fetch: Callable[..., Fetched] = http.fetch
    feed: Feed = field(default_factory=lambda: Feed(""))
    show: Show | None = None
    met: dict[int, int] = field(default_factory=dict)  # pk of an episode: the number of its item
    outcomes: Counter[FeedOutcome] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    losses: int = 0
    problems: int = 0

    def open(self, source: str) -> FeedResult:
        """Read the feed at an address or in a file, and find its show; what is to be said of the feed as a whole.

        Raises FeedError, FetchError or OSError.
        """
        if source.lower().startswith(("http://", "https://")):
            found = self.fetch(source, max_bytes=feeds.SIZE_LIMIT, timeout_seconds=TIMEOUT_SECONDS, accept=ACCEPT_FEED)
            self.feed = feeds.read(found.data, found.url)
        else:
            with Path(source).open("rb") as file:
                self.feed = feeds.read(file.read(feeds.SIZE_LIMIT + 1))
        self.show = show_of(self.feed, self.handle)
        problems = [problem for problem in self.feed.problems if not problem.item]
        with transaction.atomic():
            problems += fill_show(self.show, self.feed, self.by)
            if self.dry_run:
                transaction.set_rollback(True)
        if self.dry_run:
            self.show = show_of(self.feed, self.handle)
        self.problems += len(problems)
        return FeedResult(0, self.feed.title, FeedOutcome.UNCHANGED, tuple(problems))

    def unread(self) -> list[FeedResult]:
        """The items that could not be read at all."""
        read = {episode.number for episode in self.feed.episodes}
        found: dict[int, list[FeedProblem]] = {}
        for problem in self.feed.problems:
            if problem.item and problem.item not in read:
                found.setdefault(problem.item, []).append(problem)
        return [
            self._counted(FeedResult(number, "", FeedOutcome.FAILED, tuple(problems), tuple(problems)))
            for number, problems in sorted(found.items())
        ]

    def import_item(self, item: FeedEpisode) -> FeedResult:
        """Import one item in one transaction, its transcript in another. Whatever goes wrong is in the result."""
        noted = [problem for problem in self.feed.problems if problem.item == item.number]
        try:
            return self._counted(self._imported(item, noted))
        except (FeedError, WorkflowError) as error:
            reason = str(error)
        except DatabaseError as error:
            reason = f"The database did not take it: {error}"
        except Exception as error:  # a fault of ours in one item must not stop the others
            reason = f"This program failed on it, please report it: {error!r}"
        lost = FeedProblem(item.number, "item", item.title[:80], reason)
        return self._counted(FeedResult(item.number, item.title, FeedOutcome.FAILED, (lost, *noted), (lost,)))

    def summary(self, seconds: float) -> list[str]:
        """The counts as lines."""
        told = ", ".join(f"{self.outcomes[outcome]} {outcome}" for outcome in FeedOutcome if self.outcomes[outcome])
        lines = [f"{self.outcomes.total()} items in {seconds:.1f} s: {told or 'none'}."]
        for name, is_taken in (("chapters", self.chapters), ("transcripts", self.transcripts)):
            if is_taken:
                lines.append(f"{name.capitalize()} were fetched and taken for {self.taken[name]} items.")
            elif self.links[name]:
                lines.append(f"{self.links[name]} items link to {name}: --{name} fetches them.")
        return [*lines, f"{self.problems} problems." if self.problems else "No problems."]

    def _counted(self, result: FeedResult) -> FeedResult:
        self.outcomes[result.outcome] += 1
        self.losses += len(result.lost)
        self.problems += len(result.problems)
        return result

    def _imported(self, item: FeedEpisode, noted: list[FeedProblem]) -> FeedResult:
        show = self.show
        if show is None:
            raise FeedError("no feed was opened.")
        known = find_episode(show, item, self.met)
        if known is not None and known.pk in self.met:
            raise FeedError(f"It has the guid or the video of item {self.met[known.pk]}: one of them is wrong.")
        lost: list[FeedProblem] = []
        problems = list(noted)
        self.links["chapters"] += bool(item.chapters_url)
        self.links["transcripts"] += item.best_transcript is not None
        chapters = self._chapters(item, known, problems, lost)
        transcript = self._transcript(item, known, lost)
        is_show_new = show.pk is None  # in a dry run only: it goes with the transaction
        with transaction.atomic():
            if is_show_new:
                workflow.save_show(show, by=self.by)
            episode = known or new_episode(show, item)
            with workflow.change_episode(episode, by=self.by) as change:
                columns, of_episode = fill_episode(change, show, item, overwrite=self.overwrite)
                has_chapters, of_chapters = fill_chapters(change, chapters, item.number, overwrite=self.overwrite)
            problems += [*of_episode, *of_chapters]
            self.taken["chapters"] += has_chapters and not item.chapters
            if self.dry_run:
                transaction.set_rollback(True)
        if is_show_new:
            show.pk = None
        if known is not None or not self.dry_run:
            self.met[episode.pk] = item.number
        has_transcript = transcript is not None and self._take(episode, item, transcript, problems, lost)
        is_changed = columns or has_chapters or has_transcript
        outcome = FeedOutcome.CHANGED if is_changed else FeedOutcome.UNCHANGED
        outcome = FeedOutcome.NEW if change.is_new else outcome
        return FeedResult(item.number, item.title, outcome, (*lost, *problems), tuple(lost), episode.reference)

    def _chapters(
        self, item: FeedEpisode, known: Episode | None, problems: list[FeedProblem], lost: list[FeedProblem]
    ) -> list[ChapterLine]:
        """The chapters that stand in the feed, else those it links to, where they are asked for and none are here."""
        if item.chapters:
            return [ChapterLine(*chapter) for chapter in item.chapters]
        is_there = known is not None and not self.overwrite and known.chapter_set.exists()
        if not self.chapters or not item.chapters_url or is_there:
            return []
        part = "podcast:chapters"
        try:
            found = self.fetch(item.chapters_url, max_bytes=CHAPTERS_LIMIT, timeout_seconds=TIMEOUT_SECONDS)
            read = read_json(found.data)
        except (FetchError, ChaptersError) as error:
            reason = str(error) if isinstance(error, FetchError) else _sentence(str(error))
            lost.append(FeedProblem(item.number, part, item.chapters_url, reason))
            return []
        problems += [FeedProblem(item.number, part, problem.text, str(problem)) for problem in read.problems]
        problems += [FeedProblem(item.number, part, "", note) for note in read.notes]
        return list(read.chapters)

    def _transcript(self, item: FeedEpisode, known: Episode | None, lost: list[FeedProblem]) -> bytes | None:
        """The best transcript that is linked to, where it is asked for and none is here."""
        link = item.best_transcript
        is_there = known is not None and not self.overwrite and bool(known.transcript_digest)
        if not self.transcripts or link is None or is_there:
            return None
        try:
            return self.fetch(link.url, max_bytes=settings.TRANSCRIPT_MAX_BYTES, timeout_seconds=TIMEOUT_SECONDS).data
        except FetchError as error:
            lost.append(FeedProblem(item.number, "podcast:transcript", link.url, str(error)))
            return None

    def _take(
        self,
        episode: Episode,
        item: FeedEpisode,
        data: bytes,
        problems: list[FeedProblem],
        lost: list[FeedProblem],
    ) -> bool:
        """Import the transcript; whether anything changed by it."""
        link = item.best_transcript
        assert link is not None  # noqa: S101  (for the type checker: its data was fetched)
        try:
            if self.dry_run:
                found, is_unchanged = read_for(episode, data, link.file_name)[1], False
            else:
                done = import_transcript(episode, data, link.file_name, by=self.by, language=link.language)
                found, is_unchanged = done.problems, done.is_unchanged
        except (TranscriptError, WorkflowError, DatabaseError) as error:
            lost.append(FeedProblem(item.number, "podcast:transcript", link.url, _sentence(str(error))))
            return False
        for problem in found:
            place = f"Line {problem.line}: " if problem.line else f"Cue {problem.cue}: " if problem.cue else ""
            problems.append(FeedProblem(item.number, "transcript", problem.text, f"{place}{problem.reason}"))
        self.taken["transcripts"] += 1
        return not is_unchanged


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]
