"""Refreshes, counts and lists the checks of the citations in a part of the site."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, OuterRef, Value
from django.db.models.functions import Coalesce

from articles.core import evidence, markdown
from articles.core.timestamps import format_timestamp
from articles.core.timestamps.marks import format_moment
from articles.derived import source_issues
from articles.derived.checks import discrepancies, run, status
from articles.models import Article, Check, Citation, Episode, Revision, Show, SourceIssue

from .republishing import republish_each_citing

BATCH = 500


@dataclass(frozen=True)
class Scope:
    """All citations, or those of one article, of one show's episodes or one episode, or both."""

    article: Article | None = None
    show: Show | None = None
    episode: Episode | None = None

    def citations(self):
        citations = Citation.objects.all()
        if self.article:
            citations = citations.filter(revision__article=self.article)
        if self.episode:
            citations = citations.filter(episode=self.episode)
        return citations.filter(episode__show=self.show) if self.show else citations

    def includes(self, episode):
        """Return whether citations of `episode` are in it, if they are in its article."""
        return self.episode in {None, episode} and self.show in {None, episode.show}

    def published(self):
        return self.citations().filter(revision__published_for__isnull=False)

    def episodes(self):
        """The primary keys of the cited episodes."""
        return list(self.citations().order_by("episode").values_list("episode", flat=True).distinct())


@dataclass
class RecheckCounts:
    """How many citations were examined, checks made and pages stored again."""

    citations: int = 0
    checks: int = 0
    pages: int = 0


def recheck_outdated(scope, *, is_repeated=False):
    """Redo the outdated checks in `scope`; yields the `RecheckCounts` so far after every batch and page.

    Keeps no more than a batch and a few indexed transcripts in memory. Pages are stored again if their checks were
    made; with `is_repeated` in any case, because an earlier run may have ended between the two.
    """
    done = RecheckCounts()
    for pk in [scope.episode.pk] if scope.episode else scope.episodes():
        episode = Episode.objects.get(pk=pk)
        citations = Citation.objects.filter(episode=episode)
        if scope.article:
            citations = citations.filter(revision__article=scope.article)
        lost_transcript = not episode.transcript_digest and Check.objects.filter(episode=episode).exists()
        made = latest = 0
        while keys := list(citations.filter(pk__gt=latest).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            latest = keys[-1]
            made += run.recheck(episode, citations=citations.filter(pk__gte=keys[0], pk__lte=latest))
            done.citations += len(keys)
            yield done
        done.checks += made
        run.forget_checks(episode)
        if made or lost_transcript or is_repeated:
            for _ in republish_each_citing(episode):
                done.pages += 1
                yield done
    yield done


def counts(citations):
    """Return two `Counter`s by verdict: all of `citations`, and those that a person has confirmed or dismissed."""
    dismissed = status.dismissed(verdict=Coalesce(OuterRef("finding__verdict"), Value(evidence.NOT_CHECKED)))
    return _by_verdict(citations), _by_verdict(citations.filter(status.confirmed() | dismissed))


def _by_verdict(citations):
    verdict = Coalesce("finding__verdict", Value(evidence.NOT_CHECKED))  # of citations without a check, too
    return Counter(dict(citations.order_by().values_list(verdict).annotate(number=Count("pk"))))


def rows(scope):
    """Yield each published citation in `scope` as a dictionary, article by article. Takes two queries per batch."""
    citations = scope.published().select_related(
        "finding", "episode__show", "section", "revision__article", "source_issue"
    )
    citations = citations.defer("context", "text", "finding__candidates", "revision__lead")
    remaining = citations.order_by("revision__article__slug", "position").iterator(chunk_size=BATCH)
    while batch := list(islice(remaining, BATCH)):
        for citation, citation_status in zip(batch, status.of_citations(batch), strict=True):
            yield _row(citation.revision.article.slug, citation, citation_status)


def _row(slug, citation, citation_status):
    check = citation_status.check
    where = check.where_seconds if check else None
    return {
        "article": slug,
        "section": markdown.plain_heading(citation.section.heading) if citation.section else "",
        "episode": citation.episode.reference,
        "moment": format_moment(citation),
        "claim": citation.claim,
        "verdict": citation_status.verdict,
        "where": format_timestamp(where) if where is not None else "",
        "score": check.score if check else None,
        "missing": list(check.missing) if check else [],
        "discrepancies": discrepancies.as_values(check),
        "confirmed_by": citation_status.confirmation.by_name if citation_status.confirmation else "",
        "dismissed_by": citation_status.dismissal.by_name if citation_status.dismissal else "",
        "source_issue": citation.source_issue.kind if citation.source_issue else "",
    }


def past_end_counts(scope):
    """Return a `Counter` by published article: the timestamps in `scope` past the end of their recordings.

    Takes one query, and three for each article in which a mark cites nothing.
    """
    revisions = Revision.objects.published().filter(problem_count__gt=0).select_related("article")
    if scope.article:
        revisions = revisions.filter(article=scope.article)
    counts = Counter()
    for revision in revisions.order_by("pk").iterator(chunk_size=BATCH):
        for reported in source_issues.reported(revision):
            if reported.past_end_count and scope.includes(reported.source.episode):
                counts[revision.article.slug] += reported.past_end_count
    return counts


def source_issues_in(scope):
    """Return what is wrong with all of a published article's citations of a recording in `scope`, as a query set."""
    issues = SourceIssue.objects.filter(revision__published_for__isnull=False)
    if scope.article:
        issues = issues.filter(revision__article=scope.article)
    if scope.episode:
        issues = issues.filter(episode=scope.episode)
    if scope.show:
        issues = issues.filter(episode__show=scope.show)
    return issues.select_related("revision__article", "episode__show").order_by("revision__article__slug", "pk")


def source_issue_rows(scope):
    """Return `source_issues_in` as dictionaries."""
    return [
        {
            "article": issue.revision.article.slug,
            "episode": issue.episode.reference,
            "kind": issue.kind,
            "offset_seconds": issue.offset_seconds,
            "explained": issue.explained_count,
            "of": issue.citation_count,
        }
        for issue in source_issues_in(scope)
    ]
