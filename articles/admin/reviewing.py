"""What the review page shows of a revision: what it changes, where that can be heard, what was done to it."""

from dataclasses import dataclass, field

from articles import comparison, derivation
from articles.comparison import Kind
from articles.models import Citation, LogEntry, Revision, Section, Source
from articles.timestamps import format_iso, format_label

# Changes that take a reader elsewhere than before, or take something away.
KINDS_TO_LOOK_AT = {
    Kind.NUMBER,
    Kind.NEGATION,
    Kind.CITATION_REMOVED,
    Kind.CITATION_RETIMED,
    Kind.CLAIM_REMOVED,
}
FOLDED_FROM = 3  # unchanged sentences in a row


@dataclass(frozen=True)
class Moment:
    """A cited moment that can be heard; `href` is "" where its source is not known."""

    label: str
    iso: str
    href: str
    chapter: str
    episode: str


@dataclass(frozen=True)
class ShownChange:
    tags: list
    where: str
    runs: tuple
    moments: list


@dataclass
class ShownSection:
    """A section of the comparison; `parts` are its pieces, each marked whether it is folded."""

    heading: tuple
    status: str
    is_moved: bool
    parts: list = field(default_factory=list)


@dataclass(frozen=True)
class Fold:
    """Unchanged sections that follow each other."""

    sections: list


@dataclass(frozen=True)
class PlacedProblem:
    where: str
    line: int
    column: int
    text: str
    message: str


@dataclass(frozen=True)
class Shown:
    """The revision beside what it follows. `tally` pairs a word with a number, in the order of risk."""

    changes: list
    sections: list
    tally: list
    is_coarse: bool


def compare(revision):
    """The `Shown` of `revision` and of the one it follows, four queries whatever their length."""
    ids = [revision.follows_id, revision.pk]
    sections = {pk: [] for pk in ids}
    for section in Section.objects.filter(revision__in=ids).order_by("revision", "position"):
        sections[section.revision_id].append(section)
    sources = {pk: {} for pk in ids}
    found = Source.objects.filter(revision__in=ids).select_related("episode__show")
    for source in found.prefetch_related("episode__chapter_set").order_by("revision", "position"):
        sources[source.revision_id][source.key] = source.episode
    follows, follows_pk = revision.follows, revision.follows_id
    old = _text(follows, sections[follows_pk], sources[follows_pk])
    new = _text(revision, sections[revision.pk], sources[revision.pk])
    compared = comparison.compare(old, new)
    changes = [_shown(change, sources[follows_pk], sources[revision.pk]) for change in compared.changes]
    kinds = [change.kinds[0] for change in compared.changes]
    return Shown(
        changes=changes,
        sections=_fold([compared.lead, *compared.sections]),
        tally=[(kind.value, kinds.count(kind)) for kind in Kind if kind in kinds],
        is_coarse=compared.is_coarse,
    )


def _text(revision, sections, episodes):
    return comparison.Text(
        title=revision.title,
        slug=revision.slug,
        lead=revision.lead,
        notice=revision.get_notice_display(),
        sources=tuple(comparison.Source(key, episode.reference) for key, episode in episodes.items()),
        sections=tuple(comparison.Section(str(s.key), s.level, s.heading, s.body) for s in sections),
    )


def _shown(change, old_episodes, new_episodes):
    return ShownChange(
        tags=[(kind.value, kind in KINDS_TO_LOOK_AT) for kind in change.kinds],
        where=_where(change),
        runs=change.runs,
        moments=[
            (_moment(pair.old, old_episodes), _moment(pair.new, new_episodes))
            for pair in change.moments
        ],
    )


def _where(change):
    if change.scope in {"title", "notice"}:
        return change.scope.capitalize()
    if change.scope == "slug":
        return "Address"
    if change.scope == "source":
        return f"Source {change.source_key}"
    if change.scope == "source order":
        return "Order of the sources"
    if change.scope == "level":
        return f"{change.heading}: level"
    return change.heading or "Lead"


def _moment(cited, episodes):
    if cited is None:
        return None
    episode = episodes.get(cited.key) if cited.key else next(iter(episodes.values()), None)
    label = format_label(cited.start_seconds)
    if cited.end_seconds is not None:
        label = f"{label}–{format_label(cited.end_seconds)}"
    return Moment(
        label=label,
        iso=format_iso(cited.start_seconds),
        href=episode.link_at(cited.start_seconds, cited.end_seconds) if episode else "",
        chapter=episode.chapter_title_at(cited.start_seconds) if episode else "",
        episode=episode.title if episode else "",
    )


def _fold(compared):
    """Sections in their order: changed ones whole, neighbours that are unchanged in one `Fold`."""
    shown = []
    for section in compared:
        if section.status == "unchanged" and not section.pieces and not section.heading:
            continue  # a lead that neither text has
        one = ShownSection(section.heading, section.status, section.is_moved)
        one.parts = [
            {"runs": piece.runs, "sentences": piece.sentence_count if _is_folded(piece) else 0}
            for piece in section.pieces
        ]
        if section.status != "unchanged":
            shown.append(one)
        elif shown and isinstance(shown[-1], Fold):
            shown[-1].sections.append(one)
        else:
            shown.append(Fold([one]))
    return shown


def _is_folded(piece):
    return piece.change_id is None and piece.sentence_count >= FOLDED_FROM


def problems(revision):
    """The marks of the revision that are no citations as they stand, with their places; none are read if none are."""
    if not revision.problem_count:
        return []
    sections = list(revision.section_set.all())
    parts = derivation.read(revision.lead, sections, derivation.sources_of(revision), known_slugs=set())
    placed = []
    for part in parts:
        name = part.section.heading if part.section else "Lead"
        for text in part.rendered():
            where = f"{name} (heading)" if text is part.heading else name
            placed += [PlacedProblem(where, p.line, p.column, p.text, p.message) for p in text.problems]
    return placed


def citations(revision):
    """The revision's citations in text order, each with `moment`, for a text that is new as a whole."""
    found = Citation.objects.filter(revision=revision).select_related("episode__show")
    rows = list(found.prefetch_related("episode__chapter_set").order_by("position"))
    for row in rows:
        label = format_label(row.start_seconds)
        if row.end_seconds is not None:
            label = f"{label}–{format_label(row.end_seconds)}"
        row.moment = Moment(
            label=label,
            iso=format_iso(row.start_seconds),
            href=row.episode.link_at(row.start_seconds, row.end_seconds),
            chapter=row.episode.chapter_title_at(row.start_seconds),
            episode=row.episode.title,
        )
    return rows


def log(revision):
    """What was done to the revision, oldest first."""
    return LogEntry.objects.filter(revision=revision)


def for_page(pk, user):
    """The revision with all that its page names, if `user` may know of it; None otherwise."""
    related = ["article__published_revision", "follows", "base", "rendering"]
    found = Revision.objects.visible_to(user).select_related(*related).prefetch_related("contributor_set")
    return found.filter(pk=pk).first()
