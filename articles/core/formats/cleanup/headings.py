"""Splits an imported text at its headings into a lead and sections, normalises levels, and converts each part."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from articles.core.formats.types import MAX_LEVEL, FileProblem, FileSection, Place, clean_block, clean_line
from articles.core.language.messages import LazyMessage, lazy_message
from articles.core.outline import normalise_levels
from articles.core.timestamps import UNSEEN, Lines

from .code_spans import fenced_lines
from .intended import UNSEEN_REMOVED
from .links import Converter
from .writer import Converted

HEADING_LIMIT = 300  # characters in a section heading
TITLE_LIMIT = 200  # characters in an article title

_HASHES = re.compile(rf"(?:[{UNSEEN}]* ?){{0,3}}[{UNSEEN}]*(?P<escape>\\(?=##))?(?P<hashes>#+)(?=[ \t{UNSEEN}]|$)")
_GAP = re.compile(rf"[ \t{UNSEEN}]*")
_UNSEEN = re.compile(f"[{UNSEEN}]")
_UNSEEN_SIGNS = "\u00a0\u00ad\u200b\u200e\u200f\u2060\ufeff"  # at the end of a heading
_HTML = re.compile(
    r"[ \t]*<h(?P<level>[1-6])(?:\s[^<>]*)?>\s*(?P<text>[^\n]*(?:\n(?!\s*\n)[^\n]*){0,2}?)\s*</h[1-6]\s*>[ \t]*(?=\n|$)",
    re.IGNORECASE,
)
ESCAPED_HEADING = lazy_message("An escaped heading became a heading.")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_NO_HEADING = re.compile(r"[ \t]*(?:[-*+>|#]|\d{1,9}[.)]\s|\[\^|$|    |\t)")
_SENTENCE_END = re.compile(r"[.!?…:;,。！？؟।|][\"'”’»)\]*_]*\s*$")


@dataclass(frozen=True)
class Heading:
    """A heading in the file: `text[start:end]` are its lines, `text[words_start:words_end]` its words."""

    start: int
    end: int
    words_start: int
    words_end: int
    level: int


@dataclass
class Problems:
    """Collects problems by their offset in the file."""

    lines: Lines
    entries: list[tuple[int, FileProblem]] = field(default_factory=list)

    def report(self, offset: int, text: str, reason: LazyMessage, code: str) -> None:
        self.entries.append((offset, FileProblem(*self.lines.place(offset), text[:200], reason, code)))

    def report_line(self, line: int, text: str, reason: LazyMessage) -> None:
        """Report a line of the front matter."""
        self.entries.append((0, FileProblem(line, 1, text[:200], reason, "front-matter")))

    def in_order(self) -> tuple[FileProblem, ...]:
        return tuple(problem for _, problem in sorted(self.entries, key=lambda pair: pair[0]))


@dataclass(frozen=True)
class Parts:
    """A text split into its lead and sections."""

    lead: str
    lead_places: tuple[Place, ...]
    sections: tuple[FileSection, ...]


def looks_like_heading(line: str) -> bool:
    """Return whether a line on its own reads as a heading: short, not a list or table, not ending a sentence."""
    text = line.strip()
    if not 0 < len(text) <= 100 or len(text.split()) > 14 or _NO_HEADING.match(text):
        return False
    if not re.search(r"\w", re.sub(r"<[^<>]*>", "", text)):
        return False
    return not _SENTENCE_END.search(text) and not re.search(r"\d:\d\d\]?$", text)


def find_headings(text: str, start: int) -> list[Heading]:
    """Return the headings from `start` on that are marked by `#`, underlining or `<h2>`, outside code."""
    headings: list[Heading] = []
    lines = text[start:].split("\n")
    fenced = fenced_lines(text[start:])
    offset = start
    previous: tuple[int, str] | None = None  # the previous line if the next one may underline it
    was_blank = True
    for line, in_fence in zip(lines, fenced, strict=True):
        end = offset + len(line)
        underlined = previous
        previous = None
        if in_fence or (headings and offset < headings[-1].end):
            pass
        elif "#" in line[:9] and (match := _HASHES.match(line)):
            first, last = _words(line, match.end())
            headings.append(Heading(offset, end, offset + first, offset + last, len(match["hashes"])))
        elif "<h" in line.lower()[:40] and (match := _HTML.match(text, offset)):
            headings.append(Heading(offset, match.end(), *match.span("text"), int(match["level"])))
        elif underlined and _UNDERLINE.match(line):
            begin, words_text = underlined
            level = 1 if "=" in line else 2
            headings.append(Heading(begin, end, begin, begin + len(words_text), level))
        elif was_blank and not _NO_HEADING.match(line) and looks_like_heading(line):
            previous = (offset, line)
        was_blank = not line.strip() or bool(headings and headings[-1].end == end)
        offset = end + 1
    return headings


def repair_headings(text: str, problems: Problems) -> str:
    """Return a pasted text whose `#` and HTML headings Markdown reads; what it reads already stays as it is."""
    pieces, position = [], 0
    for heading in find_headings(text, 0):
        written = text[heading.start : heading.end]
        is_html = written.lstrip()[:2].lower() == "<h"
        if is_html or _report_repair(text, heading, problems):
            if is_html:
                problems.report(heading.start, written, lazy_message("A heading in HTML became Markdown."), "html")
            words = " ".join(text[heading.words_start : heading.words_end].split())
            pieces += [text[position : heading.start], f"{'#' * heading.level} {words}"]
            position = heading.end
    return "".join([*pieces, text[position:]])


def _report_repair(text: str, heading: Heading, problems: Problems) -> bool:
    """Report what keeps Markdown from reading a `#` heading; return whether there was anything."""
    before, after = text[heading.start : heading.words_start], text[heading.words_end : heading.end]
    if before.isascii() and after.isascii() and "\\" not in before:
        return False
    written = text[heading.start : heading.end]
    if before.lstrip(f" {_UNSEEN_SIGNS}").startswith("\\"):
        problems.report(heading.start, written, ESCAPED_HEADING, "escaped")
        return True
    if _UNSEEN.search(before) or _UNSEEN.search(after):
        problems.report(heading.start, written, UNSEEN_REMOVED, "characters")
        return True
    return False


def _words(line: str, start: int) -> tuple[int, int]:
    """Return [start, end) of the words of a `#` heading, without white space and closing hashes (CommonMark 4.2)."""
    text = line[start:].rstrip(f" \t{_UNSEEN_SIGNS}")
    open_text = text.rstrip("#")
    if open_text != text and (not open_text or open_text[-1] in " \t"):
        text = open_text.rstrip(f" \t{_UNSEEN_SIGNS}")
    end = start + len(text)
    gap = _GAP.match(line, start)
    return min(end, gap.end() if gap else start), end


def take_title(text: str, start: int, headings: list[Heading]) -> tuple[str, int, list[Heading]]:
    """Take the title from the first heading; return it, the start of the text, and the headings of sections.

    A heading before all text and above all other headings is only the title, not a section.
    """
    if not headings:
        return "", start, headings
    first, *rest = headings
    title = clean_line(text[first.words_start : first.words_end])[:TITLE_LIMIT]
    if rest and all(other.level > first.level for other in rest) and not text[start : first.start].strip():
        return title, first.end, rest
    return title, start, headings


def cut(
    text: str, start: int, end: int, headings: Iterable[Heading], title: str, problems: Problems, *, video_id: str
) -> Parts:
    """Split and convert `text[start:end]`: the lead before the first of `headings`, then a section for each.

    Times that link to the video `video_id` become citations. A first heading that only repeats `title` before any other
    text is dropped and reported.
    """
    headings = [heading for heading in headings if start <= heading.start < end]
    for heading in headings:
        _report_repair(text, heading, problems)
    converter = Converter(text, problems.lines, problems.report, video_id)
    lead_end = headings[0].start if headings else end
    if headings:
        first, rest = headings[0], headings[1:]
        is_topmost = all(other.level >= first.level for other in rest)
        if not text[start:lead_end].strip() and is_topmost and _same(text[first.words_start : first.words_end], title):
            reason = lazy_message("The title was repeated above the text; the repetition was removed.")
            problems.report(first.start, text[first.words_start : first.words_end], reason, "title")
            start, lead_end, headings = first.end, rest[0].start if rest else end, rest
    lead = _block(converter.convert(start, lead_end))
    levels = _levels(headings, problems)
    sections: list[FileSection] = []
    ends = [*(heading.start for heading in headings[1:]), end][: len(headings)]
    for heading, level, body_end in zip(headings, levels, ends, strict=True):
        words = converter.convert(heading.words_start, heading.words_end, is_line=True)
        body = _block(converter.convert(min(heading.end, body_end), body_end))
        name, overflow = _fitting(clean_line(words.text))
        place: Place = (0, *problems.lines.place(heading.words_start))
        if overflow:
            reason = lazy_message(
                "A heading can have %(limit)s characters; the rest was moved into the section.", limit=HEADING_LIMIT
            )
            problems.report(heading.start, overflow, reason, "heading")
            shift = len(overflow) + 2
            body = Converted(
                f"{overflow}\n\n{body.text}".rstrip(),
                (place, *((offset + shift, line, column) for offset, line, column in body.places)),
            )
        if not name:
            reason = lazy_message("This heading is empty: add words, or move its text into the previous section.")
            problems.report(heading.start, text[heading.start : heading.end], reason, "heading")
        sections.append(FileSection(level, name, body.text, body.places, place))
    return Parts(lead.text, lead.places, tuple(sections))


def _levels(headings: list[Heading], problems: Problems) -> list[int]:
    levels = normalise_levels([heading.level for heading in headings])
    for heading, level in zip(headings, levels, strict=True):
        if level > MAX_LEVEL:
            reason = lazy_message(
                "Level %(most)s is the deepest possible; this section was moved up from level %(level)s.",
                most=MAX_LEVEL,
                level=level,
            )
            problems.report(heading.start, "#" * heading.level, reason, "level")
    return [min(level, MAX_LEVEL) for level in levels]


def _same(heading: str, title: str) -> bool:
    words = re.findall(r"\w+", heading.casefold())
    return bool(words) and words == re.findall(r"\w+", title.casefold())


def _fitting(heading: str) -> tuple[str, str]:
    """Return a heading, cut between words if it is too long, and the rest."""
    if len(heading) <= HEADING_LIMIT:
        return heading, ""
    at = max(0, heading.rfind(" ", 0, HEADING_LIMIT + 1)) or HEADING_LIMIT
    return heading[:at].rstrip(), heading[at:].lstrip()


def _block(converted: Converted) -> Converted:
    """Return the text as a block, with its places shifted accordingly."""
    text = clean_block(converted.text)
    shift = converted.text.find(text) if text else 0
    places = [(offset - shift, line, column) for offset, line, column in converted.places]
    before = [place for place in places if place[0] < 0]
    if before and not any(offset == 0 for offset, _, _ in places):
        offset, line, column = before[-1]
        breaks = converted.text.count("\n", offset + shift, shift)
        moved = (0, line + breaks, 1) if breaks else (0, line, column - offset)
        places.insert(len(before), moved)
    return Converted(text, tuple(place for place in places if place[0] >= 0))
