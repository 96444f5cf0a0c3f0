"""Decodes a file into clean text and chooses the reader for its format."""

import json
import re
from dataclasses import replace

from articles.core.language import decoding
from articles.core.language.messages import lazy_message, lazy_plural, message_of, noop
from articles.core.language.newlines import normalise_newlines

from .front_matter import starts_front_matter
from .json_format import read_json
from .native_markdown import is_markdown_export, read_markdown_export
from .obsidian import read_markdown
from .plain_text import read_plain
from .types import AnyFile, FileProblem, FormatError

SIZE_LIMIT = 8 * 1024 * 1024  # bytes, or characters of decoded text; a long article has about fifty thousand

# How files that hold no plain text begin, and what they are. Zip archives are told apart by the names in them.
_SIGNATURES = (
    (b"%PDF-", noop("a PDF file")),
    (b"{\\rtf", noop("a rich text file (.rtf)")),
    (b"\xd0\xcf\x11\xe0", noop("an old Word document (.doc)")),
    (b"\x89PNG", noop("an image")),
    (b"\xff\xd8\xff", noop("an image")),
    (b"GIF8", noop("an image")),
    (b"\x1f\x8b", noop("a compressed file")),
)
_ZIPPED = (
    (b"word/", noop("a Word document (.docx)")),
    (b"xl/", noop("a spreadsheet (.xlsx)")),
    (b"ppt/", noop("a presentation (.pptx)")),
    (b"application/vnd.oasis.opendocument", noop("an OpenDocument file (.odt)")),
    (b"application/epub", noop("an e-book (.epub)")),
)
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def refuse_other_formats(received: bytes, suffix: str = "") -> None:
    """Raise FormatError, which names the format, if a file isn't plain text; `suffix` is that of its name, such as ".md"."""
    found = next((name for start, name in _SIGNATURES if received.startswith(start)), "")
    if received.startswith(b"PK\x03\x04"):
        found = next((name for part, name in _ZIPPED if part in received), noop("a zip archive"))
    elif suffix.lower() in (".html", ".htm", ".xhtml") or _WEB_PAGE.match(received):
        found = noop("a web page (HTML)")
    if found:
        raise FormatError(
            lazy_message(
                "this is %(found)s, not a text: open it, copy its text and paste that.", found=lazy_message(found)
            )
        )


def read(file: str | bytes, name: str, *, is_json: bool = False, video_id: str | None = None) -> AnyFile:
    """Read one file: an article or a show's index.

    `file` is its bytes or its decoded text, at most SIZE_LIMIT bytes or characters. `name` is the file name without its
    extension; `is_json` says that the extension was `.json`. Linked times become citations if they lead to the video
    `video_id`, to that which the text names if it is None. Raises FormatError, and nothing else, if the file can't be read.
    """
    if len(file) > SIZE_LIMIT:
        raise FormatError(
            lazy_message(
                "the file is larger than %(limit)s MB, the limit for an article: split it.",
                limit=SIZE_LIMIT // 1024 // 1024,
            )
        )
    if isinstance(file, str):
        refuse_other_formats(file[:4000].encode(errors="replace"))
    text, guessed = decode(file) if isinstance(file, bytes) else (file, ())
    text = normalise_newlines(text.removeprefix("\ufeff"))
    text, unreadable = _replace_unreadable(text)
    if not text.strip():
        raise FormatError(lazy_message("the file is empty: there is nothing to import."))
    received = _read_text(text, name, is_json=is_json, video_id=video_id)
    return replace(received, problems=(*guessed, *unreadable, *received.problems))


def _read_text(text: str, name: str, *, is_json: bool, video_id: str | None) -> AnyFile:
    if is_json or _is_json(text):
        return read_json(text, name)
    if is_markdown_export(text):
        return read_markdown_export(text, name)
    if starts_front_matter(text):
        return read_markdown(text, name, video_id)
    return read_plain(text, name, video_id)


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


def decode(received: bytes) -> tuple[str, tuple[FileProblem, ...]]:
    """Return the text of a file, and a problem if its encoding isn't certain. Raises FormatError."""
    refuse_other_formats(received)
    try:
        text, guess = decoding.decode(received)
    except decoding.EncodingError as error:
        raise FormatError(message_of(error)) from error
    return text, (FileProblem(guess.line, 1, guess.text[:200], guess.reason, "characters"),) if guess else ()


def _replace_unreadable(text: str) -> tuple[str, tuple[FileProblem, ...]]:
    """Replace control characters, which neither a page nor a database can hold, with U+FFFD and report them."""
    match = _UNREADABLE.search(text)
    if match is None:
        return text, ()
    count = len(_UNREADABLE.findall(text))
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - text.rfind("\n", 0, match.start())
    reason = lazy_plural(
        "A control character was replaced with �.",
        "%(count)s control characters were replaced with �; this is the first.",
        count,
    )
    problem = FileProblem(line, column, f"U+{ord(match[0]):04X}", reason, "characters")
    return _UNREADABLE.sub("\ufffd", text), (problem,)
