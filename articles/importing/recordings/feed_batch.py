"""Imports a feed's items, each in its own transaction, so that a failure in one doesn't stop the others."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.text import capfirst

from articles import workflow
from articles.core import http
from articles.core.http import Fetched, FetchError
from articles.core.parsing.numbers import counted
from articles.core.recordings import feeds
from articles.core.recordings.chapters import ChapterLine, ChaptersError, read_json
from articles.core.recordings.chapters.podcasting import SIZE_LIMIT as CHAPTERS_LIMIT
from articles.core.recordings.feeds import Feed, FeedEpisode, FeedError, FeedProblem, TranscriptLink
from articles.core.recordings.transcripts import DoubtfulTranscriptError, TranscriptError
from articles.importing.files import read_limited
from articles.importing.outcomes import Outcome, counts, failure_reason
from articles.importing.transcripts.transcript import import_transcript, preview_import
from articles.models import Episode, Show
from articles.workflow import WorkflowError

from .feed_episodes import fill_chapters, fill_episode, new_episode, recording_of_item, usable
from .feed_matching import Match, match_items
from .feed_report import FeedResult
from .feed_show import fill_show, show_of
from .other_recording import published_citations
from .playback import Player

TIMEOUT_SECONDS = 60.0  # in total for one URL
ACCEPT_FEED = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


@dataclass
class FeedDelivery:
    """One run of the import: who imports, which show, and what is fetched besides the feed."""

    by: Any = None
    handle: str = ""
    chapters: bool = False
    transcripts: bool = False
    overwrite: bool = False
    replaces_recordings: bool = False
    dry_run: bool = False
    fetch: Callable[..., Fetched] = http.fetch
    feed: Feed = field(init=False)  # set by `open`, like the show
    show: Show = field(init=False)
    matches: dict[int, Match] = field(init=False)  # by item number
    player: Player = field(init=False)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    is_new_show: bool = False
    recordings: int = 0  # existing episodes for which the feed has another recording
    affected: int = 0  # their published citations
    losses: int = 0
    problems: int = 0

    def open(self, source: str) -> FeedResult:
        """Read the feed from a URL or file, find its show, and match all its items with the show's episodes.

        Returns the problems of the feed as a whole. Raises FeedError, FetchError or OSError.
        """
        if source.lower().startswith(("http://", "https://")):
            fetched = self.fetch(
                source, max_bytes=feeds.SIZE_LIMIT, timeout_seconds=TIMEOUT_SECONDS, accept=ACCEPT_FEED
            )
            self.feed = feeds.read(fetched.data, fetched.url, fetched.charset)
        else:
            self.feed = feeds.read(read_limited(Path(source), feeds.SIZE_LIMIT))
        self.show = show_of(self.feed, self.handle)
        self.is_new_show = self.show.pk is None
        problems = [problem for problem in self.feed.problems if not problem.item]
        with transaction.atomic():
            problems += fill_show(self.show, self.feed, self.by)
            if self.dry_run:
                transaction.set_rollback(True)
        if self.dry_run:
            self.show = show_of(self.feed, self.handle)
        self.matches = match_items(self.show, self.feed.episodes)
        self.player = Player(self.fetch)
        self.problems += len(problems)
        return FeedResult(0, self.feed.title, Outcome.UNCHANGED, tuple(problems))

    def unreadable(self) -> list[FeedResult]:
        """Return a failed result for each item that could not be read at all."""
        read = {episode.number for episode in self.feed.episodes}
        by_item: dict[int, list[FeedProblem]] = {}
        for problem in self.feed.problems:
            if problem.item and problem.item not in read:
                by_item.setdefault(problem.item, []).append(problem)
        return [
            self._count(FeedResult(number, "", Outcome.FAILED, tuple(problems), tuple(problems)))
            for number, problems in sorted(by_item.items())
        ]

    def import_item(self, item: FeedEpisode) -> FeedResult:
        """Import one item in one transaction and its transcript in another. Failures are reported in the result."""
        noted = [problem for problem in self.feed.problems if problem.item == item.number]
        try:
            return self._count(self._import(item, noted))
        except (FeedError, WorkflowError) as error:
            reason = str(error)
        except Exception as error:  # a bug that affects one item must not stop the others
            reason = failure_reason(error)
        lost = FeedProblem(item.number, "item", item.title[:80], reason)
        return self._count(FeedResult(item.number, item.title, Outcome.FAILED, (lost, *noted), (lost,)))

    def summary(self, seconds: float) -> list[str]:
        """Return the counts as lines of text."""
        lines = [f"{counted(self.outcomes.total(), 'item')} in {seconds:.1f} s: {counts(self.outcomes)}."]
        for name, is_fetched in (("chapters", self.chapters), ("transcripts", self.transcripts)):
            if is_fetched:
                lines.append(f"{name.capitalize()} were fetched and used for {counted(self.taken[name], 'item')}.")
            elif self.links[name]:
                lines.append(
                    f"The feed has {name} for {counted(self.links[name], 'item')}. Use --{name} to fetch them."
                )
        if self.recordings:
            done = "replaced" if self.replaces_recordings else "not used; see the problems, then --replace-recordings"
            cited = counted(self.affected, "published citation")
            episodes = counted(self.recordings, "existing episode")
            lines.append(f"The feed has another recording for {episodes} ({cited}): {done}.")
        return [*lines, f"{counted(self.problems, 'problem')}." if self.problems else "No problems."]

    def _count(self, result: FeedResult) -> FeedResult:
        self.outcomes[result.outcome] += 1
        self.losses += len(result.lost)
        self.problems += len(result.problems)
        return result

    def _import(self, item: FeedEpisode, noted: list[FeedProblem]) -> FeedResult:
        show = self.show
        match = self.matches[item.number]
        if match.refused:
            raise FeedError(match.refused)
        known = match.episode
        lost: list[FeedProblem] = []
        problems = [*noted, *match.problems]
        address, reason = self.player.address(usable(item.audio_url), known.audio_url if known else "")
        if reason:
            problems.append(FeedProblem(item.number, "audio file", item.audio_url, reason))
        item = replace(item, audio_url=address or item.audio_url)
        self.links["chapters"] += bool(item.chapters_url)
        self.links["transcripts"] += item.best_transcript is not None
        is_other = known is not None and bool(recording_of_item(known, item))
        self.recordings += is_other
        self.affected += published_citations(known)[0] if is_other else 0
        overwrite = self.replaces_recordings if is_other else self.overwrite
        is_kept = is_other and not self.replaces_recordings
        chapters = [] if is_kept else self._chapters(item, known, problems, lost, overwrite)
        transcript = None if is_kept else self._transcript(item, known, lost, overwrite)
        is_show_new = show.pk is None  # only in a dry run, where it is rolled back with the transaction
        with transaction.atomic():
            if is_show_new:
                workflow.save_show(show, by=self.by)
            episode = known or new_episode(show, item)
            with workflow.change_episode(episode, by=self.by, at_once=True) as change:
                columns, episode_problems = fill_episode(
                    change, show, item, overwrite=self.overwrite, replaces_recording=self.replaces_recordings
                )
                has_chapters, chapter_problems = fill_chapters(change, chapters, item.number, overwrite=overwrite)
            problems += [*episode_problems, *chapter_problems]
            self.taken["chapters"] += has_chapters and not item.chapters
            if self.dry_run:
                transaction.set_rollback(True)
        if is_show_new:
            show.pk = None
        has_transcript = transcript is not None and self._import_transcript(episode, item, *transcript, problems, lost)
        is_changed = columns or has_chapters or has_transcript
        outcome = Outcome.CHANGED if is_changed else Outcome.UNCHANGED
        outcome = Outcome.CREATED if change.is_new else outcome
        return FeedResult(item.number, item.title, outcome, (*lost, *problems), tuple(lost), episode.reference)

    def _chapters(
        self,
        item: FeedEpisode,
        known: Episode | None,
        problems: list[FeedProblem],
        lost: list[FeedProblem],
        overwrite: bool,
    ) -> list[ChapterLine]:
        """Return the chapters in the feed, else fetch those it links to, if requested and the episode has none."""
        if item.chapters:
            return [ChapterLine(*chapter) for chapter in item.chapters]
        has_chapters = known is not None and not overwrite and known.chapter_set.exists()
        if not self.chapters or not item.chapters_url or has_chapters:
            return []
        part = "podcast:chapters"
        try:
            fetched = self.fetch(item.chapters_url, max_bytes=CHAPTERS_LIMIT, timeout_seconds=TIMEOUT_SECONDS)
            read = read_json(fetched.data)
        except (FetchError, ChaptersError) as error:
            reason = str(error) if isinstance(error, FetchError) else capfirst(str(error))
            lost.append(FeedProblem(item.number, part, item.chapters_url, reason))
            return []
        problems += [FeedProblem(item.number, part, problem.text, str(problem)) for problem in read.problems]
        problems += [FeedProblem(item.number, part, "", note) for note in read.notes]
        return list(read.chapters)

    def _transcript(
        self, item: FeedEpisode, known: Episode | None, lost: list[FeedProblem], overwrite: bool
    ) -> tuple[TranscriptLink, bytes] | None:
        """Fetch the best linked transcript, if requested and the episode has none."""
        link = item.best_transcript
        has_transcript = known is not None and not overwrite and bool(known.transcript_digest)
        if not self.transcripts or link is None or has_transcript:
            return None
        try:
            fetched = self.fetch(link.url, max_bytes=settings.TRANSCRIPT_MAX_BYTES, timeout_seconds=TIMEOUT_SECONDS)
            return link, fetched.data
        except FetchError as error:
            lost.append(FeedProblem(item.number, "podcast:transcript", link.url, str(error)))
            return None

    def _import_transcript(
        self,
        episode: Episode,
        item: FeedEpisode,
        link: TranscriptLink,
        data: bytes,
        problems: list[FeedProblem],
        lost: list[FeedProblem],
    ) -> bool:
        """Import the transcript and return whether anything changed."""
        try:
            if self.dry_run:
                preview = preview_import(episode, data, link.file_name, language=link.language)
                _, transcript_problems, is_unchanged = preview
            else:
                imported = import_transcript(
                    episode, data, link.file_name, by=self.by, language=link.language, at_once=True
                )
                transcript_problems, is_unchanged = imported.problems, imported.is_unchanged
        except (TranscriptError, WorkflowError, DatabaseError) as error:
            reason = capfirst(str(error))
            if isinstance(error, DoubtfulTranscriptError):
                reason += " If it’s right nevertheless, download it and use import_transcript with --confirm."
            lost.append(FeedProblem(item.number, "podcast:transcript", link.url, reason))
            return False
        for problem in transcript_problems:
            place = f"Line {problem.line}: " if problem.line else f"Cue {problem.cue}: " if problem.cue else ""
            problems.append(FeedProblem(item.number, "transcript", problem.text, f"{place}{problem.reason}"))
        self.taken["transcripts"] += 1
        return not is_unchanged
