"""Decodes received files, and says what had to be guessed or replaced."""

from dataclasses import dataclass

from .charset import detect, encoding_name, is_damaged_utf8
from .messages import LazyMessage, lazy_message

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


class EncodingError(ValueError):
    """A file that isn't text in any known encoding; the message says what to do."""


@dataclass(frozen=True)
class Guess:
    """How a file that isn't valid Unicode was read; `line` (from 1) has the first byte that isn't, and reads `text`."""

    line: int
    text: str
    reason: LazyMessage


def decode(data: bytes) -> tuple[str, Guess | None]:
    """Return the text, and how it was read if that isn't certain. Raises EncodingError if no encoding fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), None
    if encoding := _unmarked_utf16(data):
        return data.decode(encoding, "replace"), None
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        position, byte = error.start, data[error.start]
    line = data.count(b"\n", 0, position) + 1
    if is_damaged_utf8(data):
        reason = lazy_message(
            "byte 0x%(byte)s isn’t valid UTF-8; such bytes were replaced with �. Save the file as UTF-8.",
            byte=f"{byte:02X}",
        )
        return data.decode("utf-8", "replace"), Guess(line, "", reason)
    encoding = "" if b"\0" in data else detect(data)
    if not encoding:
        raise EncodingError(lazy_message("the file isn’t text in a known encoding. Save it as UTF-8."))
    decoded = data.decode(encoding, "replace")
    reason = lazy_message(
        "The file isn’t UTF-8; it was read as %(encoding)s. Check that its letters are right.",
        encoding=encoding_name(encoding),
    )
    return decoded, Guess(line, decoded.split("\n")[min(line - 1, decoded.count("\n"))], reason)


def _unmarked_utf16(data: bytes) -> str:
    """Return the encoding of text in UTF-16 without a byte order mark, "" otherwise.

    Times, spaces and line ends have a zero byte on the same side in every script.
    """
    head = data[:4000]
    sides = head[::2].count(0), head[1::2].count(0)
    if max(sides) < 4 or max(sides) * 25 < len(head) or min(sides) * 20 > max(sides):
        return ""
    return "utf-16-le" if sides[1] > sides[0] else "utf-16-be"
