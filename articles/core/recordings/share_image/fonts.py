"""Finds an installed font that has every letter of a text; Pillow bundles one for Latin letters."""

import unicodedata
from functools import cache, lru_cache

from PIL import ImageFont, features
from PIL.ImageFont import FreeTypeFont

# Like the site: a serif for content and a sans for the interface, then the fonts that cover the most scripts.
SERIF = ("LiberationSerif-Bold.ttf", "DejaVuSerif-Bold.ttf")
SANS = ("LiberationSans-Regular.ttf", "DejaVuSans.ttf")
_WIDE = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "DroidSansFallbackFull.ttf", "NotoSansCJK-Regular.ttc")
_BUNDLED = ""  # Pillow's own font

_CAN_SHAPE = features.check("raqm")


def choose(text: str, names: tuple[str, ...]) -> str | None:
    """Return the first font from `names`, or else one with more scripts, that can render `text`; None if there is none."""
    if not _CAN_SHAPE and any(_is_shaped(character) for character in text):
        return None
    letters = {character for character in text if not character.isspace()}
    for name in (*names, _BUNDLED, *_WIDE):
        if load(name, 40) is not None and all(_has(name, letter) for letter in letters):
            return name
    return None


@cache
def load(name: str, size: int) -> FreeTypeFont | None:
    """Return the font with this name at `size` pixels, None if it isn't installed."""
    try:
        font = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    except OSError:
        return None
    return font if isinstance(font, FreeTypeFont) else None


@lru_cache(10_000)
def _has(name: str, letter: str) -> bool:
    """Return whether the font draws the letter differently from a character that no font has."""
    font = load(name, 40)
    assert font is not None  # noqa: S101  (`choose` loaded it before)
    mask, missing = font.getmask(letter), font.getmask("\uffff")
    return (mask.size, bytes(mask)) != (missing.size, bytes(missing))


def _is_shaped(character: str) -> bool:
    """Return whether letters must be joined or reordered before drawing, which only the Raqm library does."""
    if unicodedata.bidirectional(character) in {"R", "AL", "AN"}:
        return True
    return unicodedata.category(character) in {"Mc", "Mn"} or "\u0900" <= character <= "\u109f"
