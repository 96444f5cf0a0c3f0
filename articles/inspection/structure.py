"""Checks the outline: sections without text, and levels that are left out."""

from collections.abc import Iterator

from articles.inspection.values import Flag, Part, Text


def empty_section(text: Text) -> Iterator[Flag]:
    """Flag sections that hold no text, and no subsections that could."""
    following = [*text.parts[1:], None]
    for part, after in zip(text.parts, following, strict=False):
        has_subsections = after is not None and after.level > part.level
        if part.level and not has_subsections and not _has_text(part):
            message = (
                f"The section {_named(part)} has no text and no subsections. Write it, or delete it: "
                "a heading by itself promises what is not there."
            )
            yield part.flag("empty-section", message, 0, len(part.heading), field="heading")


def skipped_level(text: Text) -> Iterator[Flag]:
    """Flag sections more than one level below the section before them."""
    before = 0
    for part in text.parts:
        if part.level > before + 1:
            message = (
                f"The section {_named(part)} is at level {part.level}, the one before it at level {before}. "
                f"Readers with a screen reader take it that a heading is missing: give it level {before + 1}."
                if before
                else f"The first section, {_named(part)}, is at level {part.level}: give it level 1."
            )
            yield part.flag("skipped-level", message, 0, len(part.heading), field="heading")
        before = part.level


def _has_text(part: Part) -> bool:
    return bool(part.rendered.plain_text.strip()) or "<img" in part.rendered.html


def _named(part: Part) -> str:
    return f"“{part.heading}”" if part.heading.strip() else "without a heading"
