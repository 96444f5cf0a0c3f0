"""Two revisions beside each other as a page shows them: changes in words, moments to open, what is folded."""

from articles import comparison
from articles.changes import text_of
from articles.comparison import Kind, new_text, old_text
from articles.contents import Content, SectionContent, SourceContent
from articles.models import Section, Source
from articles.timestamps import format_iso, format_label

from .sections import fold, places, runs_to_show
from .values import Fold, Moment, Shown, ShownChange, ShownSection

__all__ = [
    "Fold",
    "Moment",
    "Shown",
    "ShownChange",
    "ShownSection",
    "compare",
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


def compare(old, new):
    """The `Shown` of two revisions, four queries whatever their length."""
    (before, old_sources), (after, new_sources) = read(old, new)
    return show(comparison.compare(before, after), old_sources, new_sources)


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


def show(compared, before, after):
    """The `Shown` of a comparison; `before` and `after` are the episodes of its texts by their keys."""
    kinds = [change.kinds[0] for change in compared.changes]
    brought = {change.id: change.source_key for change in compared.changes if change.scope == "source"}
    return Shown(
        changes=[_shown(change, before, after, brought) for change in compared.changes],
        sections=fold([compared.lead, *compared.sections]),
        tally=[
            ("title and sources" if kind is Kind.ABOUT else kind.value, kinds.count(kind))
            for kind in Kind
            if kind in kinds
        ],
        is_coarse=compared.is_coarse,
        note=comparison.prefill_note(compared),
    )


def _text(revision, sections, episodes):
    """The same text that the workflow compares, so that a change has the same id in both."""
    return text_of(
        Content(
            title=revision.title,
            slug=revision.slug,
            lead=revision.lead,
            notice=revision.notice,
            sources=tuple(SourceContent(episode, key) for key, episode in episodes.items()),
            sections=tuple(SectionContent(s.heading, s.body, s.level, s.key) for s in sections),
        )
    )


def _shown(change, before, after, brought):
    where = _where(change)
    return ShownChange(
        tags=[(_word(kind, where), kind in KINDS_TO_LOOK_AT) for kind in change.kinds],
        where=where,
        remark=_remark(change),
        runs=runs_to_show(change.runs),
        moments=[(_moment(pair.old, before), _moment(pair.new, after)) for pair in change.moments],
        id=change.id,
        section_key=change.section_key,
        quote=(new_text(change.runs).strip() or old_text(change.runs).strip())[:QUOTE_MAX],
        needs={need: brought[need] for need in change.needs},
    )


def _word(kind, where):
    return f"{where.lower()} changed" if kind is Kind.ABOUT else kind.value


def _where(change):
    if change.scope in {"title", "notice"}:
        return change.scope.capitalize()
    if change.scope == "slug":
        return "Address"
    if change.scope == "source":
        return f"Source {change.source_key}"
    if change.scope == "source order":
        return "Order of the sources"
    return change.heading or "Lead"


def _remark(change):
    """What the runs alone do not say."""
    if change.scope == "level":
        return "The section’s level in the outline."
    if change.old_position is not None and change.new_position is not None:
        return places(change.old_position, change.new_position)
    if change.from_section_key is not None and change.from_section_key != change.section_key:
        return "From another section."
    return ""


def _moment(cited, episodes):
    if cited is None:
        return None
    episode = episodes.get(cited.key) if cited.key else next(iter(episodes.values()), None)
    return moment(episode, cited.start_seconds, cited.end_seconds, is_named=len(episodes) > 1)


def moment(episode, start_seconds, end_seconds, *, is_named):
    """A cited moment; `is_named` where the text has several recordings."""
    label = format_label(start_seconds)
    return Moment(
        label=label if end_seconds is None else f"{label}–{format_label(end_seconds)}",
        iso=format_iso(start_seconds),
        href=episode.link_at(start_seconds, end_seconds) if episode else "",
        chapter=episode.chapter_title_at(start_seconds) if episode else "",
        episode=episode.title if episode and is_named else "",
    )
