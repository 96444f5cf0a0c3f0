"""The result of a three-way merge: merged parts, and clashes for a person to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from articles.core.diff.types import Section, Text

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
Origin = Literal["same", "ours", "theirs", "both"]


@dataclass(frozen=True, slots=True)
class Clash:
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


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a merged body and the side that changed it; the text is "" where they clash."""

    origin: Origin
    text: str
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value that merges as a whole; `text` is None where it is absent or where the sides clash."""

    origin: Origin
    text: str | None
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class MergedSection:
    """A section of any of the three texts.

    `status` is "clash" if anything in it clashes. A section that one side removed and the other left alone is "taken"
    with `is_removed`. `whole` is set if one side removed the section and the other changed it; `kept` is then the
    changed section.
    """

    key: str
    status: Literal["taken", "clash"]
    origin: Origin
    heading: Value
    level: Value
    body: tuple[Part, ...]
    is_removed: bool = False
    whole: Clash | None = None
    kept: Section | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The merged order of keys; `ours` and `theirs` differ only where they clash."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """A three-way merge. `text` is the result, or None if there are clashes.

    `sections` are in the merged order, removed ones last. `is_coarse` means that some part was too large or too
    tangled to merge by sentence and was merged by block.
    """

    text: Text | None
    title: Value
    slug: Value
    notice: Value
    language: Value
    lead: tuple[Part, ...]
    sources: tuple[tuple[str, Value], ...]
    source_order: Order
    sections: tuple[MergedSection, ...]
    section_order: Order
    clashes: tuple[Clash, ...]
    is_coarse: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A person's own text in place of both sides."""

    text: str


Choice = Literal["ours", "theirs"] | Written
Choices = Mapping[str, Choice]
