"""Puts our own addresses in place of images that are written into a text as base64 or come from another site."""

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote

from articles.core.formats.types import Place, place_of
from articles.core.language.messages import lazy_message, message_of
from articles.core.markdown import image_addresses, is_foreign_image
from articles.core.timestamps import code_spans

from .callouts import Report
from .writer import Converted

# Stores an image, given as the bytes written into the text or as a web address, and returns its address on this site.
Keep = Callable[[bytes | str], str]

_EMBEDDED = re.compile(
    r"data:image/[a-z0-9.+-]{1,40}(?:;[a-z0-9=.-]{1,40}){0,4};base64,[ ]?(?P<data>[A-Za-z0-9+/=_%-]+)", re.IGNORECASE
)
_SHOWN = 60  # characters of an embedded image that a report shows


def with_own_images(text: str, places: Sequence[Place], keep: Keep, report: Report) -> Converted:
    """Return a text with the address that `keep` returns instead of each image from elsewhere, except in code.

    `report` gets the offset in the text. An image that `keep` refuses with a ValueError stays, with its reason.
    """
    pieces, position, length = list[str](), 0, 0
    shifts = [(0, 0)]  # offset in the text, and how far what follows moves
    after = list[Place]()
    for start, end, image in _images(text):
        shown = image if isinstance(image, str) else f"{text[start:end][:_SHOWN]}…"
        try:
            address = keep(image)
        except ValueError as refusal:
            report(start, shown, message_of(refusal), "image-refused")
            continue
        report(start, shown, lazy_message("The image was stored as an upload."), "image")
        pieces += [text[position:start], address]
        length += start - position + len(address)
        position = end
        shifts.append((position, length - position))
        after.append((length, *place_of(places, text, position)))
    if not pieces:
        return Converted(text, tuple(places))
    moved = [
        (offset + shifts[bisect_right(shifts, (offset, 1 << 60)) - 1][1], line, column)
        for offset, line, column in places
    ]
    return Converted("".join([*pieces, text[position:]]), tuple(sorted([*moved, *after])))


def _images(text: str) -> Iterator[tuple[int, int, bytes | str]]:
    """Yield (start, end, image) of what isn't an address of ours, in order."""
    found: list[tuple[int, int, bytes | str]] = [
        (start, end, address) for start, end, address in image_addresses(text) if is_foreign_image(address)
    ]
    if "base64," in text:
        code = code_spans(text)
        found += [
            (*match.span(), _decoded(match["data"]))
            for match in _EMBEDDED.finditer(text)
            if not any(first <= match.start() < last for first, last in code)
        ]
    end = 0
    for image in sorted(found, key=lambda image: image[:2]):
        if image[0] >= end:
            end = image[1]
            yield image


def _decoded(data: str) -> bytes:
    plain = unquote(data).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        return b""  # which `keep` refuses, as no image
