"""Draws the share image at 1200 by 630 pixels, the size that Open Graph consumers recommend."""

import io
import re
from unicodedata import bidirectional, category

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from articles.core.recordings.timeline import Timeline

from . import fonts

WIDTH, HEIGHT = 1200, 630
_SCALE = 2  # drawn larger and scaled down, to smooth edges and dots
_MARGIN = 72
_TITLE_TOP, _TITLE_BOTTOM = 122, 402
_SIZES = (84, 76, 68, 60, 54, 48)
_STRIP_TOP, _STRIP_HEIGHT = 478, 34
_FACTS_TOP = 550

# The light-mode colours of the site's design tokens.
_PAPER, _INK, _QUIET, _LINE = "#fbfaf6", "#1c1d1f", "#5c5e62", "#e2ded3"
_UNUSED, _USED, _ACCENT = "#d9d4c6", "#b9c9c6", "#0b5c5a"

_VARIATION_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def draw(title: str, kicker: str, facts: str, timeline: Timeline | None) -> bytes:
    """Return a PNG. If no installed font can render the title, the kicker takes its place instead of empty boxes."""
    image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), _PAPER)
    pen = ImageDraw.Draw(image)
    _box(pen, 0, 0, WIDTH, 10, _ACCENT)
    text, name = _renderable(title, fonts.SERIF)
    if name is None or not text:
        _title(pen, *_renderable(kicker, fonts.SERIF))
    else:
        _line(pen, _renderable(kicker, fonts.SANS), 30, 64, _ACCENT)
        _title(pen, text, name)
    _timeline(pen, timeline)
    _line(pen, _renderable(facts, fonts.SANS), 27, _FACTS_TOP, _QUIET)
    small = image.reduce(_SCALE).quantize(colors=64)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def _renderable(text: str, names: tuple[str, ...]) -> tuple[str, str | None]:
    """Return the text and a font that can render it, dropping symbols that no font has, but never letters."""
    text = _VARIATION_SELECTORS.sub("", " ".join(text.split()))
    text = "".join(character for character in text if category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    name = fonts.choose(text, names)
    if name is None:
        text = " ".join("".join(character for character in text if category(character) != "So").split())
        name = fonts.choose(text, names)
    return text, name


def _title(pen: ImageDraw.ImageDraw, text: str, name: str | None) -> None:
    """Draw the title as large as fits between the kicker and the timeline."""
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
    x, anchor = _beginning(text)
    for number, line in enumerate(lines):
        pen.text((x, (_TITLE_TOP + number * leading) * _SCALE), line, _INK, font, anchor=anchor)


def _balanced(text: str, font: FreeTypeFont, width: int) -> list[str]:
    """Wrap to the fewest lines, with lengths as equal as possible so that no word is left alone."""
    lines = _wrapped(text, font, width)
    for narrower in range(width, width // 2, -width // 20):
        closer = _wrapped(text, font, narrower)
        if len(closer) > len(lines):
            break
        lines = closer
    return lines


def _wrapped(text: str, font: FreeTypeFont, width: int) -> list[str]:
    """Wrap at spaces; words that are too long and scripts without spaces break anywhere."""
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


def _line(pen: ImageDraw.ImageDraw, renderable: tuple[str, str | None], size: int, top: int, colour: str) -> None:
    text, name = renderable
    font = None if name is None else fonts.load(name, size * _SCALE)
    if font is None or not text:
        return
    width = (WIDTH - 2 * _MARGIN) * _SCALE
    if font.getlength(text) > width:
        text = _shortened(text, font, width)
    x, anchor = _beginning(text)
    pen.text((x, top * _SCALE), text, colour, font, anchor=anchor)


def _timeline(pen: ImageDraw.ImageDraw, timeline: Timeline | None) -> None:
    """Draw the recording to scale: used and unused chapters, sponsors as outlines, and the markers."""
    if timeline is None:
        _box(pen, _MARGIN, _STRIP_TOP + _STRIP_HEIGHT // 2, WIDTH - _MARGIN, _STRIP_TOP + _STRIP_HEIGHT // 2 + 2, _LINE)
        return
    length = (WIDTH - 2 * _MARGIN) / 100
    for segment in timeline.segments:
        left = _MARGIN + segment.x * length
        right = max(left + 2, left + segment.width * length - 2)
        colour = _USED if segment.is_used else _UNUSED
        _box(pen, left, _STRIP_TOP, right, _STRIP_TOP + _STRIP_HEIGHT, _LINE if segment.is_sponsor else colour)
        if segment.is_sponsor and right - left > 6:
            _box(pen, left + 2, _STRIP_TOP + 2, right - 2, _STRIP_TOP + _STRIP_HEIGHT - 2, _PAPER)
    for marker in timeline.markers:
        x = _MARGIN + marker.x * length
        _box(pen, x - 1.5, _STRIP_TOP - 12, x + 1.5, _STRIP_TOP + _STRIP_HEIGHT + 6, _INK)
        dot = [(x - 8) * _SCALE, (_STRIP_TOP - 26) * _SCALE, (x + 8) * _SCALE, (_STRIP_TOP - 10) * _SCALE]
        pen.ellipse(dot, _ACCENT, _PAPER, 2 * _SCALE)


def _box(pen: ImageDraw.ImageDraw, left: float, top: float, right: float, bottom: float, colour: str) -> None:
    pen.rectangle([left * _SCALE, top * _SCALE, right * _SCALE - 1, bottom * _SCALE - 1], colour)


def _beginning(text: str) -> tuple[int, str]:
    """Return where lines of the text begin, the right margin for scripts written from the right, and Pillow's anchor."""
    classes = [bidirectional(character) for character in text]
    if classes.count("R") + classes.count("AL") > classes.count("L"):
        return (WIDTH - _MARGIN) * _SCALE, "ra"
    return _MARGIN * _SCALE, "la"
