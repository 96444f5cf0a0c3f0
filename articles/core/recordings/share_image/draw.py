"""Draws the picture: 1200 by 630 pixels, as the services that show it ask for (the Open Graph protocol)."""

import io
import re
from unicodedata import bidirectional, category

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from articles.core.recordings.timeline import Timeline

from . import fonts

VERSION = 1  # of how it looks
WIDTH, HEIGHT = 1200, 630
_SCALE = 2  # drawn larger and made smaller: edges and dots get smooth
_MARGIN = 72
_TITLE_TOP, _TITLE_BOTTOM = 122, 402
_SIZES = (84, 76, 68, 60, 54, 48)
_STRIP_TOP, _STRIP_HEIGHT = 478, 34
_FACTS_TOP = 550
_COLOURS = 64

# The tokens of the pages, light.
_PAPER, _INK, _QUIET, _LINE = "#fbfaf6", "#1c1d1f", "#5c5e62", "#e2ded3"
_UNUSED, _USED, _ACCENT = "#d9d4c6", "#b9c9c6", "#0b5c5a"

_NOT_WRITTEN = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # they choose a variant of the letter before


def draw(title: str, kicker: str, facts: str, tape: Timeline | None) -> bytes:
    """Return a PNG. A title that no font of this machine can write gives way to the kicker: better that than boxes."""
    image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), _PAPER)
    pen = ImageDraw.Draw(image)
    _box(pen, 0, 0, WIDTH, 10, _ACCENT)
    text, name = _written(title, fonts.SERIF)
    if name is None or not text:
        _title(pen, *_written(kicker, fonts.SERIF))
    else:
        _line(pen, _written(kicker, fonts.SANS), 30, 64, _ACCENT)
        _title(pen, text, name)
    _strip(pen, tape)
    _line(pen, _written(facts, fonts.SANS), 27, _FACTS_TOP, _QUIET)
    small = image.reduce(_SCALE).quantize(_COLOURS)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def _written(text: str, names: tuple[str, ...]) -> tuple[str, str | None]:
    """The text as it can be written, and the font for it: without signs that nothing here has, but no letter less."""
    text = _NOT_WRITTEN.sub("", " ".join(text.split()))
    text = "".join(character for character in text if category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    name = fonts.choose(text, names)
    if name is None:
        text = " ".join("".join(character for character in text if category(character) != "So").split())
        name = fonts.choose(text, names)
    return text, name


def _title(pen: ImageDraw.ImageDraw, text: str, name: str | None) -> None:
    """The title as large as it fits between kicker and strip."""
    if name is None or not text:
        return
    width = (WIDTH - 2 * _MARGIN) * _SCALE
    for size in _SIZES:
        font = fonts.load(name, size * _SCALE)
        if font is None:
            return
        leading = round(size * 1.14)
        room = (_TITLE_BOTTOM - _TITLE_TOP) // leading
        lines = _balanced(text, font, width)
        if len(lines) > room and size == _SIZES[-1]:
            lines = [*lines[: room - 1], _shortened(lines[room - 1], font, width)]
        if len(lines) <= room:
            break
    is_rtl = _runs_from_right(text)
    for number, line in enumerate(lines):
        x = WIDTH - _MARGIN if is_rtl else _MARGIN
        place = (x * _SCALE, (_TITLE_TOP + number * leading) * _SCALE)
        pen.text(place, line, _INK, font, anchor="ra" if is_rtl else "la")


def _balanced(text: str, font: FreeTypeFont, width: int) -> list[str]:
    """As few lines as there can be, about as long as each other: no word stands alone."""
    lines = _wrapped(text, font, width)
    for narrower in range(width, width // 2, -width // 20):
        closer = _wrapped(text, font, narrower)
        if len(closer) > len(lines):
            break
        lines = closer
    return lines


def _wrapped(text: str, font: FreeTypeFont, width: int) -> list[str]:
    """Lines of words; a word that is too long, and a script without spaces, breaks anywhere."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1] and font.getlength(word) <= width:
            lines.append(word)
            continue
        lines[-1] += " " if lines[-1] else ""
        for character in word:
            if font.getlength(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return lines


def _shortened(line: str, font: FreeTypeFont, width: int) -> str:
    while line and font.getlength(f"{line} …") > width:
        line = line[:-1].rstrip()
    return f"{line} …"


def _line(pen: ImageDraw.ImageDraw, written: tuple[str, str | None], size: int, top: int, colour: str) -> None:
    text, name = written
    font = None if name is None else fonts.load(name, size * _SCALE)
    if font is None or not text:
        return
    width = (WIDTH - 2 * _MARGIN) * _SCALE
    if font.getlength(text) > width:
        text = _shortened(text, font, width)
    is_rtl = _runs_from_right(text)
    x = WIDTH - _MARGIN if is_rtl else _MARGIN
    pen.text((x * _SCALE, top * _SCALE), text, colour, font, anchor="ra" if is_rtl else "la")


def _strip(pen: ImageDraw.ImageDraw, tape: Timeline | None) -> None:
    """The recording to scale: chapters that are used, chapters that are not, sponsors as outlines, and the pins."""
    if tape is None:
        _box(pen, _MARGIN, _STRIP_TOP + _STRIP_HEIGHT // 2, WIDTH - _MARGIN, _STRIP_TOP + _STRIP_HEIGHT // 2 + 2, _LINE)
        return
    length = (WIDTH - 2 * _MARGIN) / 100
    for segment in tape.segments:
        left = _MARGIN + segment.x * length
        right = max(left + 2, left + segment.width * length - 2)
        colour = _USED if segment.is_used else _UNUSED
        _box(pen, left, _STRIP_TOP, right, _STRIP_TOP + _STRIP_HEIGHT, _LINE if segment.is_sponsor else colour)
        if segment.is_sponsor and right - left > 6:
            _box(pen, left + 2, _STRIP_TOP + 2, right - 2, _STRIP_TOP + _STRIP_HEIGHT - 2, _PAPER)
    for pin in tape.pins:
        x = _MARGIN + pin.x * length
        _box(pen, x - 1.5, _STRIP_TOP - 12, x + 1.5, _STRIP_TOP + _STRIP_HEIGHT + 6, _INK)
        dot = [(x - 8) * _SCALE, (_STRIP_TOP - 26) * _SCALE, (x + 8) * _SCALE, (_STRIP_TOP - 10) * _SCALE]
        pen.ellipse(dot, _ACCENT, _PAPER, 2 * _SCALE)


def _box(pen: ImageDraw.ImageDraw, left: float, top: float, right: float, bottom: float, colour: str) -> None:
    pen.rectangle([left * _SCALE, top * _SCALE, right * _SCALE - 1, bottom * _SCALE - 1], colour)


def _runs_from_right(text: str) -> bool:
    classes = [bidirectional(character) for character in text]
    return classes.count("R") + classes.count("AL") > classes.count("L")
