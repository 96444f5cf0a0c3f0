"""Detects the encoding of text that isn't UTF-8."""

import re
import unicodedata
from itertools import pairwise

from charset_normalizer import from_bytes

from .identify import likely_language

# Encodings that programs for subtitles, transcripts and feeds write besides UTF-8 and UTF-16.
_LEGACY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "mac_roman", "koi8_r",
    "cp932", "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
# Signs that stand neither before nor behind letters.
_ODD = re.compile(r"[¹²³¼½¾¤¦¬¯¸×÷±£¥¢¿¡](?=[^\W\d_])|(?<=[^\W\d_])[¤¦¬¯¸×÷±£¥¢¿¡]")
# What Western European languages write beyond ASCII.
_WESTERN = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüŒœ¿¡«»‘’“”„–—…€£°·")
_RECOGNISED = 0.5  # a language's certainty, below which a few words are too few to recognise it
_SAMPLE = 20_000  # bytes with which an encoding is detected
_MARGIN = 0.1  # of certainty, within which encodings count as equally likely
_ODD_MARGIN = 0.01  # of oddity, within which they count as equally odd: about one letter in 50 is a capital


def is_damaged_utf8(data: bytes) -> bool:
    """Return whether most of the bytes beyond ASCII are UTF-8, so that the others are damage, not another encoding."""
    return len(_MULTIBYTE.findall(data)) > data.decode("utf-8", "replace").count("\ufffd")


def detect(data: bytes) -> str:
    """Return, of the encodings that charset-normalizer finds possible, the one in which the language is most certain.

    Windows-1252 is preferred among equals, because it is by far the most common. Returns "" if none is possible.
    """
    lines = [line for line in data.splitlines() if not line.isascii()]  # times and numbers only blur the statistics
    sample = b"\n".join(lines)[:_SAMPLE]
    texts = {match.encoding: str(match) for match in from_bytes(sample, cp_isolation=_LEGACY)}
    if not texts:
        return ""
    usual = sample.decode("cp1252", "replace")
    if usual in texts.values():
        texts["cp1252"] = usual
    oddity = {encoding: _oddity(text) for encoding, text in texts.items()}
    texts = {
        encoding: text for encoding, text in texts.items() if oddity[encoding] <= min(oddity.values()) + _ODD_MARGIN
    }
    certainty = {encoding: likely_language(text)[1] for encoding, text in texts.items()}
    if max(certainty.values()) < _RECOGNISED and _looks_western(usual):
        return "cp1252"
    likely = [encoding for encoding in texts if certainty[encoding] >= max(certainty.values()) - _MARGIN]
    return "cp1252" if "cp1252" in likely else likely[0]


def _looks_western(text: str) -> bool:
    foreign = [character for character in text if not character.isascii()]
    return _WESTERN.issuperset(foreign) and 2 * len(foreign) <= sum(map(str.isalpha, text))


def _oddity(text: str) -> float:
    """Return the share of the characters beyond ASCII that no language has there, as in `p³ywy`, `бЕСЕДА` or `ֱוסוהא`."""
    odd = len(_ODD.findall(text))
    odd += sum(
        1 for a, b in pairwise(f" {text}") if unicodedata.combining(b) and not (a.isalpha() or unicodedata.combining(a))
    )
    odd += sum(1 for a, b in pairwise(text) if a.islower() and b.isupper() and not (a.isascii() and b.isascii()))
    return odd / max(1, sum(1 for character in text if not character.isascii()))


def encoding_name(encoding: str) -> str:
    """Return the name by which people know an encoding."""
    return encoding.replace("cp125", "Windows-125").replace("mac_roman", "Mac Roman").replace("cp932", "Shift JIS")
