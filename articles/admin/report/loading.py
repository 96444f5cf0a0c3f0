"""The rows of the report: citations with what is loaded and shown with them."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy

from articles.core.lint import RULES
from articles.derived.checks import risk, status
from articles.models import Citation, Episode, LintIssue, Revision, Section
from articles.views import diff

TITLES = {check.code: gettext_lazy(check.title) for check in RULES}


@dataclass(frozen=True)
class Row:
    """A citation in a list across articles; `flags` are its lint issues, each with `title` and `is_dismissed`."""

    citation: Citation
    details: diff.StatusDetails
    moment: diff.Moment
    flags: list

    @property
    def risk(self):
        return risk.in_words(self.citation.risk)

    @property
    def is_risky(self):
        return self.citation.risk >= risk.FROM_HIGH

    @property
    def is_settled(self):
        return bool(self.details.confirmed or self.details.dismissed)


def with_related(citations):
    """Return the citations with what their rows show, in one query and one for the chapters."""
    related = ["finding", "episode__show", "revision__article", "section", "source_issue"]
    wide = ["revision__lead", "section__body", "finding__candidates", "finding__context", "context"]
    return citations.select_related(*related).prefetch_related("episode__chapter_set").defer(*wide)


def sharing_related(citations):
    """The same for many public citations: each text and recording is loaded once, which takes half as long."""
    related = [
        Prefetch("revision", Revision.objects.published().select_related("article").defer("lead")),
        Prefetch("episode", Episode.objects.select_related("show").prefetch_related("chapter_set")),
        Prefetch("section", Section.objects.defer("body")),
    ]
    wide = ["finding__candidates", "finding__context", "context"]
    return citations.select_related("finding", "source_issue").prefetch_related(*related).defer(*wide)


def rows(citations):
    """A `Row` for each citation, which must have episode, chapters and finding loaded. Always three queries."""
    if not (citations := list(citations)):
        return []
    flags = {}
    for flag in LintIssue.objects.filter(citation__in=[citation.pk for citation in citations]):
        flags.setdefault(flag.citation_id, []).append(flag)
    subjects = [flag.subject for of_citation in flags.values() for flag in of_citation]
    judgements = status.judgements_on(citations, subjects)
    return [_row(citation, judgements, flags.get(citation.pk, [])) for citation in citations]


def _row(citation, judgements, flags):
    article = citation.revision.article_id
    for flag in flags:
        flag.title = TITLES.get(flag.code, flag.code)
        flag.is_dismissed = judgements.dismissal(article, flag.code, flag.subject) is not None
    citation_status = judgements.status(article, citation.claim_key, citation.finding)
    moment = diff.moment(citation.episode, citation.start_seconds, citation.end_seconds, is_named=True)
    return Row(citation, diff.details_of(citation, citation_status, excerpts=True), moment, flags)
