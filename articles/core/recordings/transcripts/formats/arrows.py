"""Reads WebVTT and SubRip, which have the same blocks: an identifier, a line with an arrow, lines of text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.core.language.messages import lazy_message
from articles.core.recordings.transcripts.captions.cue_text import plain_text, spoken_parts, without_tags
from articles.core.recordings.transcripts.captions.speakers import separate, split_by_voice

from ..parsed import Parsed, Source, skipped_without_text
from .timings import ARROW, is_arrow, match_timings
from .types import CERTAIN, TranscriptFormat

SIGNATURE = re.compile(r"WEBVTT(?=[ \t\n]|\Z)")
_NAMED_BLOCK = re.compile(r"NOTE(?:[ \t]|\Z)|(?:STYLE|REGION)[ \t]*\Z")
_HEADER_LINE = re.compile(r"[\w-]+\s*[:=].*|NOTE\b.*|STYLE.*|::cue.*|[{}].*|##")
_LANGUAGE = re.compile(r"language\s*[:=]\s*([\w-]+)", re.IGNORECASE)
_SHIFT = re.compile(r"X-TIMESTAMP-MAP=(?!.*LOCAL:(?:00:)?00:00\.000)")  # of a segment of a stream
# The notations that each format knows; others are read if they are certain, and reported.
_USUALARROW = re.compile(r"[0-9]\s*-->\s*[0-9]")
_USUAL_VTT = re.compile(r"(?:[0-9]+:)?[0-5][0-9]:[0-5][0-9][.,][0-9]{3}")
_USUAL_SRT = re.compile(
    r"[0-9]{1,4}:[0-5]?[0-9]:[0-5]?[0-9](?:[.,:][0-9]{1,9})?|[0-5]?[0-9]:[0-5][0-9](?:[.,][0-9]{1,9})?"
)
_WEBEX_IDENTIFIER = re.compile(r'[0-9]+ "(.+)" \([0-9]+\)')  # Webex names the speaker there
_SETTING = re.compile(r"\s*(?:[A-Za-z]\w*:\S+|\Z)")  # align:start, X1:40


@dataclass
class _Block:
    """Lines up to a blank line or the next arrow; `arrow` is the number of the timings line, or 0.

    `counter` is the line and text of the next cue's number, if that isn't the number that comes next.
    """

    line: int
    head: list[str]
    arrow: int
    timings: str
    text: list[str]
    counter: tuple[int, str] | None = None


@dataclass
class _Timed:
    """A cue before its speakers are known: line, number, times in seconds, and lines of text."""

    line: int
    number: int
    start: float
    end: float
    lines: list[str]
    name: str = ""


def score_webvtt(source: Source) -> float:
    """Score a file that starts with WEBVTT, or is named so and has arrows."""
    if SIGNATURE.match(source.text):
        return CERTAIN
    return score_srt(source) + 0.5 if source.name.endswith(".vtt") and ARROW in source.text else 0.0


def score_srt(source: Source) -> float:
    """Score a file by its lines with times around an arrow."""
    return sum(
        (">" in line or "→" in line or "&gt;" in line) and match_timings(line) is not None for line in source.lines
    )


def read_webvtt(source: Source) -> Parsed:
    """Read WebVTT by the rules of its "parser algorithm".

    Times that break the rules but are certain, such as 60:01.000, are read and reported. A missing WEBVTT line is
    reported.
    """
    parsed = Parsed("webvtt")
    has_header = SIGNATURE.match(source.text) is not None
    if not has_header:
        reason = lazy_message("The file doesn’t start with WEBVTT; it was read as WebVTT anyway.")
        parsed.note(1, 0, source.lines[0], reason)
    timed = _read_blocks(parsed, source.lines, _read_header(parsed, source.lines) if has_header else 0, is_srt=False)
    spoken = [spoken_parts("\n".join(cue.lines)) for cue in timed]
    has_voices = any(speaker for parts in spoken for speaker, _ in parts)
    if not has_voices:
        spoken = separate([[plain_text(without_tags(line, every=True)) for line in cue.lines] for cue in timed])
    _add_cues(parsed, timed, spoken)
    return parsed


def read_srt(source: Source) -> Parsed:
    """Read SubRip: like WebVTT, but with loosely written times, no blocks other than cues, and text after blank lines."""
    parsed = Parsed("srt")
    timed = _read_blocks(parsed, [line if line.strip() else "" for line in source.lines], 0, is_srt=True)
    has_voices = any("<v" in line for cue in timed for line in cue.lines)
    if has_voices:
        spoken = [spoken_parts("\n".join(cue.lines)) for cue in timed]
    else:
        spoken = separate([[plain_text(without_tags(line)) for line in cue.lines] for cue in timed])
    _add_cues(parsed, timed, spoken)
    return parsed


def _add_cues(parsed: Parsed, timed: list[_Timed], spoken: list[list[tuple[str, str]]]) -> None:
    for cue, parts in zip(timed, spoken, strict=True):
        if any(text for _, text in parts):
            named = [(speaker or cue.name, text) for speaker, text in parts]
            parsed.cues += split_by_voice(cue.line, cue.number, cue.start, cue.end, named)
        else:
            parsed.note(cue.line, cue.number, " ".join(cue.lines), skipped_without_text())


def _read_header(parsed: Parsed, lines: list[str]) -> int:
    """Return the index of the first line after the header; its metadata is structure, other lines are reported."""
    index = 1
    while index < len(lines) and lines[index] and ARROW not in lines[index]:
        line = lines[index]
        if match := _LANGUAGE.match(line):
            parsed.language = match[1]
        elif _SHIFT.match(line):
            parsed.note(index + 1, 0, line, lazy_message("The file asks for a delay; the times were not changed."))
        elif line.strip() and not _HEADER_LINE.match(line.strip()):
            parsed.skip(index + 1, 0, line, lazy_message("Text without a time was skipped."))
        index += 1
    return index


def _read_blocks(parsed: Parsed, lines: list[str], first: int, *, is_srt: bool) -> list[_Timed]:
    timed: list[_Timed] = []
    is_reading = False  # whether the last timings could be read
    number = 0
    for block in _blocks(lines, first, is_srt=is_srt):
        is_text = is_srt and block.head and not block.head[0].strip().isdecimal()  # in SubRip, not an identifier
        if not block.arrow or is_text:
            is_note = not is_srt and _NAMED_BLOCK.match(block.head[0])
            if is_srt and is_reading and timed:
                _continue(parsed, timed[-1], block)
            elif not is_note:
                for at, line in enumerate(block.head, block.line):
                    parsed.skip(at, 0, line, lazy_message("Text without a time was skipped."))
        if not block.arrow:
            continue
        number += 1
        if block.counter:
            reason = lazy_message("The number isn’t the next one; it was read as the number of the cue below.")
            parsed.note(block.counter[0], number + 1, block.counter[1], reason)
        cue = _timed(parsed, block, number, is_srt=is_srt)
        is_reading = cue is not None
        if cue is None:
            reason = lazy_message("The time isn’t written as 00:00:00.000 --> 00:00:00.000; the cue was skipped.")
            parsed.skip(block.arrow, number, block.timings, reason)
            for at, line in enumerate(block.text, block.arrow + 1):
                parsed.skip(at, number, line, lazy_message("The cue has no valid start time and was skipped."))
            continue
        timed.append(cue)
    return timed


def _continue(parsed: Parsed, cue: _Timed, block: _Block) -> None:
    """Add text after a blank line to the cue before it; a number that belongs to no cue is structure."""
    if len(block.head) == 1 and block.head[0].strip().isdecimal():
        parsed.note(block.line, cue.number, block.head[0], lazy_message("A number without a cue was skipped."))
        return
    if any(line.strip() for line in cue.lines):
        reason = lazy_message("Text after a blank line was added to the cue before it.")
        parsed.note(block.line, cue.number, " ".join(block.head), reason)
    cue.lines += block.head


def _timed(parsed: Parsed, block: _Block, number: int, *, is_srt: bool) -> _Timed | None:
    match = match_timings(block.timings)
    if match is None:
        return None
    seconds = [parsed.time(block.arrow, number, match[group]) for group in (1, 2)]
    if seconds[0] is None or seconds[1] is None:
        return None
    if not _USUALARROW.search(block.timings):
        parsed.unusual("notation", block.arrow, number, match[1])
    for group in (1, 2):
        if not (_USUAL_SRT if is_srt else _USUAL_VTT).fullmatch(match[group]):
            parsed.unusual("notation", block.arrow, number, match[group])
    lines = block.text
    rest = match[3].strip(" ])")
    while rest.strip() and (setting := _SETTING.match(rest)):
        rest = rest[setting.end() :]
    if rest.strip() and is_srt:
        lines = [rest.strip(), *lines]
    elif rest.strip():
        parsed.note(block.arrow, number, rest, lazy_message("Text after the times was skipped."))
    webex = _WEBEX_IDENTIFIER.fullmatch(block.head[0]) if block.head else None
    return _Timed(block.arrow, number, seconds[0], seconds[1], lines, webex[1] if webex else "")


def _blocks(lines: list[str], index: int, *, is_srt: bool) -> Iterator[_Block]:
    numbered = ""  # the number of the cue before
    while index < len(lines):
        if not lines[index]:
            index += 1
            continue
        block = _Block(index + 1, [], 0, "", [])
        while index < len(lines) and lines[index]:
            line = lines[index]
            if is_arrow(line):
                if block.arrow or len(block.head) > 1:
                    break
                block.arrow, block.timings = index + 1, line
            elif block.arrow:
                block.text.append(line)
            else:
                block.head.append(line)
            index += 1
        is_cut = index < len(lines) and is_arrow(lines[index])
        if block.arrow and block.head:
            numbered = block.head[0].strip()
        if is_cut and len(block.text) > 1 and numbered.isdecimal() and block.text[-1].strip().isdecimal():
            written = block.text.pop().strip()  # the next cue's number, if no blank line separates the two cues
            block.counter = None if _is_next_number(numbered, written) else (index, written)
            numbered = written
        elif (
            is_srt
            and not block.arrow
            and block.head[-1].strip().isdecimal()
            and (is_cut or (len(block.head) == 1 and _precedes_timings(lines, index)))
        ):
            block.head.pop()  # the next cue's number, if there are blank lines between it and its times
        if block.arrow or block.head:
            yield block


def _is_next_number(number: str, written: str) -> bool:
    is_counted = re.fullmatch("[0-9]{1,9}", number) and re.fullmatch("[0-9]{1,9}", written)
    return bool(is_counted) and int(written) == int(number) + 1


def _precedes_timings(lines: list[str], index: int) -> bool:
    while index < len(lines) and not lines[index]:
        index += 1
    return index < len(lines) and is_arrow(lines[index])


WEBVTT = TranscriptFormat("webvtt", score_webvtt, read_webvtt)
SUBRIP = TranscriptFormat("srt", score_srt, read_srt)
