"""What can be chosen in a row of the citation report: whether the user can confirm it, what can be dismissed, and where it can be moved."""

from dataclasses import dataclass

from django.db.models import Q

from articles import workflow
from articles.admin.evidence import suggestions
from articles.admin.evidence.title_moments import by_title
from articles.core.recordings import transcripts
from articles.core.timestamps import format_label
from articles.derived.checks import labels
from articles.models import Check, Cue, Dismissal, Revision

from .drafted import Drafted, of_citations

LONGEST_SECONDS = 300  # of a cue that goes on at a moment: some transcripts have one per paragraph


@dataclass(frozen=True)
class Moment:
    """A moment to which a citation can be moved, in seconds; `excerpt` is what is said there."""

    seconds: int
    label: str
    chapter: str
    href: str
    excerpt: str


@dataclass(frozen=True)
class Choices:
    """What somebody can do with a citation. `is_own` if they wrote it, `draft` their open draft of its article.

    `moments_note` is what to say before the moments. `issues` are those that can be dismissed, as (value of the form,
    name): its verdict, then what lint rules flag.
    """

    moments: list[Moment]
    moments_note: str
    is_own: bool
    issues: list[tuple[str, str]]
    draft: Revision | None
    drafted: Drafted | None  # where that draft has it, if at another timestamp

    reasons = Dismissal.Reason.choices


def choices_of(rows, user, *, has_flags=True):
    """Return the `Choices` of `user`, somebody with access to transcripts, for each `loading.Row`.

    Five queries, four if no transcript has a moment to move to, one more with drafts, none without rows. Without `has_flags`, for a page of one problem, only its verdict can be dismissed.
    """
    if not rows:
        return []
    checks = Check.objects.filter(citation__in=[row.citation.pk for row in rows]).values_list("pk", "candidates")
    candidates = dict(checks.order_by())
    own = workflow.own_claims(user, {row.citation.claim_key for row in rows})
    articles = {row.citation.revision.article_id for row in rows}
    drafts = Revision.objects.visible_to(user).open().filter(author=user, article__in=articles).defer("lead")
    by_article = {draft.article_id: draft for draft in drafts}
    drafted = of_citations([row.citation for row in rows], by_article)
    return [
        Choices(
            moments,
            suggestions.note(row.citation.finding),
            row.citation.claim_key in own,
            _issues(row, has_flags),
            by_article.get(row.citation.revision.article_id),
            drafted.get(row.citation.pk),
        )
        for row, moments in zip(rows, _moments(rows, candidates), strict=True)
    ]


def _issues(row, has_flags):
    verdict = [("", labels.verdict_name(row.details.verdict))] if row.details.is_flagged else []
    flags = [flag for flag in row.flags if not flag.is_dismissed] if has_flags else []
    return verdict + [(f"{flag.code}:{flag.subject}", flag.title) for flag in flags]


def _moments(rows, candidates):
    """Yield the `Moment`s of each row: from its check, or from the titles of chapters without a transcript. One query."""
    likely = [
        suggestions.likely(
            candidates.get(row.citation.finding_id, ()), row.citation.start_seconds, row.citation.episode
        )
        for row in rows
    ]
    windows = [
        (row.citation.episode_id, start, end)
        for row, of_row in zip(rows, likely, strict=True)
        for start, end, _ in of_row
    ]
    cues, chapters = _cues_in(windows), by_title([row.citation for row in rows])
    for row, of_row in zip(rows, likely, strict=True):
        citation, episode = row.citation, row.citation.episode
        if citation.pk in chapters:
            yield [_moment(episode, one.seconds, suggestions.only_by_title()) for one in chapters[citation.pk]]
        else:
            texts = cues.get(episode.pk, [])
            yield [_moment(episode, start, suggestions.said_in(texts, start, end)) for start, end, _ in of_row]


def _moment(episode, seconds, excerpt):
    chapter = episode.chapter_title_at(seconds)
    return Moment(seconds, format_label(seconds), chapter, episode.link_at(seconds), excerpt)


def _cues_in(windows):
    """Return {episode: [`transcripts.Cue`] in order} of the cues in `windows`, (episode, start, end) in seconds. One query.

    Cues outside of them are left out, so that a page of the report doesn’t read whole transcripts. No query without any.
    """
    conditions = Q()
    for episode, start, end in _merged(windows):
        began = Q(start_seconds__gte=start - LONGEST_SECONDS, start_seconds__lt=end)
        conditions |= began & Q(episode=episode, end_seconds__gt=start)
    cues = {}
    if conditions:
        found = Cue.objects.filter(conditions).order_by("start_seconds", "pk")
        for episode, *cue in found.values_list("episode", "start_seconds", "end_seconds", "speaker", "text"):
            cues.setdefault(episode, []).append(transcripts.Cue(*cue))
    return cues


def _merged(windows):
    """Yield the windows with what is needed before them, those that overlap as one."""
    last = None
    for episode, start, end in sorted(windows):
        start, end = start - suggestions.BEFORE_SECONDS, min(end, start + suggestions.NEAR_SECONDS)
        if last and last[0] == episode and start <= last[2]:
            last = episode, last[1], max(last[2], end)
            continue
        if last:
            yield last
        last = episode, start, end
    if last:
        yield last
