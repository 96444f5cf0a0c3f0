"""Finds what could be a time with text in one line of a plain transcript, in each of the usual layouts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from articles.core.recordings.transcripts.captions.speakers import is_name
from articles.core.timestamps import CLOCK_PATTERN, Form, TimestampError, parse_time

from ...parsed import clock_time

_UNIT = r"[0-9]{1,3}[ \xa0]?(?:hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|Stunden?|Minuten?|Sekunden?)(?![a-zA-Z])"
_UNITS = rf"{_UNIT}(?:,?\s+(?:and |und )?{_UNIT}){{0,2}}"
_TIME = rf"(?:{_UNITS}\s*)?{CLOCK_PATTERN}|{_UNITS}"
_CLOCKS = rf"(?P<start>{CLOCK_PATTERN})(?:\s*(?:-{{1,2}}>|→|[-–—]|\bto\b|\bbis\b|,|[ \t])\s*(?P<end>{CLOCK_PATTERN}))?"
_COMPACT = (
    r"(?:[0-9]{1,3}h ?)?[0-9]{1,3}m ?[0-9]{1,2}(?:\.[0-9]{1,3})?s|(?<=[\[(])[0-9]{1,5}(?:\.[0-9]{1,3})? ?s(?=[\])])"
)
_OPEN = r"[\[(<{«‹【（［〔「『#]"
_CLOSE = r"(?:\s*[\])>}»›】）］〕」』=]|-[0-9]#|[#\"”'])"
_SIGNS = r"(?:[0-9]{1,4}[.)]\s+)?(?:[-–—*>•@#+~|_`=\"“„'→▶►]\s*)*"

# 00:00:04 text · [00:00:04] text · **[00:00:04]** text · 00:00:04.920 | text · [00:00:04.000 --> 00:00:09.000] text
_BEFORE = re.compile(
    rf"(?P<signs>{_SIGNS})(?P<open>{_OPEN}*\s*)(?:{_CLOCKS}|(?P<units>{_COMPACT}))(?P<close>(?:{_CLOSE}|[*_`])*)"
    r"(?P<sep>\s*(?:[|:,.;→=]|[-–—]{1,2}(?=\s))?(?:\*{2}|_{2})?\s*)(?P<rest>.*)",
    re.DOTALL,
)
_ABOVE = re.compile(
    rf"(?P<signs>{_SIGNS})(?P<open>{_OPEN}*\s*)(?:{_CLOCKS}|(?P<units>{_TIME}))(?P<close>(?:{_CLOSE}|[*_`:.])*)"
)
# Name (00:00:12): text · Name [00:00:12] · Name  00:00:12 · [Name] 00:00:12 · Name: [00:00:12] text · Name 3 seconds
_NAME = re.compile(
    rf"[*_#>\-\[\s]*(?P<name>[^\W\d_](?:[^:|\n\[\]]{{0,58}}?[^:|\s\[\],–—(*_-])?)"
    rf"(?P<sep>[\]*_]*\s*[|,:·•–—-]?[*_]*\s*)(?P<open>{_OPEN}?)\s*(?:{_CLOCKS}|(?P<units>{_TIME}))"
    rf"(?P<close>{_CLOSE}?)[*_]*(?P<colon>\s*[:：|]?)[*_]*(?P<gap>\s*)(?P<rest>.*)",
    re.DOTALL,
)
# text [00:00:04] · text (0:04)
_AFTER = re.compile(
    rf"(?P<rest>.*(?<![\s\[(<{{【（#0-9:]))(?P<sep>\s*[|,]?\s*)(?P<open>{_OPEN}?){_CLOCKS}(?P<close>{_CLOSE}?)[.\s]*",
    re.DOTALL,
)
_GLUED = re.compile(
    r"((?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2})((?:[0-9]{1,2} (?:hours?|minutes?|seconds?),? ?){1,3})(?<! )(?=[^\W\d_])"
)
_COULD_HAVE_TIME = re.compile(r"[0-9](?:[:;][0-9]|[ \xa0]?[hmsHMS])")
_ENDS_WITH_TIME = re.compile(r"[0-9][0-9:;.,]*\W*(?:-[0-9]#)?\W*\Z")
_DAYTIME = re.compile(r"(?:[ap]\.?m\b|uhr\b|o['’]clock)", re.IGNORECASE)
SIGN_AND_TIME = re.compile(rf"[^\w\s][^\w]*{CLOCK_PATTERN}(?!\w)")  # with a sign that belongs to no layout
INLINE = re.compile(rf"(?P<open>\[)\s*(?P<start>{CLOCK_PATTERN})\s*\]")


class Layout(Enum):
    """Where a line has its time."""

    ABOVE = "the time alone, above the text"
    BEFORE = "the time, then text"
    NAME = "a name, then the time, perhaps text"
    AFTER = "text, then the time"


@dataclass(frozen=True)
class Mark:
    """A time that a line could be marked with; `style` is how it is written, `start` None if it is no time."""

    line: int
    layout: Layout
    style: str
    written: str
    start: float | None
    end_written: str
    name: str
    rest: str
    is_bare: bool  # has neither brackets nor signs that set it apart from speech
    is_units: bool = False


def marks_of(line: int, text: str) -> Iterator[Mark]:
    """Yield a mark for each layout in which the line could be read, at most one per layout."""
    if not _COULD_HAVE_TIME.search(text):
        return
    for layout, pattern in (
        (Layout.ABOVE, _ABOVE),
        (Layout.BEFORE, _BEFORE),
        (Layout.NAME, _NAME),
        (Layout.AFTER, _AFTER),
    ):
        if layout is Layout.AFTER and not _ENDS_WITH_TIME.search(text[-30:]):
            continue
        match = pattern.fullmatch(text)
        if match and (mark := _mark(line, layout, match)):
            yield mark


def unglued(line: str) -> str:
    """Return “1:051 minute, 5 secondsText”, as browsers copy it from YouTube, as “1:05 Text”."""
    match = _GLUED.match(line)
    return f"{match[1]} {line[match.end() :]}" if match and units_seconds(f"{match[2]} {match[1]}") else line


def units_seconds(written: str) -> float | None:
    """Return the seconds of “1 minute 12 seconds”, also with a clock that says the same (“…1:12”); None otherwise."""
    clock = re.search(rf"{CLOCK_PATTERN}\Z", written)
    words = written[: clock.start()] if clock else written
    try:
        seconds = parse_time(words, Form.UNITS).seconds
    except TimestampError:
        return None
    time = clock_time(clock[0]) if clock else None
    return seconds if not clock or (time and int(time.seconds) == int(seconds)) else None


def _mark(line: int, layout: Layout, match: re.Match[str]) -> Mark | None:
    groups = match.groupdict("")
    written, units = groups["start"], groups.get("units", "")
    rest = groups.get("rest", "").strip()
    is_bare = not (groups["open"].strip() or groups.get("signs", "").strip()) and "\t" not in groups.get("sep", "")
    if layout in (Layout.BEFORE, Layout.AFTER) and not any(letter.isalnum() for letter in rest):
        return None
    if layout is Layout.BEFORE and _DAYTIME.match(rest):
        return None
    if layout is Layout.BEFORE and not (groups["sep"] or groups["close"]):
        if not rest[0].isalpha():
            return None
        groups["sep"] = "glued"
    if layout is Layout.NAME and not _is_heading(groups, rest):
        return None
    if layout is Layout.AFTER and (is_bare and not groups["sep"].strip(" ") and not groups["sep"]):
        return None
    start = units_seconds(units) if units else _seconds(written)
    if start is None and (units or not _is_meant(written)):
        return None
    if _is_ratio(written):
        return None
    style = f"{groups['open'].strip()[:1]}{_gap(groups.get('sep', '')) if layout is Layout.NAME else _kind(groups)}"
    name = groups.get("name", "").strip() if layout is Layout.NAME else ""
    return Mark(line, layout, style, units or written, start, groups.get("end", ""), name, rest, is_bare, bool(units))


def _is_heading(groups: dict[str, str], rest: str) -> bool:
    """Tell whether the text before a time can be a name, and what follows it the text."""
    gap = groups["colon"] + groups["gap"]
    if rest and not (gap.strip() or groups["open"] or len(gap) > 1 or "\t" in gap):
        return False
    is_set_apart = bool(groups["open"] or groups["sep"].strip() or len(groups["sep"]) > 1)
    if is_name(groups["name"].strip()):
        return True
    is_clear = not rest or bool(gap.strip() or "\t" in gap)  # not “Salt is dear [0:03] and …”
    return is_set_apart and is_clear and len(groups["name"].split()) <= 6


def _seconds(written: str) -> float | None:
    time = clock_time(written)
    return time.seconds if time else None


def _is_meant(written: str) -> bool:
    """Tell whether something that is no time was meant as one: 00:75."""
    return len(written.replace(",", ".").split(".")[0].split(":")[-1]) > 1


def _is_ratio(written: str) -> bool:
    """Tell whether a short form is a ratio such as 16:9."""
    fields = written.split(":")
    return len(fields) == 2 and len(fields[1]) == 1


def _gap(sep: str) -> str:
    sign = sep.strip(" \t\xa0]*_")
    return sign or ("wide" if len(sep) > 1 or "\t" in sep else "narrow" if sep else "")


def _kind(groups: dict[str, str]) -> str:
    return "glued" if groups.get("sep") == "glued" else ""
