"""What a correction of a cue would change for readers and reviewers, and so why it has to wait."""

from django.utils.translation import gettext
from rapidfuzz import fuzz

from articles.derived.checks import discrepancies, labels, run
from articles.derived.recordings import dependents, excerpts
from articles.models import Citation

ALIKE = 50  # percent; a text that has less in common with what was there isn't a correction but another text


def why_seen(made):
    """Return a sentence that says why readers or reviewers would see a correction, "" if they wouldn't.

    They see the statuses and excerpts of citations, what their checks found, and the text itself if it is public. What
    was approved and isn't published yet covers the transcript, so it would have to be approved again. A correction that
    is too large to be one counts as seen.
    """
    relying = dependents.revisions_relying_on([made.recording])
    return why_seen_by_itself(made) or why_seen_in(affected(made.recording, made.cues, relying))


def why_seen_in(citations):
    """Return that sentence for what `affected` returned."""
    return gettext("It waits because what is shown of citations would change.") if citations else ""


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
    """Return the citations in `revisions`, a query set, that another check of `cues` would show differently.

    As [(citation, before, after)], both (status, public excerpt, what the check found).
    """
    citations = Citation.objects.filter(episode=episode, revision__in=revisions)
    citations = list(citations.select_related("revision", "finding", "episode__show").order_by("pk"))
    before = _shown(episode, citations)
    for citation, check in zip(citations, run.preview(episode, citations, cues), strict=True):
        if citation.finding is not None:
            check.checked_at = citation.finding.checked_at
            check.is_excerpt_left_out = citation.finding.is_excerpt_left_out
        citation.finding = check
    compared = zip(citations, before, _shown(episode, citations), strict=True)
    return [(citation, old, new) for citation, old, new in compared if old != new]


def _shown(episode, citations):
    checks = [citation.finding for citation in citations]
    shown = [excerpts.public_excerpt(episode, check) for check in checks]
    found = [check and _found(check) for check in checks]
    return list(zip(labels.labels_of(citations), shown, found, strict=True))


def _found(check):
    """Return what readers see of a check in the API and the citation report, whatever people have said since."""
    values = check.verdict, check.published_score, check.where_seconds, list(check.missing)
    return *values, discrepancies.as_values(check)
