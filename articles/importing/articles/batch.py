"""Imports the files of a delivery, each in its own transaction, keeping only the name and digest of each in memory."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from articles import workflow
from articles.core.formats import FileProblem, FormatError, IndexFile, read
from articles.core.formats.reader import SIZE_LIMIT
from articles.core.language.messages import LazyMessage
from articles.core.parsing.numbers import counted
from articles.derived import refresh_links
from articles.derived.pages import related
from articles.derived.texts.slugs import spellings
from articles.importing.files import files_in, read_limited, refused_suffix, shown_path
from articles.importing.images import Intake
from articles.importing.outcomes import Outcome, counts, failure_reason
from articles.importing.recordings.episodes import placeholder, update_known
from articles.importing.recordings.episodes_file import KnownEpisodes
from articles.models import Article, Episode, Revision
from articles.workflow import WorkflowError

from .article import import_article, with_uploads
from .matching import identity

SUFFIXES = frozenset({".md", ".markdown", ".txt", ".json"})


@dataclass(frozen=True)
class FileResult:
    """The result of importing one file: its article's slug and citation count, and the problems found."""

    path: Path
    outcome: Outcome
    problems: tuple[FileProblem, ...] = ()
    slug: str = ""
    citation_count: int = 0
    is_published: bool = False


@dataclass
class Delivery:
    """One run of the import: who imports, what is known about episodes, whether to publish, and what was counted.

    With `offline`, images of other sites stay where they are, and are reported.
    """

    by: object
    known: KnownEpisodes = field(default_factory=KnownEpisodes)
    title: str = ""
    publish: bool = False
    dry_run: bool = False
    offline: bool = False
    moved_slugs: set = field(default_factory=set)
    seen: dict = field(default_factory=dict)  # article identity -> its file and digest
    started_at: object = field(default_factory=timezone.now)
    outcomes: Counter = field(default_factory=Counter)
    problems: Counter = field(default_factory=Counter)
    unchanged_problems: int = 0
    citations: int = 0
    published: int = 0

    def __post_init__(self):
        self.intake = Intake.of_run(self.by, is_offline=self.offline, is_dry_run=self.dry_run)

    def prepare(self, paths):
        """Return the number of files. Reads episode titles from show indexes among them and updates known episodes."""
        count = 0
        for count, file in enumerate(files_in(paths), 1):  # noqa: B007  (the number is the result)
            path = file.path
            if not file.refused and path.suffix.lower() in SUFFIXES and _may_be_index(path):
                with suppress(FormatError, OSError):
                    received = read(read_limited(path, SIZE_LIMIT), path.stem)
                    if isinstance(received, IndexFile):
                        self.known.titles.update((e.youtube_id, e.title[:300]) for e in received.episodes)
        with transaction.atomic():
            update_known(self.known, by=self.by)
            if self.dry_run:
                transaction.set_rollback(True)
        return count

    def import_file(self, path, refused=""):
        """Import one file in one transaction and return the result.

        A failure is reported in the result and rolled back.

        `refused` is the reason why the file must not be opened, if any.
        """
        result = self._import_or_fail(path, refused)
        self.outcomes[result.outcome] += 1
        self.problems.update(problem.code for problem in result.problems)
        if result.outcome == Outcome.UNCHANGED:
            self.unchanged_problems += len(result.problems)
        self.citations += result.citation_count
        self.published += result.is_published
        return result

    def _import_or_fail(self, path, refused):
        if refused:
            return _failed(path, refused, "unreadable")
        try:
            if path.suffix.lower() not in SUFFIXES:
                raise FormatError(LazyMessage(refused_suffix(path, SUFFIXES)))
            received = read(read_limited(path, SIZE_LIMIT), path.stem, is_json=path.suffix.lower() == ".json")
            if isinstance(received, IndexFile):
                return self._import_index(path, received)
            if self.title:
                received = replace(received, title=self.title)
            is_repeated = self._is_repeated(path, received)
            digest = received.digest()
            received = with_uploads(received, self.intake)
            with transaction.atomic():
                imported = import_article(received, by=self.by, known=self.known, publish=self.publish, digest=digest)
                if self.dry_run:
                    transaction.set_rollback(True)
        except FormatError as error:
            return _failed(path, error.message, "unreadable", error.line)
        except OSError as error:
            return _failed(path, failure_reason(error), "unreadable")
        except Exception as error:  # a bug that affects one file must not stop the others
            self.known.forget()
            code = "refused" if isinstance(error, WorkflowError | DatabaseError) else "fault"
            return _failed(path, str(error) if isinstance(error, WorkflowError) else failure_reason(error), code)
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

    def _is_repeated(self, path, article):
        """Return whether this run has already read the same text.

        Raises FormatError if another text has its identity.
        """
        key, digest = identity(article), article.digest()
        first, first_digest = self.seen.setdefault(key, (shown_path(path), digest))
        if digest != first_digest:
            what = "slug" if article.is_export else "show and file name"
            raise FormatError(LazyMessage(f"same {what} as {first}. Rename one of them."))
        return first != shown_path(path)

    def _import_index(self, path, index):
        """Set the titles from a show's index on episodes that don't have one yet."""
        self.known.forget()
        with transaction.atomic():
            titles = {placeholder(entry.youtube_id): entry.title[:300] for entry in index.episodes}
            for episode in Episode.objects.filter(title__in=titles):
                episode.title = titles[episode.title]
                workflow.save_episode(episode, ["title"], by=self.by, at_once=True)
            if self.dry_run:
                transaction.set_rollback(True)
        return FileResult(path, Outcome.INDEX, index.problems)

    def finish(self):
        """Refresh the texts that link to newly published articles, and what is related; return the number of texts."""
        if self.dry_run:
            return 0
        published = Article.objects.published().filter(published_at__gte=self.started_at).order_by()
        linking = Revision.objects.published().filter(
            Q(link__slug__in=published.values("slug")) | Q(link__slug__in=published.values("slug__lower"))
        )
        if self.moved_slugs:
            linking = linking | Revision.objects.published().filter(link__slug__in=spellings(self.moved_slugs))
        count = refresh_links(linking.distinct())
        related.refresh_around(published.values_list("pk", flat=True))
        return count

    def summary(self, seconds, refreshed):
        """Return the counts as lines of text; `refreshed` is the result of `finish`."""
        files = self.outcomes.total()
        rate = f" in {seconds:.1f} s ({files / seconds:.0f}/s)" if seconds else ""
        lines = [f"{counted(files, 'file')}{rate}: {counts(self.outcomes)}."]
        texts = counted(refreshed, "linking text")
        lines.append(f"{counted(self.citations, 'citation')}; {self.published} published; {texts} refreshed.")
        problems = ", ".join(f"{count} {code}" for code, count in self.problems.most_common())
        unchanged = f" {self.unchanged_problems} of them in unchanged files." if self.unchanged_problems else ""
        total = counted(self.problems.total(), "problem")
        lines.append(f"{total}: {problems}.{unchanged}" if problems else "No problems.")
        return lines


def _may_be_index(path):
    """Return whether a file has front matter without a recording, like a show's index."""
    with suppress(OSError), path.open("rb") as file:
        head = file.read(600).lstrip(b"\xef\xbb\xbf")
        return head.startswith(b"---") and b"\nvideoId" not in head.partition(b"\n---")[0]
    return False


def _failed(path, reason, code, line=0):
    return FileResult(path, Outcome.FAILED, (FileProblem(line, 1 if line else 0, "", reason, code),))
