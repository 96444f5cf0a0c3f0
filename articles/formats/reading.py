"""Chooses the reader for a received file, after its bytes have become clean text."""

import re

from .exported import is_markdown_export, read_markdown_export
from .frontmatter import starts_front_matter
from .jsonform import read_json
from .markdown import read_markdown
from .plain import read_plain
from .values import FormatError, Received, ReceivedProblem

SIZE_LIMIT = 8 * 1024 * 1024  # bytes; a long article has some fifty thousand

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def read(received: str | bytes, name: str) -> Received:
    """Read one file: an article, or a show's index. `name` is the file's stem.

    Raises FormatError, and nothing else, for a text that is no article.
    """
    text = _decode(received) if isinstance(received, bytes) else received
    if len(text) > SIZE_LIMIT:
        raise FormatError(f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MB: no article is; split it.")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text, carried = _without_unreadable(text)
    if not text.strip():
        raise FormatError("the file is empty: nothing was read.")
    if text.lstrip().startswith("{") and '"format"' in text:
        return read_json(text, name, carried)
    if is_markdown_export(text):
        return read_markdown_export(text, name, carried)
    if starts_front_matter(text):
        return read_markdown(text, name, carried)
    return read_plain(text, name, carried)


def _decode(received: bytes) -> str:
    if len(received) > SIZE_LIMIT:
        raise FormatError(f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MB: no article is; split it.")
    encoding = "utf-16" if received.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        return received.decode(encoding)
    except UnicodeDecodeError as error:
        line = received.count(b"\n", 0, error.start) + 1
        byte = received[error.start] if error.start < len(received) else 0
        raise FormatError(f"byte 0x{byte:02X} is no {encoding.upper()}: save the file as UTF-8.", line) from error


def _without_unreadable(text: str) -> tuple[str, tuple[ReceivedProblem, ...]]:
    """The text with U+FFFD for control characters, which a page and a database cannot hold."""
    match = _UNREADABLE.search(text)
    if match is None:
        return text, ()
    count = len(_UNREADABLE.findall(text))
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - text.rfind("\n", 0, match.start())
    reason = (
        f"{count} control characters were replaced by �; this is the first."
        if count > 1
        else "A control character was replaced by �."
    )
    problem = ReceivedProblem(line, column, f"U+{ord(match[0]):04X}", reason, "characters")
    return _UNREADABLE.sub("\ufffd", text), (problem,)
