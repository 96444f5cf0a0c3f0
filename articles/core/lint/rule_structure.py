"""Checks the outline: sections without text, and levels that are left out."""

from collections.abc import Iterator

from articles.core.language.messages import lazy_message

from .types import Issue, Part, Text


def empty_section(text: Text) -> Iterator[Issue]:
    """Flag sections that hold no text, and no subsections that could."""
    following = [*text.parts[1:], None]
    for part, after in zip(text.parts, following, strict=False):
        has_subsections = after is not None and after.level > part.level
        if part.level and not has_subsections and not _has_text(part):
            message = lazy_message(
                "The section %(part)s has no text and no subsections. Write it, or delete it: a heading by "
                "itself promises what is not there.",
                part=_named(part),
            )
            yield part.flag("empty-section", message, 0, len(part.heading), field="heading")


def skipped_level(text: Text) -> Iterator[Issue]:
    """Flag sections more than one level below the section before them."""
    before = 0
    for part in text.parts:
        if part.level > before + 1:
            message = (
                lazy_message(
                    "The section %(part)s is at level %(level)s, the one before it at level %(before)s. Readers with "
                    "a screen reader take it that a heading is missing: give it level %(right)s.",
                    part=_named(part),
                    level=part.level,
                    before=before,
                    right=before + 1,
                )
                if before
                else lazy_message(
                    "The first section, %(part)s, is at level %(level)s: give it level 1.",
                    part=_named(part),
                    level=part.level,
                )
            )
            yield part.flag("skipped-level", message, 0, len(part.heading), field="heading")
        before = part.level


def _has_text(part: Part) -> bool:
    return bool(part.rendered.plain_text.strip()) or "<img" in part.rendered.html


def _named(part: Part) -> str:
    return f"“{part.heading}”" if part.heading.strip() else lazy_message("without a heading")
