"""Decodes a file into clean text and chooses the reader for its format."""

import json
import re
from dataclasses import replace

from articles.core.language.newlines import normalise_newlines

from .front_matter import starts_front_matter
from .json_format import read_json
from .native_markdown import is_markdown_export, read_markdown_export
from .obsidian import read_markdown
from .plain_text import read_plain
from .types import AnyFile, FileProblem, FormatError

SIZE_LIMIT = 8 * 1024 * 1024  # bytes; a long article has about fifty thousand

# How files that hold no plain text begin, and what they are. Zip archives are told apart by the names in them.
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"{\\rtf", "a rich text file (.rtf)"),
    (b"\xd0\xcf\x11\xe0", "an old Word document (.doc)"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
)
_ZIPPED = (
    (b"word/", "a Word document (.docx)"),
    (b"xl/", "a spreadsheet (.xlsx)"),
    (b"ppt/", "a presentation (.pptx)"),
    (b"application/vnd.oasis.opendocument", "an OpenDocument file (.odt)"),
    (b"application/epub", "an e-book (.epub)"),
)
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def refuse_other_formats(received: bytes, suffix: str = "") -> None:
    """Raise FormatError, which names the format, if a file isn't plain text; `suffix` is that of its name, such as ".md"."""
    found = next((name for start, name in _SIGNATURES if received.startswith(start)), "")
    if received.startswith(b"PK\x03\x04"):
        found = next((name for part, name in _ZIPPED if part in received), "a zip archive")
    elif suffix.lower() in (".html", ".htm", ".xhtml") or _WEB_PAGE.match(received):
        found = "a web page (HTML)"
    if found:
        raise FormatError(f"this is {found}, not a text: open it, copy its text and paste that.")


def read(file: str | bytes, name: str, *, is_json: bool = False) -> AnyFile:
    """Read one file: an article or a show's index.

    `name` is the file name without its extension; `is_json` says that the extension was `.json`. Raises FormatError,
    and nothing else, if the file can't be read.
    """
    if len(file) > SIZE_LIMIT:
        raise FormatError(
            f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MB, the limit for an article: split it."
        )
    if isinstance(file, str):
        refuse_other_formats(file[:4000].encode(errors="replace"))
    text = decode(file) if isinstance(file, bytes) else file
    text = normalise_newlines(text.removeprefix("\ufeff"))
    text, problems = _replace_unreadable(text)
    if not text.strip():
        raise FormatError("the file is empty: there is nothing to import.")
    received = _read_text(text, name, is_json=is_json)
    return replace(received, problems=(*problems, *received.problems))


def _read_text(text: str, name: str, *, is_json: bool) -> AnyFile:
    if is_json or _is_json(text):
        return read_json(text, name)
    if is_markdown_export(text):
        return read_markdown_export(text, name)
    if starts_front_matter(text):
        return read_markdown(text, name)
    return read_plain(text, name)


def _is_json(text: str) -> bool:
    """Return whether a text is JSON or the start of our own export; prose may begin with a bracket too."""
    start = text.lstrip()
    if not start.startswith(("{", "[")):
        return False
    if start.startswith("{") and '"format"' in start:
        return True
    try:
        value = json.loads(start)
    except json.JSONDecodeError:
        return False
    except (ValueError, RecursionError):  # It is JSON that Python can't hold; the JSON reader reports why.
        return True
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(row, dict) for row in value))


def decode(received: bytes) -> str:
    """Return the text of a file in UTF-8, or UTF-16 with a byte order mark. Raises FormatError."""
    refuse_other_formats(received)
    encoding = "utf-16" if received.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        return received.decode(encoding)
    except UnicodeDecodeError as error:
        line = received.count(b"\n", 0, error.start) + 1
        byte = received[error.start] if error.start < len(received) else 0
        raise FormatError(f"byte 0x{byte:02X} isn’t valid {encoding.upper()}: save the file as UTF-8.", line) from error


def _replace_unreadable(text: str) -> tuple[str, tuple[FileProblem, ...]]:
    """Replace control characters, which neither a page nor a database can hold, with U+FFFD and report them."""
    match = _UNREADABLE.search(text)
    if match is None:
        return text, ()
    count = len(_UNREADABLE.findall(text))
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - text.rfind("\n", 0, match.start())
    reason = (
        f"{count} control characters were replaced with �; this is the first."
        if count > 1
        else "A control character was replaced with �."
    )
    problem = FileProblem(line, column, f"U+{ord(match[0]):04X}", reason, "characters")
    return _UNREADABLE.sub("\ufffd", text), (problem,)
