"""The public citation report of a revision: each claim, what was found, and who confirmed it; a page, CSV and JSON."""

import json
from dataclasses import dataclass
from io import SEEK_END, StringIO
from itertools import groupby

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from articles.core.formats.spreadsheets import Writer
from articles.core.markdown import plain_heading
from articles.derived import source_issues
from articles.derived.checks import discrepancies, labels, status
from articles.derived.recordings import excerpts
from articles.models import Citation
from articles.views import serializers
from articles.views.base import published_or_redirect
from articles.views.http import origin, public_page, public_view, respond
from articles.views.http.gone import ErasedText
from articles.views.serializers import time
from articles.workflow.history import audit_log

CITATION_COLUMNS = (
    *("number", "section", "claim", "episode", "start", "end", "link", "state", "status"),
    *("verdict", "score", "found_at", "missing", "discrepancies", "checked_at", "checker_version"),
    *("confirmed_by", "confirmed_at", "dismissed_by", "dismissed_at", "dismissed_because", "excerpt"),
)
SOURCE_COLUMNS = (
    "issue",
    "issue_offset",
    "issue_explained",
    "issue_citations",
    "past_end",
)  # the same for its citations


@dataclass(frozen=True)
class ReportedCitation:
    """A citation of the revision, numbered from 1, with its status and the public excerpt of the transcript, or ""."""

    number: int
    citation: Citation
    status: status.CitationStatus
    excerpt: str

    @property
    def label(self):
        return labels.label_of(self.status)

    @property
    def automatic(self):
        """What the check found, if a person's judgement is what the label says."""
        return labels.verdict_text(self.status.check) if self.status.is_settled else ""

    @property
    def discrepancies(self):
        return discrepancies.shown(self.status.check, self.citation.episode, may_quote=False)

    @property
    def heading(self):
        return plain_heading(self.citation.section.heading) if self.citation.section_id else ""

    @property
    def href(self):
        return self.citation.episode.link_at(self.citation.start_seconds, self.citation.end_seconds)


def reported(article, number):
    """Return (revision, [`ReportedCitation`]) of the public revision `number`; a fixed number of queries.

    Excerpts are shown with the current text only, because their share of a recording is that of current texts. Raises
    Http404 if the revision was never public, `ErasedText` if it was erased.
    """
    published = (revision for revision, *_ in audit_log.publications(article))
    revision = next((revision for revision in published if revision.number == number), None)
    if revision is None:
        raise Http404("This article has no public revision with this number.")
    if revision.erased_at is not None:
        raise ErasedText(revision)
    is_current = revision.pk == article.published_revision_id
    rows = revision.citation_set.select_related("finding", "episode__show", "section").order_by("position")
    rows = rows.defer("section__body", "finding__candidates", "finding__context", "context")
    return revision, [
        ReportedCitation(
            place,
            citation,
            citation_status,
            excerpts.public_excerpt(citation.episode, citation.finding) if is_current else "",
        )
        for place, (citation, citation_status) in enumerate(status.of_revision(revision, list(rows)), 1)
    ]


@public_view
@published_or_redirect()
def current(request, article):
    """The report on the text that is public now, at an address that stays."""
    return _page(request, article, article.published_revision.number)


@public_view
@published_or_redirect()
def page(request, article, number):
    return _page(request, article, number)


def _page(request, article, number):
    revision, rows = reported(article, number)
    groups = groupby(rows, lambda row: row.citation.section_id)
    return public_page(
        "articles/pages/article/citation_report.html",
        article=article,
        revision=revision,
        current=article.published_revision,
        is_current=revision.pk == article.published_revision_id,
        root=origin(request),
        count=len(rows),
        sources=source_issues.reported(revision),
        has_many=len({row.citation.episode_id for row in rows}) > 1,
        tally=labels.tally([row.label for row in rows]),
        groups=[(of_section[0].heading, of_section) for _, group in groups if (of_section := list(group))],
    )


