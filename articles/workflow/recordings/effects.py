"""What a correction of a cue would change for readers and reviewers, and so why it has to wait."""

from dataclasses import dataclass, field

from django.utils.translation import gettext
from rapidfuzz import fuzz

from articles.derived import source_issues
from articles.derived.checks import discrepancies, labels, run, status
from articles.derived.recordings import dependents, excerpts
from articles.models import Check, Citation

ALIKE = 50  # percent; a text that has less in common with what was there isn't a correction but another text


@dataclass(frozen=True)
class Shown:
    """What is shown of a citation: its status in words, its public excerpt, "" if none, and what its check found."""

    label: labels.StatusLabel
    is_settled: bool
    excerpt: str
    found: tuple | None
    check: Check | None = field(compare=False)


@dataclass(frozen=True)
class Effects:
    """What would be shown differently.

    `citations` are [(citation, before, after)], both `Shown`; `issues` are [(revision, before, after)], both what is
    wrong with all its citations of the recording, in words, "" if nothing.
    """

    citations: tuple = ()
    issues: tuple = ()


def why_seen(made):
    """Return a sentence that says why readers or reviewers would see a correction, "" if they wouldn't.

    They see the statuses and excerpts of citations, what their checks found, and the text itself if it is public. What
    was approved and isn't published yet covers the transcript, so it would have to be approved again. A correction that
    is too large to be one counts as seen.
    """
    relying = dependents.revisions_relying_on([made.recording])
    return why_seen_by_itself(made) or why_seen_in(affected(made.recording, made.cues, relying))


def why_seen_in(effects):
    """Return that sentence for the `Effects` that `affected` returned."""
    if effects.citations:
        return gettext("It waits because what is shown of citations would change.")
    if effects.issues:
        return gettext("It waits because the issue of all citations of the recording together would change.")
    return ""


def why_seen_by_itself(made):
    """Return that sentence for what makes a correction wait whatever it changes of citations, else ""."""
    episode = made.recording
    if episode.has_public_transcript:
        return gettext("It waits because the transcript is public.")
    if min(fuzz.ratio(text, made.text) for text in made.texts_before) < ALIKE:
        return gettext("It waits because less than half of the text stays.")
    relying = dependents.revisions_relying_on([episode])
    if relying.filter(status="approved", published_for=None).exists():
        return gettext("It waits because a text that was approved, but isn’t published yet, cites this recording.")
    return ""


def affected(episode, cues, revisions):
    """Return the `Effects` of other `cues` of `episode` on `revisions`, a query set; a fixed number of queries."""
    rows = Citation.objects.filter(episode=episode, revision__in=revisions)
    rows = rows.select_related("revision", "finding", "episode__show").order_by("revision", "position")
    citations, marks = list(rows), source_issues.marks_past_the_end(episode, revisions)
    past_end = [mark for _, mark in marks]
    queries = [*map(run.query_of, citations), *(mark.query for mark in past_end)]
    checks = run.preview(episode, queries, cues)
    before, issues_before = _shown(episode, citations, marks, source_issues.checks_of(past_end))
    for citation, check in zip(citations, checks, strict=False):
        if citation.finding is not None:
            check.checked_at = citation.finding.checked_at
            check.is_excerpt_left_out = citation.finding.is_excerpt_left_out
        citation.finding = check
    after, issues_after = _shown(episode, citations, marks, checks[len(citations) :])
    compared = zip(citations, before, after, strict=True)
    return Effects(
        tuple((citation, old, new) for citation, old, new in compared if old != new),
        _differing(issues_before, issues_after),
    )


def _shown(episode, citations, marks, mark_checks):
    """Return the `Shown` of each of the citations, and the issues of their texts."""
    statuses = status.of_citations(citations)
    shown = [
        Shown(
            labels.label_of(citation_status),
            citation_status.is_settled,
            excerpts.public_excerpt(episode, check),
            check and _found(check),
            check,
        )
        for citation_status in statuses
        for check in [citation_status.check]
    ]
    return shown, source_issues.found_in_texts(citations, statuses, marks, mark_checks)


def _differing(before, after):
    """Return (revision, words, words) of the texts of which {revision: `Found`} `before` and `after` say other things."""
    differing = []
    for revision in before | after:
        old, new = before.get(revision), after.get(revision)
        if old is None or new is None or _facts(old) != _facts(new):
            differing.append((revision, old.in_words if old else "", new.in_words if new else ""))
    return tuple(differing)


def _facts(found):
    return found.kind, found.offset_seconds, found.explained


def _found(check):
    """Return what readers see of a check in the API and the citation report, whatever people have said since."""
    values = check.verdict, check.published_score, check.where_seconds, list(check.missing)
    return *values, discrepancies.as_values(check)
