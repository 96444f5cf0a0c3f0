"""Finds uploads of this site whose address readers see as text, and the image that was meant."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from articles.core.lint.types import Part
from articles.core.markdown import image_addresses

# Named after their content: SHA-256, in hex.
_UPLOAD = re.compile(r"/(?:[\w.-]{1,100}/){0,9}uploads/[0-9a-f]{64}\.\w{1,5}")
# An image in whose brackets somebody went on writing.
_TORN = re.compile(rf"!\[(?P<words>[^\[\]]{{0,2000}})\]\((?P<address>{_UPLOAD.pattern})\)")


class TornImage(NamedTuple):
    """What is written at `start` instead of an image, and the image with the words behind it; None if that is unknown."""

    start: int
    written: str
    replacement: str | None


def torn_images(part: Part) -> Iterator[TornImage]:
    """Yield the addresses of uploads that are neither an image nor that of a link, with what is left of the image."""
    body = part.body
    if "/uploads/" not in body:
        return
    read = {image.start for image in image_addresses(body)}
    torn = {match.start("address"): match for match in _TORN.finditer(body)}
    for match in _UPLOAD.finditer(body):
        if match.start() in read or match.group() not in part.rendered.plain_text:
            continue
        image = torn.get(match.start())
        if image is None:
            yield TornImage(match.start(), match.group(), None)
        else:
            written = f"![]({image['address']})"
            rest = image["words"].strip()
            yield TornImage(image.start(), image.group(), f"{written}\n\n{rest}" if rest else written)
