"""Checks the outline and the images: empty sections, skipped levels, missing alt texts."""

import re
from collections.abc import Iterator

from articles.core.language.messages import lazy_message
from articles.core.lint.types import Issue, Part, Text
from articles.core.timestamps import UNSEEN, code_spans, is_escaped

_WITHOUT_ALT = re.compile(rf"!\[[\s{UNSEEN}]{{0,9}}\](?=[(\[])")


def empty_section(text: Text) -> Iterator[Issue]:
    """Flag sections with neither text nor subsections."""
    levels = [*(part.level for part in text.parts[1:]), 0]
    for part, next_level in zip(text.parts, levels, strict=False):
        has_subsections = next_level > part.level
        has_text = part.rendered.plain_text.strip() or "<img" in part.rendered.html
        if part.level and not has_subsections and not has_text:
            message = lazy_message(
                "The section %(part)s has no text and no subsections. Write its text, or delete the heading.",
                part=_quoted_heading(part),
            )
            yield part.flag("empty-section", message, 0, len(part.heading), field="heading")


def skipped_level(text: Text) -> Iterator[Issue]:
    """Flag sections more than one level below the previous section."""
    before = 0
    for part in text.parts:
        if part.level > before + 1:
            message = (
                lazy_message(
                    "The section %(part)s is at level %(level)s, but the previous one is at level %(before)s: change it "
                    "to level %(right)s.",
                    part=_quoted_heading(part),
                    level=part.level,
                    before=before,
                    right=before + 1,
                )
                if before
                else lazy_message(
                    "The first section, %(part)s, is at level %(level)s: change it to level 1.",
                    part=_quoted_heading(part),
                    level=part.level,
                )
            )
            yield part.flag("skipped-level", message, 0, len(part.heading), field="heading")
        before = part.level


def missing_alt(text: Text) -> Iterator[Issue]:
    """Flag images without an alt text, which readers who can't see them get instead."""
    for part in text.parts:
        images = [image for image in _WITHOUT_ALT.finditer(part.body) if not is_escaped(part.body, image.start())]
        spans = code_spans(part.body) if images else []
        for image in images:
            if not any(start <= image.start() < end for start, end in spans):
                message = lazy_message(
                    "The image has no alt text. Say between the brackets what it shows, or “decorative” if readers who "
                    "can’t see it miss nothing."
                )
                yield part.flag("missing-alt", message, image.start(), len(image.group()))


def _quoted_heading(part: Part) -> str:
    return f"“{part.heading}”" if part.heading.strip() else lazy_message("without a heading")
