"""Names formats that aren't read, so that a refusal can say what the file is and what to do."""

import re

from articles.core.language.messages import lazy_message

from ..types import TranscriptError

# (what the file begins with, its name)
_BINARY = (
    (b"%PDF-", "PDF"),
    (b"\xd0\xcf\x11\xe0", "Word 97–2003 (.doc)"),
    (b"ID3", "MP3"),
    (b"\xff\xfb", "MP3"),
    (b"RIFF", "WAV or AVI"),
    (b"OggS", "Ogg"),
    (b"fLaC", "FLAC"),
    (b"\x1aE\xdf\xa3", "Matroska"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
)
_ZIPPED = (
    (b"word/", "Word (.docx)"),
    (b"opendocument.text", "OpenDocument (.odt)"),
    (b"xl/", "Excel (.xlsx)"),
    (b"ppt/", "PowerPoint (.pptx)"),
    (b"epub", "EPUB"),
)
# (pattern at the start of the text, name)
_TEXTUAL = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), name)
    for pattern, name in (
        (r"\s*\[Script Info\]", "ASS/SSA"),
        (r"\s*\{\\rtf", "RTF"),
        (r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?(?:<!doctype html|<html|<head|<body|<div|<p[\s>])", "HTML"),
        (r"\s*<sami", "SAMI"),
        (r"\s*Scenarist_SCC", "Scenarist Closed Captions (SCC)"),
        (r"\s*(?:\{\d+\}\{\d*\}.*\n?){1,3}", "MicroDVD"),
        (r"\s*\[\d+\]\[\d*\]", "MPL2"),
        (r"#EXTM3U", "an HLS playlist (M3U8)"),
        (r"# VobSub index file", "VobSub"),
        (r".{3}STL\d\d\.\d\d", "EBU STL"),
        (r"\$FontName|//Font select", "Spruce STL"),
        (r"\s*(?:<\?xml[^>]*>\s*)?<(?:rss|feed)[\s>]", "a feed (RSS or Atom)"),
        (r"\s*(?:<\?xml[^>]*>\s*)?<(?:fcpxml|xmeml)[\s>]", "Final Cut Pro XML"),
        (r"\s*<\?xml[\s>]", "XML"),
    )
)  # fmt: skip


def refuse_binary(data: bytes) -> None:
    """Raise TranscriptError if the bytes begin like a known format that isn't text."""
    name = next((name for start, name in _BINARY if data.startswith(start)), "")
    if data.startswith(b"PK\x03\x04"):
        name = next((name for part, name in _ZIPPED if part in data), "ZIP")
    if data[4:8] == b"ftyp":
        name = "MP4"
    if name:
        raise _refusal(name)


def refuse_text(text: str) -> None:
    """Raise TranscriptError if the text begins like a known format that isn't read."""
    head = text[:2000]
    if name := next((name for pattern, name in _TEXTUAL if pattern.match(head)), ""):
        raise _refusal(name)


def _refusal(name: str) -> TranscriptError:
    return TranscriptError(
        lazy_message(
            "the file is %(format)s, which isn’t read. Export the transcript as WebVTT, SRT or plain text with times.",
            format=name,
        )
    )