@public_view
@published_or_redirect()
def as_json(request, article, number):
    revision, rows = reported(article, number)
    root = origin(request)
    permalink = serializers.permalink(article, revision, root)
    value = {
        "title": revision.title,
        "slug": article.slug,
        "revision": revision.number,
        "is_current": revision.pk == article.published_revision_id,
        "permalink": permalink,
        "report": f"{root}{reverse('citation_report', args=[article.slug, revision.number])}",
        "how_we_check": f"{root}{reverse('how_we_check')}",
        "site": settings.SITE_NAME,
        "states": {state: count for state, count, _ in labels.tally([row.label for row in rows])},
        "sources": [serializers.source_of(source, root) for source in source_issues.reported(revision)],
        "citations": [_entry(row, permalink, root) for row in rows],
    }
    return respond(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "application/json")


@public_view
@published_or_redirect()
def as_csv(request, article, number):
    """The same as `as_json` in a table, whose cells no spreadsheet takes for formulas.

    A source that no citation cites, but timestamps past its end do, has a row of its own.
    """
    revision, rows = reported(article, number)
    root = origin(request)
    entries = [serializers.source_of(source, root) for source in source_issues.reported(revision)]
    sources = {entry["episode"]: entry for entry in entries}
    text = StringIO("\ufeff")
    text.seek(0, SEEK_END)
    writer = Writer(text)
    writer.row(CITATION_COLUMNS + SOURCE_COLUMNS)
    for row in rows:
        entry = _entry(row, "", root)
        writer.row([*_cells(row, entry), *_source_cells(sources[entry["episode"]])])
    cited = {row.citation.episode.reference for row in rows}
    for episode, source in sources.items():
        if source["past_end"] and episode not in cited:
            writer.row([episode if name == "episode" else None for name in CITATION_COLUMNS] + _source_cells(source))
    return respond(text.getvalue(), "text/csv; charset=utf-8")


def _cells(row, entry):
    """Return the values of `CITATION_COLUMNS` of a row and its serialized `entry`."""
    check, confirmed, dismissed = (entry[name] or {} for name in ("check", "confirmed", "dismissed"))
    return [
        *(row.number, row.heading, entry["claim"], entry["episode"], entry["start"], entry["end"]),
        *(entry["hear"], entry["state"], entry["stands"]),
        *(check.get(name) for name in ("verdict", "score", "found_at")),
        "; ".join(check.get("missing", ())),
        "; ".join(f"{found['kind']}: {found['text']}" for found in entry["discrepancies"]),
        *(check.get("checked_at"), check.get("checker_version")),
        *(confirmed.get("by"), confirmed.get("at")),
        *(dismissed.get("by"), dismissed.get("at"), dismissed.get("because"), entry["excerpt"]),
    ]


def _source_cells(source):
    """Return the values of `SOURCE_COLUMNS` of a serialized source."""
    issue = source["issue"] or {}
    return [*(issue.get(name) for name in ("kind", "offset", "explained", "citations")), source["past_end"]]


def _entry(row, page, root):
    """Serialize a `ReportedCitation` of the text at `page`; the check and the judgements are None without one."""
    check, confirmation, dismissal = row.status.check, row.status.confirmation, row.status.dismissal
    return {
        "number": row.number,
        **serializers.citation_of(row.citation, row.label, page, root),
        "check": check
        and {
            "verdict": check.verdict,
            "score": check.published_score,
            "found_at": check.where_seconds,
            "missing": check.missing,
            "checked_at": time(check.checked_at),
            "checker_version": check.checker_version,
        },
        "confirmed": confirmation and {"by": confirmation.by_name, "at": time(confirmation.at)},
        "dismissed": dismissal and {"by": dismissal.by_name, "at": time(dismissal.at), "because": dismissal.reason},
        "excerpt": row.excerpt or None,
    }
