"""The result of a three-way merge: merged parts, and conflicts for a person to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from articles.core.revisions.diff import Text

Place = Literal[
    "title",
    "slug",
    "notice",
    "language",
    "source",
    "source order",
    "lead",
    "section",
    "section order",
    "heading",
    "level",
    "body",
]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both sides changed differently; None on a side that removed it or never had it.

    `section_key` is "" outside the sections; `name` is the heading, or the key of the source. Levels are written
    as digits, orders with one heading or key per line, whole sections as heading, blank line, body.
    """

    id: str
    place: Place
    section_key: str
    name: str
    base: str | None
    ours: str | None
    theirs: str | None


Value = str | Conflict | None
"""A value or a stretch of a body: the merged text, None if it is absent, or the conflict about it."""


@dataclass(frozen=True, slots=True)
class MergedSection:
    """A section that at least one side has; `whole` is set if one side removed it and the other changed it."""

    key: str
    heading: Value
    level: Value
    body: tuple[Value, ...]
    whole: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The merged order of keys; `ours` and `theirs` differ only where they conflict."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """A three-way merge. `text` is the result, or None if there are conflicts.

    `values` are its title, slug, notice and language. `is_coarse` means that some part was too large or too tangled to
    merge by sentence and was merged by block.
    """

    text: Text | None
    values: Mapping[Place, Value]
    lead: tuple[Value, ...]
    sources: Mapping[str, Value]
    source_order: Order
    sections: Mapping[str, MergedSection]
    section_order: Order
    conflicts: tuple[Conflict, ...]
    is_coarse: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A person's own text in place of both sides."""

    text: str


Choice = Literal["ours", "theirs"] | Written
Choices = Mapping[str, Choice]
