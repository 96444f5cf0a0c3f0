"""Finds the texts of a JSON transcript: those of a row, and those in lists that weren't read."""

from collections.abc import Iterator
from typing import Any

from articles.core.language.messages import lazy_message
from articles.core.recordings.transcripts.captions.cue_text import plain_text

from ...parsed import Parsed
from .json_shapes import SHAPES, Shape
from .json_words import values_at

_START_KEYS = frozenset(key.partition(".")[0] for shape in SHAPES for key in shape.start)


def value_at(value: Any, path: str) -> Any:
    """Return the value at a dotted path of keys and indices, None if there is none."""
    return next(values_at(value, path), None)


def row_text(shape: Shape, row: Any) -> str:
    """Return the text of a row, "" if it has none where the shape says."""
    return next((text for key in shape.text if (text := _text(value_at(row, key)))), "")


def _text(value: Any) -> str:
    if isinstance(value, list):  # pieces of YouTube's captions
        value = "".join(str(piece.get("utf8", "")) for piece in value if isinstance(piece, dict))
    return plain_text(value) if isinstance(value, str) else ""


def report_other_lists(parsed: Parsed, value: Any, rows: list[Any]) -> None:
    """Report the rows of other lists, unless they only repeat what was read, such as sentences or single words."""
    read = _letters("".join(cue.text for cue in parsed.cues))
    listed = {id(row) for row in rows}
    for text in _other_texts(value, listed):
        if _letters(text) not in read:
            parsed.units += 1
            parsed.skip(0, 0, text, lazy_message("The cue is in another list of the file and was skipped."))


def _other_texts(value: Any, listed: set[int], depth: int = 0) -> Iterator[str]:
    """Yield the text of all objects with a start and a text that aren't `listed` (by id)."""
    if id(value) in listed or not isinstance(value, dict | list) or depth > 12:
        return
    if isinstance(value, dict) and not _START_KEYS.isdisjoint(value):
        fitting = (shape for shape in SHAPES if any(value_at(value, key) is not None for key in shape.start))
        if text := next((text for shape in fitting if (text := row_text(shape, value))), ""):
            yield text
            return
    for inner in value.values() if isinstance(value, dict) else value:
        yield from _other_texts(inner, listed, depth + 1)


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
