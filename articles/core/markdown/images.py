"""Finds the images of a text and tells which of them are loaded from another site."""

import re
from bisect import bisect_right
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination

from articles.core.timestamps import code_spans

ADDRESS_MAX = 2_000  # characters, as for everything that is fetched

_FOREIGN = re.compile(r"(?:https?:)?//[^/\\]|https?:", re.IGNORECASE)  # browsers treat https:host as https://host
_BRACKET = re.compile(r"\n[ \t>]*\n|\\.|!?\[|\]", re.DOTALL)
_LABEL = re.compile(r"\[([^\[\]]{0,999})\]")
_SPACE = re.compile(r"[ \t]*(?:\n[ \t>]*)?")
_END = re.compile(r"[ \t\n>]*(?:(?:\"[^\"]{0,1000}\"|'[^']{0,1000}'|\([^()]{0,1000}\))[ \t\n>]*)?\)")
_DEFINITION = re.compile(r"^[ \t>*+-]{0,40}\[((?!\^)[^\[\]]{1,999})\]:[ \t]*(?:\n[ \t>]*)?", re.MULTILINE)


class ImageAddress(NamedTuple):
    """Where the address of an image is written, as offsets in the text, and what it is."""

    start: int
    end: int
    address: str


def is_own_image(address: str, media_url: str) -> bool:
    """Return whether an image is one of our own uploads."""
    written = unquote(address)
    return bool(media_url) and address.startswith(media_url) and ".." not in written and "\\" not in written


def is_foreign_image(address: str) -> bool:
    """Return whether a browser would load the address from the web, rather than from a folder or the text itself."""
    return _FOREIGN.match(address) is not None


def image_addresses(text: str) -> list[ImageAddress]:
    """Return the addresses of the images in a text, in order: of `![alt](address)`, and of the `[label]: address` of
    `![alt][label]`.

    Code has none. A definition that links use as well counts once, as that of an image.
    """
    if "![" not in text:
        return []
    code = code_spans(text)
    starts = [start for start, _ in code]

    def is_code(offset: int) -> bool:
        before = bisect_right(starts, offset) - 1
        return before >= 0 and offset < code[before][1]

    opened: list[tuple[int, bool]] = []
    labels: set[str] = set()
    found: list[ImageAddress] = []
    for match in _BRACKET.finditer(text):
        sign = match.group()
        if is_code(match.start()) or sign[0] == "\\":
            continue
        if sign[0] == "\n":
            opened.clear()
        elif sign != "]":
            opened.append((match.end(), sign == "!["))
        elif opened:
            start, is_image = opened.pop()
            if not is_image:
                continue
            if text.startswith("(", match.end()):
                found += _destination(text, match.end() + 1, is_closed=True)
            label = _LABEL.match(text, match.end())
            labels.add(normalizeReference((label and label[1]) or text[start : match.start()][:999]))
    for match in _DEFINITION.finditer(text) if "]:" in text else ():
        if normalizeReference(match[1]) in labels and not is_code(match.start(1)):
            found += _destination(text, match.end(), is_closed=False)
    return sorted(set(found))


def _destination(text: str, offset: int, *, is_closed: bool) -> list[ImageAddress]:
    space = _SPACE.match(text, offset)
    start = space.end() if space else offset
    read = parseLinkDestination(text, start, min(len(text), start + ADDRESS_MAX + 2))
    if not read.ok or not read.str or (is_closed and not _END.match(text, read.pos)):
        return []
    return [ImageAddress(start, read.pos, read.str)]
