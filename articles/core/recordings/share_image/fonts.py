"""Finds a font of this machine that has every letter of a text; Pillow brings one for Latin letters."""

import unicodedata
from functools import cache, lru_cache

from PIL import ImageFont, features
from PIL.ImageFont import FreeTypeFont

# As the pages are set: a serif for what was written, a sans for what is instrument. Then what has most scripts.
SERIF = ("LiberationSerif-Bold.ttf", "DejaVuSerif-Bold.ttf")
SANS = ("LiberationSans-Regular.ttf", "DejaVuSans.ttf")
_WIDE = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "DroidSansFallbackFull.ttf", "NotoSansCJK-Regular.ttc")
_OWN = ""  # Pillow's own

# Scripts whose letters have to be joined or put in order first: only the Raqm library does that.
_NEEDS_SHAPING = {"R", "AL", "AN"}
_CAN_SHAPE = features.check("raqm")


def choose(text: str, names: tuple[str, ...]) -> str | None:
    """The first font of `names`, or one with more scripts, that can write `text`; None where there is none."""
    if not _CAN_SHAPE and any(_is_shaped(character) for character in text):
        return None
    letters = {character for character in text if not character.isspace()}
    for name in (*names, _OWN, *_WIDE):
        if load(name, 40) is not None and all(_has(name, letter) for letter in letters):
            return name
    return None


@cache
def load(name: str, size: int) -> FreeTypeFont | None:
    """The font with this name in `size` pixels; None where this machine does not have it."""
    try:
        font = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    except OSError:
        return None
    return font if isinstance(font, FreeTypeFont) else None


@lru_cache(10_000)
def _has(name: str, letter: str) -> bool:
    """Whether the font draws something else for the letter than for one that no font has."""
    font = load(name, 40)
    assert font is not None  # noqa: S101  (asked for before)
    return _drawn(font, letter) != _drawn(font, "\uffff")


def _drawn(font: FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


def _is_shaped(character: str) -> bool:
    if unicodedata.bidirectional(character) in _NEEDS_SHAPING:
        return True
    return unicodedata.category(character) in {"Mc", "Mn"} or "\u0900" <= character <= "\u109f"
