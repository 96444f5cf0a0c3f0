"""Decodes a transcript file and says so if it isn't UTF-8."""

from articles.core.language.charset import detect, encoding_name, is_damaged_utf8
from articles.core.language.messages import lazy_message

from .types import TranscriptError, TranscriptProblem, problem, replace_surrogates

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def decode(data: bytes) -> tuple[str, list[TranscriptProblem]]:
    """Return the text, and a problem if it isn't in Unicode. Raises TranscriptError if no encoding fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return replace_surrogates(data.decode(encoding, "replace")), []
    if encoding := _unmarked_utf16(data):
        return replace_surrogates(data.decode(encoding, "replace")), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        position, byte = error.start, data[error.start]
    line = data.count(b"\n", 0, position) + 1
    if is_damaged_utf8(data):
        reason = lazy_message(
            "byte 0x%(byte)s isn’t valid UTF-8; such bytes were replaced with �. Save the file as UTF-8.",
            byte=f"{byte:02X}",
        )
        return data.decode("utf-8", "replace"), [problem(line, 0, "", reason)]
    encoding = detect(data)
    if not encoding:
        raise TranscriptError(lazy_message("the file isn’t text in a known encoding. Save it as UTF-8."))
    decoded = data.decode(encoding, "replace")
    reason = lazy_message(
        "The file isn’t UTF-8; it was read as %(encoding)s. Check that letters with accents are right.",
        encoding=encoding_name(encoding),
    )
    return decoded, [problem(line, 0, decoded.split("\n")[min(line - 1, decoded.count("\n"))], reason)]


def _unmarked_utf16(data: bytes) -> str:
    """Return the encoding of text in UTF-16 without a byte order mark, "" otherwise.

    Times, spaces and line ends have a zero byte on the same side in every script.
    """
    head = data[:4000]
    sides = head[::2].count(0), head[1::2].count(0)
    if max(sides) < 4 or max(sides) * 25 < len(head) or min(sides) * 20 > max(sides):
        return ""
    return "utf-16-le" if sides[1] > sides[0] else "utf-16-be"
