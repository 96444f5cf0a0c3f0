"""A revision's content as one value, and what a revision changes."""

from .values import (
    MAX_SECTIONS,
    Content,
    SectionContent,
    SourceContent,
    content_from_rows,
    content_of,
    free_slug,
    missing_for_submission,
    missing_in,
    replace_content,
    slug_holder,
    slug_taken,
)
