"""Decodes a transcript file and says so if it isn't UTF-8."""

import re

from charset_normalizer import from_bytes

from articles.core.language.identify import likely_language
from articles.core.language.messages import lazy_message

from .types import TranscriptError, TranscriptProblem, problem, replace_surrogates

# Encodings that programs for subtitles and transcripts write besides UTF-8 and UTF-16.
_LEGACY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "mac_roman", "koi8_r",
    "cp932", "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_SAMPLE = 20_000  # bytes with which an encoding is detected

_MARGIN = 0.05  # of certainty, within which encodings count as equally likely


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
    text = data.decode("utf-8", "replace")
    if len(_MULTIBYTE.findall(data)) > text.count("\ufffd"):
        reason = lazy_message(
            "byte 0x%(byte)s isn’t valid UTF-8; such bytes were replaced with �. Save the file as UTF-8.",
            byte=f"{byte:02X}",
        )
        return text, [problem(line, 0, "", reason)]
    encoding = _detect(data)
    decoded = data.decode(encoding, "replace")
    reason = lazy_message(
        "The file isn’t UTF-8; it was read as %(encoding)s. Check that letters with accents are right.",
        encoding=_name(encoding),
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


def _detect(data: bytes) -> str:
    """Return, of the encodings that charset-normalizer finds possible, the one in which the language is most certain.

    Windows-1252 is preferred among equals, because it is by far the most common.
    """
    lines = [line for line in data.splitlines() if not line.isascii()]  # times and numbers only blur the statistics
    sample = b"\n".join(lines)[:_SAMPLE]
    texts = {match.encoding: str(match) for match in from_bytes(sample, cp_isolation=_LEGACY)}
    if not texts:
        raise TranscriptError(lazy_message("the file isn’t text in a known encoding. Save it as UTF-8."))
    usual = sample.decode("cp1252", "replace")
    if usual in texts.values():
        texts["cp1252"] = usual
    certainty = {encoding: likely_language(text)[1] for encoding, text in texts.items()}
    likely = [encoding for encoding in texts if certainty[encoding] >= max(certainty.values()) - _MARGIN]
    return "cp1252" if "cp1252" in likely else likely[0]


def _name(encoding: str) -> str:
    return encoding.replace("cp125", "Windows-125").replace("mac_roman", "Mac Roman").replace("cp932", "Shift JIS")
