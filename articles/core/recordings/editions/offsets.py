"""Reads and writes stretches as lines of text: `00:12:30-01:42:41 +60`."""

import re
from collections.abc import Iterable

from articles.core.language.messages import lazy_message, with_example
from articles.core.language.shorten import shorten
from articles.core.recordings.entries import EntryProblem, read_lines
from articles.core.timestamps import Form, TimestampError, format_timestamp, parse_time

from .types import Piece, faults

EXAMPLE = "00:12:30-01:42:41 +60"
OFFSET_MAX = 10_000 * 3600

OFFSET_FORMS = Form.CLOCK | Form.SECONDS | Form.UNITS  # 00:01:00, 60, 60 s

_LINE = re.compile(
    r"(?P<start>[\d:]+)\s*[-–—]\s*(?P<end>[\d:]+)(?:\s+(?P<sign>[+\-−–])?\s*(?P<offset>[\d:][\w: ]*))?\Z"
)


def parse_stretches(
    text: str, *, reference_length: int | None = None, edition_length: int | None = None
) -> tuple[list[Piece], list[EntryProblem]]:
    """Return stretches ordered by start, and a problem for each invalid line. Never raises.

    A line has a start, an end and an offset, in seconds (`00:12:30-01:42:41 +60`) or as a time (`-00:01:00`). Empty
    lines are skipped. Stretches must not overlap on either clock, and must fit within the lengths, in seconds, if
    those are given.
    """

    def read_line(number: int, line: str) -> tuple[int, Piece]:
        piece = _parse_line(line)
        _check_lengths(piece, reference_length, edition_length)
        return number, piece

    numbered, problems = read_lines(text, read_line)
    pieces = [piece for _, piece in numbered]
    problems += [EntryProblem(numbered[index][0], str(pieces[index]), message) for index, message in faults(pieces)]
    return sorted(pieces), sorted(problems, key=lambda problem: problem.line)


def format_stretches(pieces: Iterable[Piece]) -> str:
    """Return the stretches as lines that `parse_stretches` reads back unchanged, without a trailing newline."""
    return "\n".join(f"{piece} {piece.offset_seconds:+}" for piece in pieces)


def _parse_line(line: str) -> Piece:
    match = _LINE.match(line)
    if match is None:
        message = lazy_message(
            "“%(shown)s” isn’t a stretch. Write the start, the end and the seconds to add, like %(example)s.",
            shown=shorten(line, 60),
            example=EXAMPLE,
        )
        raise ValueError(message)
    if match["offset"] is None:
        message = lazy_message(
            "%(written)s has no offset. Write the seconds to add after it, like %(example)s.",
            written=line,
            example=EXAMPLE,
        )
        raise ValueError(message)
    try:
        start, end = (int(parse_time(match[name], Form.CLOCK).seconds) for name in ("start", "end"))
        offset = _offset(match["offset"])
    except TimestampError as error:
        raise ValueError(with_example(error, EXAMPLE)) from error
    return Piece(start, end, offset if match["sign"] in (None, "+") else -offset)


def _offset(written: str) -> int:
    is_number = written.isascii() and written.isdigit()
    seconds = int(written.lstrip("0")[:12] or 0) if is_number else int(parse_time(written, OFFSET_FORMS).seconds)
    if seconds > OFFSET_MAX:
        message = lazy_message(
            "an offset of %(digits)s s is longer than any recording. Write it like %(example)s.",
            digits=written[:12],
            example=EXAMPLE,
        )
        raise ValueError(message)
    return seconds


def _check_lengths(piece: Piece, reference_length: int | None, edition_length: int | None) -> None:
    if reference_length is not None and piece.end_seconds > reference_length:
        message = lazy_message(
            "%(piece)s runs past the end of the episode (%(reference_length)s). Fix the time or the episode’s length.",
            piece=piece,
            reference_length=format_timestamp(reference_length),
        )
        raise ValueError(message)
    if edition_length is not None and piece.edition_end > edition_length:
        message = lazy_message(
            "%(piece)s ends at %(edition_end)s in the edition, past its end (%(edition_length)s). Fix the time, the "
            "offset or the edition’s length.",
            piece=piece,
            edition_end=format_timestamp(piece.edition_end),
            edition_length=format_timestamp(edition_length),
        )
        raise ValueError(message)
