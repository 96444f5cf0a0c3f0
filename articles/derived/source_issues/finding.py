"""Finds what is wrong with a text's citations of one recording as a whole.

Counts with the citations the marks past the recording's end, which cite nothing and so are no citations otherwise.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from articles.core import evidence
from articles.core.evidence import source_issues
from articles.derived.checks import status
from articles.derived.texts import derivation
from articles.models import Dismissal

from .past_the_end import checks_of, latest, past_end
from .wording import in_words

CODE = "source-issue"  # of dismissals


@dataclass(frozen=True)
class Cited:
    """A moment that a text cites, with the verdict and candidates of its check; `ref` is for whoever asks."""

    episode: Any
    start_seconds: int
    verdict: str
    candidates: tuple
    ref: Any


@dataclass(frozen=True)
class Found:
    """What is wrong with the citations of `episode`: `explained` are those (`Cited.ref`) that it explains, of `total`."""

    episode: Any
    issue: source_issues.SourceIssue
    explained: tuple
    total: int

    @property
    def kind(self):
        return self.issue.kind

    @property
    def offset_seconds(self):
        """What is to be added to the timestamps; None if they aren't shifted."""
        return self.issue.reading.offset_seconds if self.kind == source_issues.SHIFTED else None

    @property
    def subject(self):
        """The digest to which dismissals refer: 64 hexadecimal digits."""
        return hashlib.sha256(f"{self.episode.pk}\x1f{self.kind}\x1f{self.offset_seconds}".encode()).hexdigest()

    @property
    def in_words(self):
        return in_words(self.kind, self.offset_seconds, len(self.explained), self.total, self.episode.length_seconds)


def find(cited):
    """Return a `Found` for each episode with whose citations, `Cited` in the order of the text, something is wrong."""
    by_episode = defaultdict(list)
    for citation in cited:
        by_episode[citation.episode].append(citation)
    found = []
    for episode, citations in by_episode.items():
        checked = [
            source_issues.Checked(citation.start_seconds, citation.verdict, citation.candidates)
            for citation in citations
        ]
        issue = source_issues.find_issue(checked, latest(episode))
        if issue is not None:
            explained = tuple(citations[index].ref for index in issue.explained)
            found.append(Found(episode, issue, explained, len(citations)))
    return found


def cited_with(episode, start_seconds, check, ref, *, is_settled=False):
    """Return the `Cited` of a `Check` or None; a person's confirmation or dismissal counts as said there."""
    verdict = evidence.SAID_HERE if is_settled else status.verdict_of(check)
    candidates = tuple((start, score) for start, _, score in check.candidates) if check else ()
    return Cited(episode, start_seconds, verdict, candidates, ref)


def of_revision(revision, read=None):
    """Return [(Found, its active Dismissal or None)] of a saved revision; `read` is what `derivation.read_stored` returned.

    `explained` has the primary keys of citations, and a `PastEnd` for each mark past the end. One query if too little is
    flagged, else a fixed number, and two more per episode with marks past the end.
    """
    if not _may_have_any(revision):
        return []
    cited = [
        cited_with(citation.episode, citation.start_seconds, found.check, citation.pk, is_settled=found.is_settled)
        for citation, found in status.of_revision(revision)
    ]
    if revision.problem_count:
        parts, episodes = read or derivation.read_stored(revision)
        marks = past_end(parts, revision.lead, episodes)
        cited += [
            cited_with(mark.episode, mark.citation.start_seconds, check, mark)
            for mark, check in zip(marks, checks_of(marks), strict=True)
        ]
    found = find(cited)
    dismissals = dismissals_of(revision.article) if found else {}
    return [(issue, dismissals.get(issue.subject)) for issue in found]


def dismissals_of(article):
    """Return {subject: Dismissal} of the issues that were dismissed in `article`; one query."""
    return {row.subject: row for row in Dismissal.objects.active().filter(article=article, code=CODE)}


def _may_have_any(revision):
    """Return whether enough is flagged in the text; one query."""
    flagged = revision.citation_set.filter(finding__verdict__in=source_issues.FLAGS).order_by()
    return (
        bool(revision.problem_count) or len(flagged.values_list("pk")[: source_issues.FEWEST]) == source_issues.FEWEST
    )
