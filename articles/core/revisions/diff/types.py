"""The texts that are compared and the result of a comparison: plain values, never HTML."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from articles.core.language.messages import noop


@dataclass(frozen=True, slots=True)
class Source:
    """A cited episode and its short key; the first source of a text is its default."""

    key: str
    reference: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading; `key` stays the same across revisions and is never empty."""

    key: str
    level: int
    heading: str
    body: str = ""

    @property
    def text(self) -> str:
        """The heading, a blank line and the body."""
        return f"{self.heading}\n\n{self.body}" if self.body else self.heading


@dataclass(frozen=True, slots=True)
class Text:
    """Everything readers see of a revision. Raises ValueError for an empty or repeated key."""

    title: str = ""
    slug: str = ""
    lead: str = ""
    notice: str = ""
    sources: tuple[Source, ...] = ()
    sections: tuple[Section, ...] = ()
    language: str = ""

    def __post_init__(self) -> None:
        for name, keys in (
            ("section", [section.key for section in self.sections]),
            ("source", [source.key for source in self.sources]),
        ):
            if "" in keys:
                raise ValueError(f"A {name} of “{self.title}” has no key: give each {name} its own.")
            if len(set(keys)) != len(keys):
                repeated = next(key for key in keys if keys.count(key) > 1)
                raise ValueError(f"Two {name}s of “{self.title}” have the key “{repeated}”: give each its own.")


class Kind(enum.StrEnum):
    """What a change affects, riskiest first. The values are stored; they are translated where they are shown."""

    NUMBER = noop("number or unit changed")
    NEGATION = noop("negation or modality changed")
    CITATION_REMOVED = noop("citation removed")
    CITATION_RETIMED = noop("citation re-timed")
    CITATION_ADDED = noop("citation added")
    CLAIM_ADDED = noop("claim added")
    CLAIM_REMOVED = noop("claim removed")
    ABOUT = noop("title, slug, notice or source changed")
    MOVED = noop("moved")
    LINK = noop("link changed")
    WORDING = noop("wording")
    TYPO = noop("typo")
    FORMATTING = noop("formatting")

    @property
    def rank(self) -> int:
        """The position in the order of risk; 1 is the riskiest."""
        return _RANKS[self]


_RANKS = {kind: rank for rank, kind in enumerate(Kind, 1)}
_LABELS = {Kind.CITATION_RETIMED.value: noop("timestamp changed")}


def kind_label(kind: str) -> str:
    """Return what people read for a stored kind of change, in English: another term where the stored one is dated."""
    return _LABELS.get(kind, kind)


Op = Literal["equal", "delete", "insert"]
Scope = Literal[
    "title", "slug", "notice", "language", "source", "source order", "section", "level", "heading", "sentence", "block"
]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is in both texts, only in the old one, or only in the new one."""

    op: Op
    text: str


Runs = tuple[Run, ...]


def old_text(runs: Iterable[Run]) -> str:
    """Join all runs but the insertions."""
    return "".join(run.text for run in runs if run.op != "insert")


def new_text(runs: Iterable[Run]) -> str:
    """Join all runs but the deletions."""
    return "".join(run.text for run in runs if run.op != "delete")


def replacing(old: str, new: str) -> Runs:
    """Return the runs that replace `old` with `new`."""
    if old == new:
        return (Run("equal", old),) if old else ()
    pieces: Sequence[tuple[Op, str]] = (("delete", old), ("insert", new))
    return tuple(Run(op, text) for op, text in pieces if text)


@dataclass(frozen=True, slots=True)
class CitedSpan:
    """A cited moment in whole seconds; key "" where the text cites its default source without a key."""

    key: str
    start_seconds: int
    end_seconds: int | None


@dataclass(frozen=True, slots=True)
class Retiming:
    """A cited moment before and after; None on the side where the citation doesn't exist."""

    old: CitedSpan | None
    new: CitedSpan | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change that a moderator accepts or leaves as a whole.

    `id` depends only on the section's key and on the sentence before and after. `kinds` are riskiest first.
    `section_key` is "" in the lead and outside the body. A moved section or source has its positions, from 0, and a
    section that was added or removed its only one; a sentence that moved has its old section in `from_section_key`.
    `needs` are the ids of the changes that add the sources it cites: accepted without them, it would cite an unknown
    source.
    """

    id: str
    kinds: tuple[Kind, ...]
    scope: Scope
    section_key: str
    heading: str
    runs: Runs
    moments: tuple[Retiming, ...] = ()
    source_key: str = ""
    from_section_key: str | None = None
    old_position: int | None = None
    new_position: int | None = None
    needs: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """The rank of the riskiest kind, from 1."""
        return self.kinds[0].rank


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a body, with the id of its change; None means unchanged.

    `sentence_count` is the number of sentences hidden when an unchanged stretch is collapsed.
    """

    runs: Runs
    change_id: str | None = None
    sentence_count: int = 0


SectionStatus = Literal["unchanged", "changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class SectionComparison:
    """One section in both texts, or the lead (key ""). Positions count from 0; None means absent."""

    key: str
    status: SectionStatus
    heading: Runs
    pieces: tuple[Piece, ...]
    old_position: int | None
    new_position: int | None
    is_moved: bool
    change_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts and everything that changed between them.

    `sections` are in the new order, with removed ones at their old place; the lead isn't among them. `is_coarse`
    means that some part was too large or too tangled to compare by sentence or word, and is compared by block.
    """

    old: Text
    new: Text
    title: Runs
    lead: SectionComparison
    sections: tuple[SectionComparison, ...]
    changes: tuple[Change, ...]
    is_coarse: bool
