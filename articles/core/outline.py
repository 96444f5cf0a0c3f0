"""Turns headings into a numbered tree, and into anchors within the page."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_NOT_ANCHOR = re.compile(r"[^\w\s-]")
_HYPHENS = re.compile(r"[-\s_]+")
# The ids of everything else on pages that show a text, so that a link to a section never leads somewhere else.
_RESERVED = re.compile(
    r"(?:c|fn|fnref)-.*|p-[0-9a-f]{6}(?:-[0-9]+)?"  # citations, footnotes, paragraphs
    r"|main|q|q-list(?:-[0-9]+)?|changes|cite|cite-this|links-here|related|since|sources"  # public pages
    r"|card|player-ask|sign-.*"  # the card and the player, made by scripts; the icons of statuses
    r"|decision|against|review-(?:changes|claims|comments|keys|log|outdated|problems|proposed|recordings|sections)"  # the review page
    r"|(?:answer|change|claim|comment|new-comment|text)-[0-9]+|new-comment-(?:place|whole)"
    r"|container|content|content-start|footer|header|nav-filter|nav-sidebar"  # the admin's frame
    r"|watch|icon-(?:auto|moon|sun)|logout-form|site-name|toggle-nav-sidebar|user-tools|branding"
)
_LONGEST = 80


@dataclass
class Node:
    """A heading: its index in the rows, its level from 1, its number (`1.2`) and the headings under it."""

    index: int
    level: int
    heading: str
    anchor: str
    number: str
    children: list["Node"] = field(default_factory=list)


def build(rows: Sequence[tuple[int, str, str]]) -> list[Node]:
    """Return the tree of rows (level, heading, anchor), with any levels normalised first."""
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
    """Return levels that start at 1 and never go more than one deeper than the level before.

    Headings of the same level under the same heading stay on the same level: 2, 4, 4, 3, 2 becomes 1, 2, 2, 2, 1.
    Valid levels stay unchanged.
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
    """Return a unique anchor for each heading: its words in lower case, in any script, joined by hyphens.

    An anchor is never empty and never an id that pages use for something else: such a heading's anchor begins with
    `section-`.
    """
    used: set[str] = set()
    counts: dict[str, int] = {}
    anchors = []
    for heading in headings:
        base = _slug(heading)
        anchor = base
        while anchor in used:
            counts[base] = counts.get(base, 1) + 1
            anchor = f"{base}-{counts[base]}"
        used.add(anchor)
        anchors.append(anchor)
    return anchors


def _slug(heading: str) -> str:
    words = _NOT_ANCHOR.sub("", unicodedata.normalize("NFKC", heading).lower())
    slug = _HYPHENS.sub("-", words).strip("-")
    if len(slug) > _LONGEST:
        slug = slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST]
    if not slug:
        return "section"
    # A second heading with the same words gets a number, which must not make it a reserved id either.
    is_taken = any(map(_RESERVED.fullmatch, (slug, f"{slug}-2")))
    return f"section-{slug}" if is_taken else slug
