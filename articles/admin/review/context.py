"""What the review page shows of a revision: what it changes, what in it is no citation, what was done and said."""

from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext

from articles.core import diff, merge
from articles.derived import text as derivation
from articles.derived.i18n import translate
from articles.models import Comment, LogEntry, Revision
from articles.views import diff as compared
from articles.views.diff import Fold, moment


@dataclass(frozen=True)
class PlacedProblem:
    where: str
    line: int
    column: int
    text: str
    message: str


@dataclass(frozen=True)
class Outdated:
    """What the published text brings to a revision that it has moved on from.

    `shown` are the changes that come in of themselves, `clashes` the places that both changed.
    """

    published: Revision
    shown: compared.Shown
    clashes: tuple
    is_coarse: bool


@dataclass
class Discussion:
    """The threads of a revision: first comments, each with its `replies`. `apart` are those that no shown place has."""

    threads: list = field(default_factory=list)
    apart: list = field(default_factory=list)

    @property
    def unresolved(self):
        return [thread for thread in self.threads if thread.resolved_at is None]


def revision_or_404(request, pk):
    """The revision with all that its page names. Raises Http404 also for one that the person may not know of."""
    if not (request.user.has_perm("articles.view_revision") or request.user.has_perm("articles.change_revision")):
        raise PermissionDenied
    related = ["article__published_revision", "target", "base", "rendering"]
    found = Revision.objects.visible_to(request.user).select_related(*related).prefetch_related("contributor_set")
    revision = found.filter(pk=pk).first() if str(pk).isdecimal() else None
    if revision is None:
        raise Http404(gettext("No such revision."))
    return revision


def other_of(revision, asked):
    """The revision that the page compares with: the one with the number `asked`, else the one it follows.

    Raises LookupError where the article has no such revision.
    """
    if not asked or (revision.target_id and asked == str(revision.target.number)):
        return revision.target
    other = revision.article.revision_set.filter(number=asked).first() if asked.isdecimal() else None
    if other is None:
        raise LookupError(gettext("This article has no revision %(asked)s.") % {"asked": asked})
    return other


def outdated(revision):
    """The `Behind` of a revision that is behind, else None; four queries."""
    if not revision.is_outdated or revision.status not in {"draft", "submitted", "approved"}:
        return None
    published = revision.article.published_revision
    present = [each for each in (revision.target, revision, published) if each is not None]
    texts = compared.read(*present)
    base = texts[0][0] if revision.target is not None else diff.Text()
    (ours, own_sources), (theirs, their_sources) = texts[-2:]
    merged = merge.merge(base, ours, theirs)
    result = merged.text or merge.resolve(merged, dict.fromkeys((clash.id for clash in merged.clashes), "ours"))
    incoming = diff.compare(ours, result)
    shown = compared.show(incoming, own_sources, their_sources | own_sources)
    return Outdated(published, shown, merged.clashes, merged.is_coarse)


def discussion(revision, shown):
    """The `Discussion` of a revision, one query; each thread is put to the change or the section that it is about."""
    found = Discussion()
    by_pk = {}
    for comment in Comment.objects.filter(revision=revision):
        if comment.parent_id is None:
            comment.replies, comment.place = [], f"thread:{comment.pk}"
            by_pk[comment.pk] = comment
            found.threads.append(comment)
        else:
            by_pk[comment.parent_id].replies.append(comment)
    changes = {change.id: change for change in shown.changes} if shown else {}
    sections = {section.key: section for section in sections_of(shown)}
    for thread in found.threads:
        place = changes.get(thread.change) if thread.change else sections.get(str(thread.section_key))
        (place.threads if place else found.apart).append(thread)
    return found


def places(revision):
    """The sections of a text that is not compared, as (place, heading), for the form of a comment."""
    found = revision.section_set.values_list("key", "heading")
    return [(f"section:{key}", heading) for key, heading in found]


def sections_of(shown):
    """The sections of a comparison, folded or not."""
    for entry in shown.sections if shown else []:
        yield from entry.sections if isinstance(entry, Fold) else [entry]


def problems(revision):
    """The marks of the revision that are no citations as they stand, with their places; none are read if none are."""
    if not revision.problem_count:
        return []
    sections = list(revision.section_set.all())
    parts = derivation.read(revision.lead, sections, derivation.sources_of(revision), known_slugs=set())
    placed = []
    for part in parts:
        name = part.section.heading if part.section else gettext("Lead")
        for text in part.rendered():
            where = gettext("%(name)s (heading)") % {"name": name} if text is part.heading else name
            placed += [PlacedProblem(where, p.line, p.column, p.text, translate(p.message)) for p in text.problems]
    return placed


def claims(revision, *, excerpts):
    """What a text that is new as a whole cites: ([citation with its `moment`], `compared.Counts`), five queries.

    The moments say how the citations stand; `excerpts` shows words of transcripts, for who may edit.
    """
    [text] = compared.status.texts(revision, excerpts=excerpts)
    rows = [stands.citation for stands in text.stands]
    episodes = {row.episode_id: row.episode for row in rows}
    prefetch_related_objects(list(episodes.values()), "chapter_set")
    for row, stands in zip(rows, text.stands, strict=True):
        cited = moment(episodes[row.episode_id], row.start_seconds, row.end_seconds, is_named=len(episodes) > 1)
        row.moment = replace(cited, stands=stands)
    return rows, compared.status.counts(text)


def log(revision):
    """What was done to the revision, oldest first."""
    return LogEntry.objects.filter(revision=revision)
