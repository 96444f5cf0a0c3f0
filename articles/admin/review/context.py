"""The data of the review page: changes, comments and the log of a revision."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from rapidfuzz import fuzz

from articles.admin.evidence.threads import SIMILAR, edit_runs
from articles.admin.pages.shared import found_or_404
from articles.admin.recordings.comparison import parts_of
from articles.core import diff, merge
from articles.core.evidence.calibration import HEARD_AFTER, HEARD_BEFORE
from articles.core.markdown import plain_heading
from articles.models import Comment, DraftLink, Episode, GuestComment, Revision, Source
from articles.views import diff as compared
from articles.views.diff import Fold, moment
from articles.workflow.collaboration import comments, margin
from articles.workflow.recordings import changes_to

CHANGES_SHOWN = 20  # changes to recordings
CORRECTIONS_SHOWN = 100  # of transcripts, by those who wrote the text


@dataclass(frozen=True)
class Outdated:
    """What updating an outdated revision to the published text involves.

    `shown` is the comparison with the changes that apply without a conflict, `conflicts` the places that both changed.
    """

    published: Revision
    shown: compared.Shown
    conflicts: tuple
    is_coarse: bool


@dataclass
class Discussion:
    """The threads of a revision: first comments, each with its `replies`. `apart` are those that fit no place shown.

    `chosen` says which of them the page shows: "open", "resolved", or "" for all.
    """

    threads: list = field(default_factory=list)
    apart: list = field(default_factory=list)
    chosen: str = ""

    @property
    def unresolved(self):
        return [thread for thread in self.threads if thread.resolved_at is None]

    @property
    def resolved(self):
        return [thread for thread in self.threads if thread.resolved_at is not None]

    @property
    def shown(self):
        return {"open": self.unresolved, "resolved": self.resolved}.get(self.chosen, self.threads)


def revision_or_404(request, pk):
    """The revision with its related rows, whether it `was_shared` by link, and how many `guest_comments` it has.

    Raises Http404 also if it isn't visible to the user.
    """
    if not (request.user.has_perm("articles.view_revision") or request.user.has_perm("articles.change_revision")):
        raise PermissionDenied
    related = ["article__published_revision", "target", "base", "rendering"]
    revisions = Revision.objects.visible_to(request.user).select_related(*related).prefetch_related("contributor_set")
    said = (
        GuestComment.objects.filter(link__revision=OuterRef("pk"), deleted_at=None).order_by().values("link__revision")
    )
    revisions = revisions.annotate(
        was_shared=Exists(DraftLink.objects.filter(revision=OuterRef("pk"))),
        guest_comments=Coalesce(Subquery(said.annotate(number=Count("pk")).values("number")), 0),
    )
    return found_or_404(revisions, pk, gettext("No such revision."))


def other_of(revision, number, user):
    """The revision to compare with: the one with this `number` (a string), by default the one it would replace.

    Raises Http404 if the article has none that `user` may see.
    """
    if not number or (revision.target_id and number == str(revision.target.number)):
        return revision.target
    missing = gettext("This article has no revision %(number)s.") % {"number": number}
    return found_or_404(revision.article.revision_set.visible_to(user), number, missing, field="number")


def said_instead(revision, missing):
    """What the page says if the revision that was to be compared is `missing`."""
    instead = (
        gettext("This is the comparison with revision {} instead.").format(revision.target.number)
        if revision.target
        else gettext("These are the citations of the whole text instead.")
    )
    history = reverse("admin:articles_article_history", args=[revision.article_id])
    chosen = format_html(gettext('Choose any two texts in the <a href="{}">history</a>.'), history)
    return format_html("{} {} {}", str(missing), instead, chosen)


def outdated(revision):
    """The `Outdated` of an outdated revision, None for any other. Four queries."""
    if not revision.is_outdated or revision.status not in {"draft", "submitted", "approved"}:
        return None
    published = revision.article.published_revision
    revisions = [item for item in (revision.target, revision, published) if item is not None]
    texts = compared.read(*revisions)
    base = texts[0][0] if revision.target is not None else diff.Text()
    (ours, own_sources), (theirs, their_sources) = texts[-2:]
    merged = merge.merge(base, ours, theirs)
    result = merged.text or merge.resolve(merged, dict.fromkeys((conflict.id for conflict in merged.conflicts), "ours"))
    incoming = diff.compare(ours, result)
    shown = compared.show(incoming, own_sources, their_sources | own_sources)
    return Outdated(published, shown, merged.conflicts, merged.is_coarse)


def discussion(revision, shown, chosen=""):
    """The `Discussion` of a revision, with the threads that were open when it was submitted from the rounds before it.

    Adds each thread that is `chosen` to the change or section in `shown` that it is about, and to a margin comment
    where its passage is now (`located`). Two queries, one for a revision that continues no other; one more for passages.
    """
    result = Discussion(chosen=chosen)
    by_pk = {}
    earlier = Q(parent=None, resolved_at=None) | Q(parent__isnull=False)
    if revision.submitted_at:
        earlier |= Q(resolved_at__gte=revision.submitted_at)
    found = Comment.objects.filter(Q(revision=revision) | earlier, comments.discussion_of(revision))
    found = found.select_related("passage", "edit__accepted_in").defer("edit__accepted_in__lead")
    for comment in found.annotate(round=F("revision__number")):
        if comment.parent_id is None:
            comment.replies, comment.comment_target = [], f"thread:{comment.pk}"
            by_pk[comment.pk] = comment
            result.threads.append(comment)
        elif comment.parent_id in by_pk:
            by_pk[comment.parent_id].replies.append(comment)
    _locate(result.threads, revision)
    changes = {change.id: change for change in shown.changes} if shown else {}
    sections = {section.key: section for section in sections_of(shown)}
    for thread in result.shown:
        place = _place_of(thread, revision, changes, sections)
        (place.threads if place else result.apart).append(thread)
    return result


def _locate(threads, revision):
    """Set `located` on margin comments, where their passage is in `revision`, and `edit_runs` if they suggest an edit."""
    in_margin = [thread for thread in threads if hasattr(thread, "passage")]
    fields = margin.fields_of(revision, revision.section_set.all()) if in_margin else ()
    for thread in in_margin:
        thread.located = margin.locate(thread, fields)
        if hasattr(thread, "edit"):
            thread.edit_runs = edit_runs(thread.quote, thread.edit)


def _place_of(thread, revision, changes, sections):
    """The change or section shown that `thread` is about, None if there is none."""
    if hasattr(thread, "passage"):
        is_left = thread.located.field is None
        return None if is_left else sections.get(str(thread.located.field.section_key or ""))
    section = sections.get(str(thread.section_key))
    place = changes.get(thread.change) if thread.change else section
    if place is None and thread.revision_id != revision.pk:
        place = _edited_since(thread, changes.values()) or section
    return place


def recording_changes(revision):
    """The changes to the cited recordings that a reviewer has to know of, as pairs of a change and its parts, compared.

    They wait for a decision, were made since the submission, or are corrections that a contributor made where the text
    cites: the check compares the text with these words, and nobody else has seen them. The newest come first.
    """
    since = revision.submitted_at or revision.saved_at
    is_recent = Q(outcome="waiting") | Q(outcome="applied", decided_at__gte=since)
    known = changes_to(revision).select_related("episode", "show").defer("cues")
    changes = list(known.filter(is_recent)[:CHANGES_SHOWN])
    contributors = revision.contributor_set.values("user")
    own = known.filter(outcome="applied", after__has_key="cue", decided_at__lt=since, decided_by__in=contributors)
    changes += _where_cited(revision, own)[:CORRECTIONS_SHOWN] if (own := list(own)) else []
    return [(change, parts_of(change)) for change in changes]


def _where_cited(revision, corrections):
    """Return the `corrections` of cues that may be heard at a moment that `revision` cites."""
    spans = defaultdict(list)
    for episode, start, end in revision.citation_set.values_list("episode", "start_seconds", "end_seconds"):
        spans[episode].append((start - HEARD_BEFORE, (end or start) + HEARD_AFTER))
    cues = [(change, change.before["cue"]) for change in corrections]
    return [
        change
        for change, cue in cues
        if any(cue["start"] <= last and cue["end"] >= first for first, last in spans[change.episode_id])
    ]


def made_public(revision):
    """The cited episodes whose transcripts everybody may read once the revision is published, and nobody before."""
    already = Source.objects.filter(episode=OuterRef("pk"), revision__published_for__isnull=False)
    cited = Episode.objects.filter(~Exists(already), source__revision=revision).select_related("show").distinct()
    return [episode for episode in cited if episode.has_public_transcript]


def _edited_since(thread, changes):
    """The change to the sentence that `thread` quotes, which has been edited since; None if there is none."""
    in_section = [change for change in changes if change.section_key == str(thread.section_key or "")]
    scored = [(fuzz.ratio(change.quote, thread.quote), change) for change in in_section if thread.change]
    best, change = max(scored, key=lambda item: item[0], default=(0, None))
    return change if best >= SIMILAR else None


def comment_targets(revision):
    """The sections of a text without a comparison, as [(place, heading)] for the comment form."""
    sections = revision.section_set.values_list("key", "heading")
    return [(f"section:{key}", plain_heading(heading)) for key, heading in sections]


def sections_of(shown):
    """All sections of a comparison, folded or not."""
    for entry in shown.sections if shown else []:
        yield from entry.sections if isinstance(entry, Fold) else [entry]


def claim_keys(citations, shown):
    """The keys of the claims that the page offers to confirm: `citations`, or the new ones of the comparison `shown`."""
    pairs = [pair for change in shown.changes for pair in (*change.moments, *change.kept)] if shown else []
    new = [cited.details.citation for _, cited in pairs if cited and cited.details]
    return {citation.claim_key for citation in [*citations, *new]}


def claims(revision, *, excerpts):
    """([citation with its `moment`], `compared.Counts`) of an entirely new text. Five queries.

    The moments include the status of their citations; `excerpts` adds transcript excerpts, which only editors may see.
    """
    [text] = compared.status.texts(revision, excerpts=excerpts)
    rows = [details.citation for details in text.details]
    episodes = {row.episode_id: row.episode for row in rows}
    prefetch_related_objects(list(episodes.values()), "chapter_set")
    for row, details in zip(rows, text.details, strict=True):
        cited = moment(episodes[row.episode_id], row.start_seconds, row.end_seconds, is_named=len(episodes) > 1)
        row.moment = replace(cited, details=details)
    return rows, compared.status.counts(text)
