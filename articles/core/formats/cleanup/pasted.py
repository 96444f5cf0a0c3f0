"""Cleans a text that was pasted into the editor as an import cleans a file."""

from dataclasses import dataclass

from articles.core.formats.types import FileProblem
from articles.core.timestamps import Lines

from .headings import Problems, repair_headings
from .images import Keep, with_own_images
from .links import Converter

_ROUNDS = 20


@dataclass(frozen=True)
class Cleaned:
    """A cleaned text, and what was changed or refused, in order."""

    text: str
    problems: tuple[FileProblem, ...]


def clean_pasted(text: str, keep: Keep, *, video_id: str = "") -> Cleaned:
    """Return a pasted text (lines end with ``\\n``) as it was meant; what is valid stays as it is.

    `keep` stores an image from elsewhere and returns its address, or raises ValueError with the reason. Times that link
    to the video `video_id` become citations. Cleaning the result again changes nothing.
    """
    found: list[FileProblem] = []
    for _ in range(_ROUNDS):
        problems = Problems(Lines(text))
        repaired = repair_headings(text, problems)
        converted = Converter(repaired, Lines(repaired), problems.report, video_id).convert(0, len(repaired))
        found += problems.in_order()
        if converted.text == text:
            break
        text = converted.text  # a tag that is gone may have hidden something else
    images = Problems(Lines(text))
    kept = with_own_images(text, (), keep, images.report)
    return Cleaned(kept.text, (*dict.fromkeys(found), *images.in_order()))
