"""What is compared and what a comparison says: plain values, never HTML."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from articles.core.language.messages import noop


@dataclass(frozen=True, slots=True)
class Source:
    """A cited episode by its short key; the first source of a text is the default one."""

    key: str
    reference: str


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part; `key` stays the same from revision to revision and is never empty."""

    key: str
    level: int
    heading: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """All that readers get of a revision. Raises ValueError for a key that is empty or there twice."""

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
                raise ValueError(f"A {name} of “{self.title}” has no key: give each one its own.")
            if len(set(keys)) != len(keys):
                twice = next(key for key in keys if keys.count(key) > 1)
                raise ValueError(f"Two {name}s of “{self.title}” have the key “{twice}”: give each its own.")


class Kind(enum.StrEnum):
    """What a change does, riskiest first."""

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
        """The place in the order of risk, from 1 for the riskiest."""
        return _RANKS[self]


_RANKS = {kind: rank for rank, kind in enumerate(Kind, 1)}

Op = Literal["equal", "delete", "insert"]
Scope = Literal[
    "title", "slug", "notice", "language", "source", "source order", "section", "level", "heading", "sentence", "block"
]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that both have, that only the old one has, or only the new one."""

    op: Op
    text: str


Runs = tuple[Run, ...]


def old_text(runs: Iterable[Run]) -> str:
    """Return the old text of runs: all but the insertions."""
    return "".join(run.text for run in runs if run.op != "insert")


def new_text(runs: Iterable[Run]) -> str:
    """Return the new text of runs: all but the deletions."""
    return "".join(run.text for run in runs if run.op != "delete")


def replacing(old: str, new: str) -> Runs:
    """Return the runs that take `old` away and put `new` in its place."""
    if old == new:
        return (Run("equal", old),) if old else ()
    pieces: Sequence[tuple[Op, str]] = (("delete", old), ("insert", new))
    return tuple(Run(op, text) for op, text in pieces if text)


@dataclass(frozen=True, slots=True)
class Cited:
    """A moment of a source in whole seconds; key "" where the text cites its default source without a key."""

    key: str
    start_seconds: int
    end_seconds: int | None


@dataclass(frozen=True, slots=True)
class Retiming:
    """A moment before and after; None where the citation was added or removed."""

    old: Cited | None
    new: Cited | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a moderator takes or leaves as a whole.

    `id` depends on the section's key and on the sentence before and after, on nothing else. `kinds` are worst
    first. `section_key` is "" in the lead and outside the body. A moved section has its places among the
    sections, from 0; what moved from one section to another has the old section in `from_section_key`.
    `needs` are the ids of new sources that it cites: taken without them it cites an unknown source.
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
        """The rank of the worst kind, from 1."""
        return self.kinds[0].rank


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a body in reading order, with the change it belongs to; unchanged where that is None.

    `sentence_count` says how much is folded when an unchanged stretch is.
    """

    runs: Runs
    change_id: str | None = None
    sentence_count: int = 0


SectionStatus = Literal["unchanged", "changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class SectionComparison:
    """One section in both texts, or the lead (key ""). Positions count sections from 0, None where absent."""

    key: str
    status: SectionStatus
    heading: Runs
    pieces: tuple[Piece, ...]
    old_position: int | None
    new_position: int | None
    is_moved: bool
    change_ids: tuple[str, ...]
    sentence_count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts side by side.

    `sections` stand in the new order, removed ones where they stood; the lead is apart. `is_coarse` says that
    some part was too large or too tangled for sentences or words, and whole blocks are shown there.
    """

    old: Text
    new: Text
    title: Runs
    lead: SectionComparison
    sections: tuple[SectionComparison, ...]
    changes: tuple[Change, ...]
    is_coarse: bool
