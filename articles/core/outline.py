"""Turns the levels of headings into a numbered tree, and headings into addresses within the page."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_NOT_ANCHOR = re.compile(r"[^\w\s-]")
_HYPHENS = re.compile(r"[-\s_]+")
_PARAGRAPH = re.compile(r"p-[0-9a-f]{6}(-[0-9]+)?")
_LONGEST = 80


@dataclass
class Node:
    """One heading: its place in the rows, its level from 1, its number (`1.2`) and what lies under it."""

    index: int
    level: int
    heading: str
    anchor: str
    number: str
    children: list["Node"] = field(default_factory=list)


def build(rows: Sequence[tuple[int, str, str]]) -> list[Node]:
    """Return the tree of rows (level, heading, anchor). Levels are normalised first, none is refused."""
    roots: list[Node] = []
    path: list[Node] = []
    levels = normalise_levels([level for level, _, _ in rows])
    for index, (level, (_, heading, anchor)) in enumerate(zip(levels, rows, strict=True)):
        del path[level - 1 :]
        siblings = path[-1].children if path else roots
        prefix = f"{path[-1].number}." if path else ""
        node = Node(index, level, heading, anchor, f"{prefix}{len(siblings) + 1}")
        siblings.append(node)
        path.append(node)
    return roots


def normalise_levels(levels: Sequence[int]) -> list[int]:
    """Return levels of which the first is 1 and none is more than one deeper than the one before.

    Headings of one level under one heading stay on one level: 2, 4, 4, 3, 2 gives 1, 2, 2, 2, 1. Levels that
    are right already stay as they are.
    """
    normalised: list[int] = []
    open_levels: list[int] = []
    for level in levels:
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        normalised.append(len(open_levels))
    return normalised


def make_anchors(headings: Iterable[str]) -> list[str]:
    """Return an address for each heading: its words in lower case with hyphens, any script, each once.

    Never empty, never beginning with `c-` or `fn-`, which citations and footnotes have for their own, and never
    `p-` and six hexadecimal digits, which are a paragraph's.
    """
    given: set[str] = set()
    counts: dict[str, int] = {}
    anchors = []
    for heading in headings:
        base = _slug(heading)
        anchor = base
        while anchor in given:
            counts[base] = counts.get(base, 1) + 1
            anchor = f"{base}-{counts[base]}"
        given.add(anchor)
        anchors.append(anchor)
    return anchors


def _slug(heading: str) -> str:
    words = _NOT_ANCHOR.sub("", unicodedata.normalize("NFKC", heading).lower())
    slug = _HYPHENS.sub("-", words).strip("-")
    if len(slug) > _LONGEST:
        slug = slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST]
    if not slug:
        return "section"
    is_taken = f"{slug}-".startswith(("c-", "fn-", "fnref-")) or _PARAGRAPH.fullmatch(slug)
    return f"section-{slug}" if is_taken else slug
