"""What a three-way merge gives: parts that merged, and clashes that a person decides."""

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
    """A place that both sides changed, each in its own way; None on a side that removed it or never had it.

    `section_key` is "" outside the sections; `name` is the heading, or the key of the source. Levels are given
    as digits, orders as one heading or key a line, a whole section as heading, blank line, body.
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
    """A stretch of a merged body and who changed it; the text is "" where it clashes."""

    origin: Origin
    text: str
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value that is taken or left as a whole; `text` is None where it is absent, or where it clashes."""

    origin: Origin
    text: str | None
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class MergedSection:
    """A section of any of the three texts.

    `status` is "clash" if anything in it clashes. One that a side removed and the other left alone is taken, with
    `is_removed`. `whole` is set where one side removed what the other changed; `kept` is then the changed one.
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
    """The order of keys; two of them, ours and theirs, where they clash."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Three texts merged. `text` is the result, None as long as there are clashes.

    `sections` are in the merged order, removed ones last; `is_coarse` says that some part was merged by whole
    blocks because it was too large or too tangled.
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
    """What a person wrote in the place of both sides."""

    text: str


Choice = Literal["ours", "theirs"] | Written
Choices = Mapping[str, Choice]
