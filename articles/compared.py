"""Two revisions beside each other as a page shows them: changes in words, moments to open, what is folded."""

from dataclasses import dataclass, field

from articles import comparison
from articles.changes import text_of
from articles.comparison import Kind, Run, new_text, old_text
from articles.contents import Content, SectionContent, SourceContent
from articles.models import Section, Source
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
QUOTE_MAX = 1000


@dataclass(frozen=True)
class Moment:
    """A cited moment that can be heard; `href` is "" where its source is not known."""

    label: str
    iso: str
    href: str
    chapter: str
    episode: str


@dataclass
class ShownChange:
    """`tags` pairs a word with whether it warns; `moments` the moment before with that after, None where absent.

    `quote` is the sentence as it would stand, or stood; `needs` maps the ids of new sources that it cites to their keys.
    A page that lets them be accepted sets `is_ticked`, one that lets them be discussed `threads`.
    """

    tags: list
    where: str
    remark: str
    runs: list
    moments: list
    id: str = ""
    section_key: str = ""
    quote: str = ""
    needs: dict = field(default_factory=dict)
    is_ticked: bool = False
    threads: list = field(default_factory=list)

    @property
    def place(self):
        """What the form of a comment calls it."""
        return f"change:{self.id}"


@dataclass
class ShownSection:
    """A section of the comparison; `parts` pairs runs with the number of unchanged sentences if they are folded, else 0."""

    heading: list
    status: str
    is_moved: bool
    parts: list
    key: str = ""
    change_ids: tuple = ()
    remark: str = ""
    threads: list = field(default_factory=list)

    @property
    def name(self):
        return new_text(self.heading) or old_text(self.heading) or "Lead"

    @property
    def place(self):
        """What the form of a comment calls it."""
        return f"section:{self.key}"


@dataclass(frozen=True)
class Fold:
    """Unchanged sections that follow each other."""

    sections: list


@dataclass(frozen=True)
class Shown:
    """The new text beside the old one. `tally` pairs a word with a number, in the order of risk."""

    changes: list
    sections: list
    tally: list
    is_coarse: bool
    note: str = ""


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
        sections=_fold([compared.lead, *compared.sections]),
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
        return _places(change.old_position, change.new_position)
    if change.from_section_key is not None and change.from_section_key != change.section_key:
        return "From another section."
    return ""


def _places(old, new):
    return f"From place {old + 1} to place {new + 1}."


def runs_to_show(runs):
    """Runs with the white space around what was added or removed set outside it, and a lone break shown as a sign."""
    shown = []
    for run in runs:
        text = run.text
        if run.op == "equal":
            shown.append(run)
            continue
        if not text.strip():
            shown.append(Run(run.op, text.replace("\n\n", "\n").replace("\n", "¶") if "\n" in text else text))
            if run.op == "insert" and "\n" in text:
                shown.append(Run("equal", text))
            continue
        core = text.strip()
        start = text.index(core)
        shown += [Run("equal", text[:start])] if start and (run.op == "insert" or not shown) else []
        shown.append(Run(run.op, core))
        tail = text[start + len(core) :]
        shown += [Run("equal", tail)] if tail else []
    return shown


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


def _fold(compared):
    """Sections in their order: changed ones whole, neighbours that are unchanged in one `Fold`."""
    shown = []
    for section in compared:
        if not section.pieces and not section.heading:
            continue  # a lead that neither text has
        one = ShownSection(
            heading=runs_to_show(section.heading),
            status=section.status,
            is_moved=section.is_moved,
            parts=_parts(section.pieces),
            key=section.key,
            change_ids=section.change_ids,
            remark=_places(section.old_position, section.new_position) if section.is_moved else "",
        )
        if section.status != "unchanged":
            shown.append(one)
        elif shown and isinstance(shown[-1], Fold):
            shown[-1].sections.append(one)
        else:
            shown.append(Fold([one]))
    return shown


def _parts(pieces):
    """Neighbouring pieces in one part, a long unchanged one in a part of its own; no empty lines at the edges."""
    parts, latest = [], None
    for piece in pieces:
        folded = piece.sentence_count if piece.change_id is None and piece.sentence_count >= FOLDED_FROM else 0
        if folded or latest is None:
            parts.append(([], folded))
        latest = None if folded else parts[-1][0]
        parts[-1][0].extend(piece.runs)
    return [(_trimmed(runs_to_show(runs)), folded) for runs, folded in parts]


def _trimmed(runs):
    """Runs without white space at the beginning: what they follow stands in another block."""
    while runs and runs[0].op == "equal":
        text = runs[0].text.lstrip()
        runs = [Run("equal", text), *runs[1:]] if text else runs[1:]
        if text:
            break
    return runs
