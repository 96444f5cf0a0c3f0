"""Finds images that are written into a text as base64, and puts addresses in their place."""

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from urllib.parse import unquote

from articles.core.formats.types import Place, place_of
from articles.core.timestamps import code_spans

from .callouts import Report
from .writer import Converted

_IMAGE = re.compile(
    r"data:image/[a-z0-9.+-]{1,40}(?:;[a-z0-9=.-]{1,40}){0,4};base64,[ ]?(?P<data>[A-Za-z0-9+/=_%-]+)", re.IGNORECASE
)


def without_embedded_images(
    text: str, places: Sequence[Place], keep: Callable[[bytes], str], report: Report
) -> Converted:
    """Return a text with the address that `keep` returns instead of each image, except in code.

    `report` gets the offset in the text. An image that `keep` refuses with a ValueError stays, with its reason.
    """
    if "base64," not in text:
        return Converted(text, tuple(places))
    code = code_spans(text)
    pieces, position, length = list[str](), 0, 0
    shifts = [(0, 0)]  # offset in the text, and how far what follows moves
    after = list[Place]()
    for match in _IMAGE.finditer(text):
        if any(first <= match.start() < last for first, last in code):
            continue
        written = match.group()
        shown = f"{written[:60]}…"
        try:
            address = keep(_decoded(match["data"]))
        except ValueError as refusal:
            report(match.start(), shown, str(refusal), "image-refused")
            continue
        report(match.start(), shown, "The image in the text was stored as an upload.", "image")
        pieces += [text[position : match.start()], address]
        length += match.start() - position + len(address)
        position = match.end()
        shifts.append((position, length - position))
        after.append((length, *place_of(places, text, position)))
    moved = [
        (offset + shifts[bisect_right(shifts, (offset, 1 << 60)) - 1][1], line, column)
        for offset, line, column in places
    ]
    return Converted("".join([*pieces, text[position:]]), tuple(sorted([*moved, *after])))


def _decoded(data: str) -> bytes:
    plain = unquote(data).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        return b""  # which `keep` refuses, as no image
