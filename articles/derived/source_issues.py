"""Finds what is wrong with a text's citations of one recording as a whole, and says it in words.

Counts with the citations the marks past the recording's end, which cite nothing and so are no citations otherwise.
"""

import copy
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from articles.core import evidence, markdown
from articles.core.evidence import source_issues
from articles.core.markdown.problems import AFTER_TRANSCRIPT
from articles.core.timestamps import format_label, format_timestamp
from articles.models import Citation, Dismissal, SourceIssue

from .checks import run, status
from .texts import derivation

CODE = "source-issue"  # of dismissals
COLUMNS = ["kind", "offset_seconds", "explained_count", "citation_count"]
PAST_END = "past-end"  # the code of the lint issue of a mark past the end


@dataclass(frozen=True)
class Cited:
    """A moment that a text cites, with the verdict and candidates of its check; `ref` is for whoever asks."""

    episode: Any
    start_seconds: int
    verdict: str
    candidates: tuple
    ref: Any


@dataclass(frozen=True)
class PastEnd:
    """A mark past the end, read as if the recording went on: a citation of a part of the text (its index, from 0)."""

    part: int
    is_in_heading: bool
    citation: markdown.Citation
    episode: Any
    query: run.ClaimQuery


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


def past_end(parts, lead, episodes):
    """Return a `PastEnd` for each moment past the end that the `Part`s cite; no queries."""
    unlimited = {key: _without_length(episode) for key, episode in episodes.items()}
    marks = []
    for index, part in enumerate(parts):
        body = lead if part.section is None else part.section.body
        heading = part.heading.plain_text if part.heading else ""
        raw = "" if part.section is None else part.section.heading
        for text, rendered, is_in_heading in ((raw, part.heading, True), (body, part.body, False)):
            if not rendered or not any(problem.code == PAST_END for problem in rendered.problems):
                continue
            render = markdown.render_inline if is_in_heading else markdown.render
            known = {(citation.offset, citation.start_seconds, citation.end_seconds) for citation in rendered.citations}
            for citation in render(text, derivation.context(unlimited, {})).citations:
                if (citation.offset, citation.start_seconds, citation.end_seconds) in known:
                    continue
                episode = episodes.get(citation.key) or next(iter(episodes.values()))
                query = run.ClaimQuery(
                    citation.start_seconds,
                    citation.end_seconds,
                    citation.claim,
                    derivation.context_of(heading, citation),
                )
                marks.append(PastEnd(index, is_in_heading, citation, episode, query))
    return marks


def checks_of(marks):
    """Return the unsaved or saved `Check`, or None, of each `PastEnd`; a query or two per episode."""
    by_episode = defaultdict(list)
    for index, mark in enumerate(marks):
        by_episode[mark.episode].append(index)
    checks = [None] * len(marks)
    for episode, indexes in by_episode.items():
        found = run.findings(episode, [marks[index].query for index in indexes])
        for index, check in zip(indexes, found, strict=True):
            checks[index] = check
    return checks


def of_revision(revision, read=None):
    """Return [(Found, its active Dismissal or None)] of a saved revision; `read` is what `text.read_stored` returned.

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


def store(article):
    """Store the issues of the published text of `article` that nobody dismissed; two queries if there are none.

    Writes only what has changed.
    """
    SourceIssue.objects.filter(revision__article=article).exclude(revision=article.published_revision_id).delete()
    stored = {row.episode_id: row for row in SourceIssue.objects.filter(revision=article.published_revision_id)}
    for row, explained in expected(article):
        kept = stored.pop(row.episode_id, None)
        if kept is not None and any(getattr(kept, name) != getattr(row, name) for name in COLUMNS):
            kept.delete()
            kept = None
        if kept is None:
            row.save(force_insert=True)
            kept = row
        cited = Citation.objects.filter(revision=row.revision_id)
        cited.filter(source_issue=kept).exclude(pk__in=explained).update(source_issue=None)
        cited.filter(pk__in=explained).exclude(source_issue=kept).update(source_issue=kept)
    if stored:
        SourceIssue.objects.filter(pk__in=[row.pk for row in stored.values()]).delete()


def expected(article):
    """Yield (unsaved `SourceIssue`, primary keys of the citations that it explains) of the published text."""
    revision = article.published_revision
    if revision is None:
        return
    revision.article = article
    for found, dismissal in of_revision(revision):
        if dismissal is None:
            row = SourceIssue(
                revision=revision,
                episode=found.episode,
                kind=found.kind,
                offset_seconds=found.offset_seconds,
                explained_count=len(found.explained),
                citation_count=found.total,
            )
            yield row, {ref for ref in found.explained if not isinstance(ref, PastEnd)}


def dismissals_of(article):
    """Return {subject: Dismissal} of the issues that were dismissed in `article`; one query."""
    return {row.subject: row for row in Dismissal.objects.active().filter(article=article, code=CODE)}


def in_words(kind, offset_seconds, explained, total, length_seconds):
    """Return a sentence for editors: what is wrong with so many of all citations of a recording."""
    values = {"count": explained, "total": total}
    if kind == source_issues.OTHER_RECORDING:
        return gettext("Hardly anything that cites this recording is said in it. It may be the wrong recording.")
    if kind == source_issues.SHIFTED:
        values["by"] = _length_in_words(abs(offset_seconds))
        if offset_seconds < 0:
            return gettext("%(count)s of %(total)s timestamps are too late by %(by)s.") % values
        return gettext("%(count)s of %(total)s timestamps are too early by %(by)s.") % values
    if kind == source_issues.HOURS_TOO_LATE:
        return gettext("%(count)s of %(total)s timestamps fit without their hours.") % values
    if kind == source_issues.MINUTES_AS_HOURS:
        return gettext("%(count)s of %(total)s timestamps have their minutes in the place of the hours.") % values
    values["end"] = format_timestamp(length_seconds)
    return gettext("%(count)s of %(total)s timestamps are past the end of the recording (%(end)s).") % values


def _may_have_any(revision):
    """Return whether enough is flagged in the text; one query."""
    flagged = revision.citation_set.filter(finding__verdict__in=source_issues.FLAGS).order_by()
    return (
        bool(revision.problem_count) or len(flagged.values_list("pk")[: source_issues.FEWEST]) == source_issues.FEWEST
    )


def _length_in_words(seconds):
    hours, rest = divmod(seconds, source_issues.HOUR)
    if rest:  # an estimate: candidates start at a sentence
        return gettext("about %(label)s") % {"label": format_label(seconds)}
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def latest(episode):
    """Return the last second that can be cited, as marks past the end are found; None if no length is known."""
    if episode.duration_seconds is not None:
        return episode.duration_seconds
    return None if episode.transcript_seconds is None else episode.transcript_seconds + AFTER_TRANSCRIPT


def _without_length(episode):
    unlimited = copy.copy(episode)
    unlimited.duration_seconds = unlimited.transcript_seconds = None
    return unlimited
