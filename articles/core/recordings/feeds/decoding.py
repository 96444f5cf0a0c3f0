"""Decodes a feed's bytes, whatever its XML declaration says."""

import codecs
import re

from .types import FeedProblem

DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_KNOWN = re.compile(
    r"utf-?8|utf-16-[bl]e|(us-)?ascii|iso-?8859|latin|windows-|cp\d|koi8|gb|big5|euc|shift_jis|sjis|tis|mac",
    re.IGNORECASE,
)
_GUESSED = {b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def decode(data: bytes) -> tuple[str, list[FeedProblem]]:
    """Return the text without its XML declaration, decoded as declared (else as UTF-8), and any decoding problems."""
    bom = next((bom for bom in _BOMS if data.startswith(bom)), b"")
    body = data[len(bom) :]
    declared = _ENCODING.match(body)
    name = declared[1].decode("ascii") if declared and not bom else _BOMS.get(bom, _GUESSED.get(data[:4], "utf-8"))
    problems: list[FeedProblem] = []
    # A UTF-16 declaration can't be true if it was just read as ASCII; the other codecs not listed aren't for text.
    if not _KNOWN.match(name):
        problems.append(FeedProblem(0, "encoding", name, f"“{name}” isn’t a text encoding; read as UTF-8."))
        name = "utf-8"
    try:
        text = body.decode(name)
    except LookupError:
        problems.append(FeedProblem(0, "encoding", name, f"“{name}” isn’t a known encoding; read as UTF-8."))
        text = _decode_mixed(body, "utf-8", problems)
    except UnicodeDecodeError:
        text = _decode_mixed(body, "utf-8" if _is_utf8(body) else name, problems)
    else:
        # Only UTF-8 is so regular that other text is never mistaken for it.
        if codecs.lookup(name).name not in ("utf-8", "ascii") and not name.startswith("utf-16") and _is_utf8(body):
            problems.append(
                FeedProblem(0, "encoding", name, f"The text isn’t {name.upper()} as declared; read as UTF-8.")
            )
            text = body.decode("utf-8")
    return DECLARATION.sub("", text, count=1), problems


def _is_utf8(body: bytes) -> bool:
    """Return whether bytes are UTF-8 with more than ASCII."""
    try:
        return not body.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _decode_mixed(body: bytes, name: str, problems: list[FeedProblem]) -> str:
    """Decode what is valid, and other bytes as Windows-1252, which nearly all feeds with such bytes were pasted from."""
    places: list[int] = []

    def replace(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)  # noqa: S101  (nothing is encoded)
        places.append(error.start)
        return error.object[error.start : error.end].decode("windows-1252", "replace"), error.end

    codecs.register_error("feed", replace)
    text = body.decode(name, "feed")
    if places:
        line = body.count(b"\n", 0, places[0]) + 1
        byte = f"0x{body[places[0]]:02X}"
        reason = f"byte {byte} isn’t valid {name.upper()}; read as Windows-1252 ({len(places)}, starting here)."
        problems.append(FeedProblem(0, "encoding", "", f"Line {line}: {reason}"))
    return text
