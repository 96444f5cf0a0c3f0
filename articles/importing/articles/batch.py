"""Goes through the files of a delivery, one transaction for each, keeping of each no more than its name and digest."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import DatabaseError, transaction
from django.utils import timezone

from articles import workflow
from articles.core.formats import FormatError, ReceivedIndex, ReceivedProblem, read
from articles.core.formats.read import SIZE_LIMIT
from articles.derived import text
from articles.derived.pages import related
from articles.importing.files import files_in, shown_path
from articles.importing.outcomes import Outcome
from articles.importing.recordings.episodes import placeholder, update_known
from articles.importing.recordings.episodes_file import KnownEpisodes
from articles.models import Article, Episode, Revision
from articles.workflow import WorkflowError

from .article import import_article
from .matching import identity

SUFFIXES = frozenset({".md", ".markdown", ".txt", ".json"})


@dataclass(frozen=True)
class FileResult:
    """What became of one file: its article's slug and citations, and what looked wrong."""

    path: Path
    outcome: Outcome
    problems: tuple[ReceivedProblem, ...] = ()
    slug: str = ""
    citation_count: int = 0
    is_published: bool = False


@dataclass
class Totals:
    """Counts over a delivery."""

    outcomes: Counter = field(default_factory=Counter)
    problems: Counter = field(default_factory=Counter)
    unchanged_problems: int = 0
    citations: int = 0
    published: int = 0

    def add(self, result):
        self.outcomes[result.outcome] += 1
        self.problems.update(problem.code for problem in result.problems)
        if result.outcome == Outcome.UNCHANGED:
            self.unchanged_problems += len(result.problems)
        self.citations += result.citation_count
        self.published += result.is_published

    @property
    def files(self):
        return sum(self.outcomes.values())


@dataclass
class Delivery:
    """One run of the import: who does it, what is known of episodes, and whether to publish."""

    by: object
    known: KnownEpisodes = field(default_factory=KnownEpisodes)
    title: str = ""
    publish: bool = False
    dry_run: bool = False
    moved_slugs: set = field(default_factory=set)
    met: dict = field(default_factory=dict)  # identity of an article: the file that it came in, and its digest
    started_at: object = field(default_factory=timezone.now)

    def prepare(self, paths):
        """Count the files, learn the episodes' titles from the shows' indexes among them, and bring the episodes that
        are known and here up to date."""
        count = 0
        for count, found in enumerate(files_in(paths), 1):  # noqa: B007  (the number is the result)
            path = found.path
            if not found.refused and path.suffix.lower() in SUFFIXES and _may_be_index(path):
                with suppress(FormatError, OSError):
                    received = read(_bytes(path), path.stem)
                    if isinstance(received, ReceivedIndex):
                        self.known.titles.update((e.youtube_id, e.title[:300]) for e in received.episodes)
        with transaction.atomic():
            update_known(self.known, by=self.by)
            if self.dry_run:
                transaction.set_rollback(True)
        return count

    def import_file(self, path, refused=""):
        """Import one file in one transaction. Whatever goes wrong in it is in the result, and nothing is left of it.

        `refused` says why the file is not to be opened, where it is not.
        """
        if refused:
            return _failed(path, refused, "unreadable")
        try:
            if any("\udc80" <= character <= "\udcff" for character in path.name):
                raise FormatError("the file’s name is not UTF-8: rename it.")
            if path.suffix.lower() not in SUFFIXES:
                raise FormatError(f"“{path.suffix}” is none of {', '.join(sorted(SUFFIXES))}: nothing was read.")
            received = read(_bytes(path), path.stem, is_json=path.suffix.lower() == ".json")
            if isinstance(received, ReceivedIndex):
                return self._index(path, received)
            if self.title:
                received = replace(received, title=self.title)
            is_repeated = self._meet(path, received)
            with transaction.atomic():
                imported = import_article(received, by=self.by, known=self.known, publish=self.publish)
                if self.dry_run:
                    transaction.set_rollback(True)
        except FormatError as error:
            return _failed(path, error.message, "unreadable", error.line)
        except OSError as error:
            return _failed(path, f"The file cannot be opened: {error.strerror or error}.", "unreadable")
        except WorkflowError as error:
            self.known.forget()
            return _failed(path, str(error), "refused")
        except DatabaseError as error:
            self.known.forget()
            return _failed(path, f"The database did not take it: {error}", "refused")
        except Exception as error:  # a fault of ours in one file must not stop the others
            self.known.forget()
            return _failed(path, f"This program failed on it, please report it: {error!r}", "fault")
        if self.dry_run:
            self.known.forget()
            if is_repeated:
                imported = replace(imported, outcome=Outcome.UNCHANGED)
        else:
            self.moved_slugs.update(imported.moved_slugs[1:])
        return FileResult(
            path,
            imported.outcome,
            imported.problems,
            imported.revision.slug,
            imported.revision.citation_count,
            imported.is_published,
        )

    def _meet(self, path, article):
        """Whether the same text came in this run before. Raises FormatError where another one came in its place."""
        key, digest = identity(article), article.digest()
        first, first_digest = self.met.setdefault(key, (shown_path(path), digest))
        if digest != first_digest:
            what = "slug" if article.is_export else "show and file name"
            raise FormatError(f"the same {what} as {first}: rename one.")
        return first != shown_path(path)

    def _index(self, path, index):
        """Give the titles that a show's index names to the episodes that have none yet."""
        self.known.forget()
        with transaction.atomic():
            for batch in batched(index.episodes, 500):
                titles = {placeholder(entry.youtube_id): entry.title[:300] for entry in batch}
                for episode in Episode.objects.filter(title__in=titles):
                    episode.title = titles[episode.title]
                    workflow.save_episode(episode, ["title"], by=self.by)
            if self.dry_run:
                transaction.set_rollback(True)
        return FileResult(path, Outcome.INDEX, index.problems)

    def finish(self):
        """Derive the texts again that link to what has come, and what stands around it; how many texts there were."""
        if self.dry_run:
            return 0
        come = Article.objects.published().filter(published_at__gte=self.started_at).order_by()
        linking = Revision.objects.published().filter(link__slug__in=come.values("slug"))
        if self.moved_slugs:
            linking = linking | Revision.objects.published().filter(link__slug__in=self.moved_slugs)
        count = text.refresh(linking.distinct())
        related.refresh_around(come.values_list("pk", flat=True))
        return count


def batched(entries, size):
    """`entries` in tuples of `size` and a shorter rest."""
    return (entries[start : start + size] for start in range(0, len(entries), size))


def _bytes(path):
    """The file's bytes; one more than a file may have tells the reader that it is too large."""
    with path.open("rb") as file:
        return file.read(SIZE_LIMIT + 1)


def _may_be_index(path):
    """Whether a file has front matter without a recording, as a show's index has."""
    with suppress(OSError), path.open("rb") as file:
        head = file.read(600).lstrip(b"\xef\xbb\xbf")
        return head.startswith(b"---") and b"\nvideoId" not in head.partition(b"\n---")[0]
    return False


def _failed(path, reason, code, line=0):
    return FileResult(path, Outcome.FAILED, (ReceivedProblem(line, 1 if line else 0, "", reason, code),))
