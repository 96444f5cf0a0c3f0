"""Two revisions beside each other as a page shows them: changes in words, moments to open, what is folded."""

from django.utils.translation import gettext

from articles.core import diff
from articles.core.diff import Kind, new_text, old_text
from articles.models import Section, Source
from articles.workflow.changes import text_of
from articles.workflow.content import Content, SectionContent, SourceContent

from . import status
from .moments import moment, pairs
from .sections import fold, places, runs_to_show
from .status import StatusDetails, details_of
from .types import Fold, Moment, Shown, ShownChange

__all__ = [
    "Fold",
    "Moment",
    "Shown",
    "StatusDetails",
    "compare",
    "details_of",
    "moment",
    "read",
    "runs_to_show",
    "show",
]

# Changes that take a reader elsewhere than before, or take something away.
KINDS_TO_LOOK_AT = {
    Kind.NUMBER,
    Kind.NEGATION,
    Kind.CITATION_REMOVED,
    Kind.CITATION_RETIMED,
    Kind.CLAIM_REMOVED,
}
QUOTE_MAX = 1000


def compare(old, new, *, excerpts=False):
    """The `Shown` of two revisions of an article with how their citations stand, eleven queries whatever their length.

    `excerpts` shows words of transcripts, which is for who may edit; without it only where the episode allows it.
    """
    (before, old_sources), (after, new_sources) = read(old, new)
    stood = status.texts(old, new, excerpts=excerpts)
    return show(diff.compare(before, after), old_sources, new_sources, stood)


def read(*revisions):
    """The (text, episodes by source key) of each of the revisions, four queries whatever their number and length."""
    ids = [revision.pk for revision in revisions]
    sections = {pk: [] for pk in ids}
    for section in Section.objects.filter(revision__in=ids).order_by("revision", "position"):
        sections[section.revision_id].append(section)
    sources = {pk: {} for pk in ids}
    found = Source.objects.filter(revision__in=ids).select_related("episode__show")
    for source in found.prefetch_related("episode__chapter_set").order_by("revision", "position"):
        sources[source.revision_id][source.key] = source.episode
    return [
        (_text(revision, sections[revision.pk], sources[revision.pk]), sources[revision.pk]) for revision in revisions
    ]


def show(compared, before, after, stood=None):
    """The `Shown` of a comparison; `before` and `after` are the episodes of its texts by their keys.

    `stood` are the `status.Text` of both where it is to be shown how citations stand: changes of one kind then come
    in the order of what was found at their new moments, the riskiest first.
    """
    kinds = [change.kinds[0] for change in compared.changes]
    brought = {change.id: change.source_key for change in compared.changes if change.scope == "source"}
    changes = [_shown(change, before, after, brought, stood) for change in compared.changes]
    if stood:
        ranks = {change.id: change.rank for change in compared.changes}
        changes.sort(key=lambda change: (ranks[change.id], -change.weight))
    return Shown(
        changes=changes,
        sections=fold([compared.lead, *compared.sections]),
        tally=[
            (gettext("title and sources") if kind is Kind.ABOUT else gettext(kind.value), kinds.count(kind))
            for kind in Kind
            if kind in kinds
        ],
        is_coarse=compared.is_coarse,
        note=diff.prefill_note(compared),
        counts=status.counts(stood[1], stood[0]) if stood else None,
    )


def _text(revision, sections, episodes):
    """The same text that the workflow compares, so that a change has the same id in both."""
    return text_of(
        Content(
            title=revision.title,
            slug=revision.slug,
            lead=revision.lead,
            notice=revision.notice,
            language=revision.language,
            sources=tuple(SourceContent(episode, key) for key, episode in episodes.items()),
            sections=tuple(SectionContent(s.heading, s.body, s.level, s.key) for s in sections),
        )
    )


def _shown(change, before, after, brought, stood):
    where = _where(change)
    moments, kept = pairs(change, before, after, stood)
    return ShownChange(
        tags=[(_word(kind, where), kind in KINDS_TO_LOOK_AT) for kind in change.kinds],
        where=where,
        remark=_remark(change),
        runs=runs_to_show(change.runs),
        moments=moments,
        kept=kept,
        id=change.id,
        section_key=change.section_key,
        quote=(new_text(change.runs).strip() or old_text(change.runs).strip())[:QUOTE_MAX],
        needs={need: brought[need] for need in change.needs},
    )


def _word(kind, where):
    return gettext("%(where)s changed") % {"where": where.lower()} if kind is Kind.ABOUT else gettext(kind.value)


def _where(change):
    if change.scope in {"title", "notice", "language"}:
        return gettext(change.scope.capitalize())
    if change.scope == "slug":
        return gettext("Address")
    if change.scope == "source":
        return gettext("Source %(key)s") % {"key": change.source_key}
    if change.scope == "source order":
        return gettext("Order of the sources")
    return change.heading or gettext("Lead")


def _remark(change):
    """What the runs alone do not say."""
    if change.scope == "level":
        return gettext("The section’s level in the outline.")
    if change.old_position is not None and change.new_position is not None:
        return places(change.old_position, change.new_position)
    if change.from_section_key is not None and change.from_section_key != change.section_key:
        return gettext("From another section.")
    return ""
