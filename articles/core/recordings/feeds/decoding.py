"""Decompresses and decodes a feed's bytes: as declared where that is possible, otherwise as detected."""

import codecs
import re
import zlib

from articles.core.language.charset import detect, encoding_name, is_damaged_utf8

from .types import SIZE_LIMIT, FeedError, FeedProblem

# Lookbehinds keep searches for what starts with a run from starting at each of its characters.
DECLARATION = re.compile(r"(?<!\s)\s*+<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_KNOWN = re.compile(
    r"utf-?8|utf-16-[bl]e|(us-)?ascii|iso-?8859|latin|windows-|cp\d|koi8|gb|big5|euc|shift_jis|sjis|tis|mac",
    re.IGNORECASE,
)
_GUESSED = {b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_GZIP = b"\x1f\x8b"
_PIECE = re.compile(rb"[^\r\n<>]+")  # text between two tags or line ends
_C1 = re.compile(rb"[\x80-\x9f]")
_SUPERSEDED = frozenset({"iso8859-1", "ascii"})  # browsers read Windows-1252 for them (WHATWG Encoding, section 4.2)


def decompressed(data: bytes) -> bytes:
    """Return a file's bytes, decompressed if they are gzip. Raises FeedError if that is damaged or too large."""
    if data.startswith(_GZIP):
        data = _gunzipped(data)
    if len(data) > SIZE_LIMIT:
        raise FeedError(f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MB, too large for a feed.")
    return data


def _gunzipped(data: bytes) -> bytes:
    """Return at most one byte more than permitted; what follows the last member (RFC 1952) is ignored."""
    content = bytearray()
    while data.startswith(_GZIP) and len(content) <= SIZE_LIMIT:
        member = zlib.decompressobj(31)
        try:
            content += member.decompress(data, SIZE_LIMIT + 1 - len(content))
        except zlib.error as error:
            raise FeedError("the compressed file is damaged. Fetch the feed again.") from error
        if len(content) <= SIZE_LIMIT and not member.eof:
            raise FeedError("the compressed file ends before it is complete. Fetch the feed again.")
        data = member.unused_data
    return bytes(content)


def decode(data: bytes, charset: str = "") -> tuple[str, list[FeedProblem]]:
    """Return the text without its XML declaration, and any decoding problems.

    Tried in this order: a byte order mark, UTF-8 that says so by its bytes, the XML declaration, the `charset` that the
    server gave (often only its default), and what each piece of the text is most likely to be.
    """
    bom = next((bom for bom in _BOMS if data.startswith(bom)), b"")
    body = data[len(bom) :]
    declared = _ENCODING.match(body)
    written = declared[1].decode("ascii") if declared else ""
    problems: list[FeedProblem] = []
    marked = _BOMS.get(bom) or _GUESSED.get(data[:4], "")
    if marked.startswith("utf-16"):
        text = body.decode(marked, "replace")
        if "\ufffd" in text:
            reason = "Some characters aren’t valid UTF-16 or are damaged; each is shown as �."
            problems.append(FeedProblem(0, "encoding", "", reason))
    else:
        text = _decode_unmarked(body, marked or written, charset, problems) or _decode_pieces(body, problems)
    return DECLARATION.sub("", text, count=1), problems


def _decode_unmarked(body: bytes, written: str, charset: str, problems: list[FeedProblem]) -> str:
    """Return the text in an encoding that is valid for all of it, "" if none is."""
    names = [name for name in (written, charset) if _is_usable(name)]
    if charset in names[1:] and codecs.lookup(charset).name in _SUPERSEDED:
        names.remove(charset)  # which any bytes are valid in
    if written and written not in names:
        kind = "a known" if _KNOWN.match(written) else "a text"
        problems.append(FeedProblem(0, "encoding", written, f"“{written}” isn’t {kind} encoding; read as UTF-8."))
    # Only UTF-8 is so regular that other text is never mistaken for it.
    if (text := _strictly(body, "utf-8")) is not None:
        if written in names and codecs.lookup(written).name not in ("utf-8", "ascii") and not text.isascii():
            reason = f"The text isn’t {written.upper()} as declared; read as UTF-8."
            problems.append(FeedProblem(0, "encoding", written, reason))
        return text
    if is_damaged_utf8(body) and codecs.lookup((names or ["utf-8"])[0]).name == "utf-8":
        return ""
    for name in names:
        text = _strictly(body, name)
        if text is not None:
            if written in names and name != written:
                reason = f"The text isn’t {written.upper()} as declared; read as {name.upper()}, as the server says."
                problems.append(FeedProblem(0, "encoding", written, reason))
            return text
    return ""


def _is_usable(name: str) -> bool:
    """Return whether Python has this text encoding; UTF-16 can't be what was just read as ASCII."""
    try:
        return bool(_KNOWN.match(name)) and not codecs.lookup(name).name.startswith("utf-16")
    except LookupError:
        return False


def _strictly(body: bytes, name: str) -> str | None:
    if codecs.lookup(name).name in _SUPERSEDED and _C1.search(body):
        name = "cp1252"
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None


def _decode_pieces(body: bytes, problems: list[FeedProblem]) -> str:
    """Decode what is UTF-8, other pieces as detected in all of them, and damaged bytes in UTF-8 as Windows-1252."""
    pieces = (piece for piece in _PIECE.finditer(body) if not piece[0].isascii())
    others = [piece for piece in pieces if _strictly(piece[0], "utf-8") is None]
    foreign = b"\n".join(piece[0] for piece in others if not is_damaged_utf8(piece[0]))
    encoding = (detect(foreign) if foreign else "") or "cp1252"
    text: list[str] = []
    done = 0
    for piece in others:
        text += [body[done : piece.start()].decode("utf-8", "replace"), _decode_piece(piece[0], encoding)]
        done = piece.end()
    text.append(body[done:].decode("utf-8", "replace"))
    if others:
        try:
            others[0][0].decode("utf-8")
        except UnicodeDecodeError as error:
            offset = others[0].start() + error.start
        line = body.count(b"\n", 0, offset) + 1
        read = f"read as {encoding_name(encoding)} ({len(others)}, starting here). Check that the letters are right."
        reason = f"Line {line}: byte 0x{body[offset]:02X} isn’t valid UTF-8; {read}"
        problems.append(FeedProblem(0, "encoding", "", reason))
    return "".join(text)


def _decode_piece(piece: bytes, encoding: str) -> str:
    return piece.decode("utf-8", _DAMAGED) if is_damaged_utf8(piece) else piece.decode(encoding, "replace")


def _replace_damaged(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101  (nothing is encoded)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_DAMAGED = "feed"
codecs.register_error(_DAMAGED, _replace_damaged)
