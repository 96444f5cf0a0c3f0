"""Comparisons of two revisions, ready for a page: described changes, links to cited moments, folded sections."""

from collections import Counter

from django.utils.translation import gettext

from articles.core.markdown import plain_heading, visible_links
from articles.core.revisions import diff
from articles.core.revisions.diff import Kind, kind_label, new_text, old_text
from articles.models import Section, Source
from articles.workflow.content import content_from_rows
from articles.workflow.content.changes import text_of

from . import status
from .moments import moment, pairs
from .sections import fold, move_remark, runs_to_show, without
from .status import StatusDetails, details_of
from .types import CHANGES_PER_PAGE, Fold, Moment, Shown, ShownChange

# Kinds of change that alter what a reader is told, or remove something; they get a warning label.
RISKY_KINDS = {
    Kind.NUMBER,
    Kind.NEGATION,
    Kind.CITATION_REMOVED,
    Kind.CITATION_RETIMED,
    Kind.CLAIM_REMOVED,
}
QUOTE_MAX = 1000


def compare(old, new, *, excerpts=False):
    """Compare two revisions of an article, with their citation statuses; returns a `Shown`, in eleven queries.

    `excerpts` includes transcript excerpts for editors; otherwise they are those that readers see.
    """
    (before, old_sources), (after, new_sources) = read(old, new)
    statuses = status.texts(old, new, excerpts=excerpts)
    return show(diff.compare(before, after), old_sources, new_sources, statuses)


def read(*revisions):
    """Return a list of (text, episodes by source key), one for each revision; always takes four queries."""
    ids = [revision.pk for revision in revisions]
    sections = {pk: [] for pk in ids}
    for section in Section.objects.filter(revision__in=ids).order_by("revision", "position"):
        sections[section.revision_id].append(section)
    sources = {pk: [] for pk in ids}
    rows = Source.objects.filter(revision__in=ids).select_related("episode__show")
    for source in rows.prefetch_related("episode__chapter_set").order_by("revision", "position"):
        sources[source.revision_id].append(source)
    # The same text that the workflow compares, so that changes have the same ids in both places.
    return [
        (
            text_of(content_from_rows(revision, sources[revision.pk], sections[revision.pk])),
            {source.key: source.episode for source in sources[revision.pk]},
        )
        for revision in revisions
    ]


def show(compared, before, after, statuses=None):
    """Return the `Shown` of a comparison; `before` and `after` map its texts' source keys to episodes.

    `statuses` is the pair of `status.Text` for both, to show citation statuses: changes of the same kind are then
    ordered by the risk of their new citations, highest first.
    """
    words = Counter((change.kinds[0].rank, _tally_word(change)) for change in compared.changes)
    new_sources = {change.id: change.source_key for change in compared.changes if change.scope == "source"}
    changes = [_shown_change(change, before, after, new_sources, statuses) for change in compared.changes]
    if statuses:
        ranks = {change.id: change.rank for change in compared.changes}
        changes.sort(key=lambda change: (ranks[change.id], -change.weight))
    return Shown(
        changes=changes,
        sections=fold(compared),
        tally=[(word, count) for (_, word), count in sorted(words.items())],
        is_coarse=compared.is_coarse,
        note=diff.prefill_note(compared),
        counts=status.counts(statuses[1], statuses[0]) if statuses else None,
    )


def _shown_change(change, before, after, new_sources, statuses):
    where = _where(change)
    moments, kept = pairs(change, before, after, statuses)
    return ShownChange(
        tags=_tags(change, where),
        where=where,
        remark=_remark(change),
        runs=runs_to_show(change.runs),
        moments=moments,
        kept=kept,
        id=change.id,
        section_key=change.section_key,
        quote=visible_links(new_text(change.runs).strip() or old_text(change.runs).strip())[:QUOTE_MAX],
        needs={need: new_sources[need] for need in change.needs},
        note_part=diff.note_part(change),
    )


def _tags(change, where):
    """(word, whether it is a warning) for each thing that the change does, riskiest first, behind that it is a section."""
    tags = [(_tag(change, kind, where), kind in RISKY_KINDS) for kind in change.kinds]
    if not (whole := _whole_section(change)):
        return tags
    return [(whole, False), *(tag for tag, kind in zip(tags, change.kinds, strict=True) if kind is not Kind.WORDING)]


def _tally_word(change):
    """What the change counts as among the others of its page."""
    kind = change.kinds[0]
    if kind is Kind.ABOUT:
        return gettext("title and sources")
    return (kind is Kind.WORDING and _whole_section(change)) or _tag(change, kind, "")


def _tag(change, kind, where):
    if change.scope == "level":
        return gettext("outline level changed")
    if kind is not Kind.ABOUT:
        return gettext(kind_label(kind.value))
    ops = [run.op for run in change.runs]
    if change.scope == "source" and ops in (["insert"], ["delete"]):
        done = gettext("%(where)s added") if ops == ["insert"] else gettext("%(where)s removed")
    else:
        done = gettext("%(where)s changed")
    return done % {"where": where.lower()}


def _whole_section(change):
    """What the change does to a section as a whole; "" if it is another one. A moved section has both positions."""
    if change.scope != "section" or (change.old_position is None) == (change.new_position is None):
        return ""
    return gettext("section removed") if change.new_position is None else gettext("section added")


def _where(change):
    if change.scope in {"title", "notice", "language"}:
        return gettext(change.scope.capitalize())
    if change.scope == "slug":
        return gettext("Address")
    if change.scope == "source":
        return gettext("Source %(key)s") % {"key": change.source_key}
    if change.scope == "source order":
        return gettext("Order of the sources")
    return plain_heading(change.heading) or gettext("Lead")


def _remark(change):
    """Describe what the runs of text don't show."""
    if change.scope == "level":
        return gettext("Outline level changed.")
    if change.old_position is not None and change.new_position is not None:
        return move_remark(change.old_position, change.new_position)
    if change.from_section_key is not None and change.from_section_key != change.section_key:
        return gettext("Moved from another section.")
    return ""
