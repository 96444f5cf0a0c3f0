"""Reads WebVTT and SubRip, which have the same blocks: an identifier, a line with an arrow, lines of text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.core.language.messages import lazy_message

from .clock import LOOSE, STRICT, loose_seconds, seconds_of
from .cue_text import plain_text, spoken_parts, without_tags
from .types import RawCue, TranscriptProblem, problem

SIGNATURE = re.compile(r"WEBVTT(?=[ \t\n]|\Z)")
_NAMED_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|\Z)")
_ARROW = "-->"
_STRICT_TIMINGS = re.compile(rf"[ \t\f]*{STRICT}[ \t\f]*{_ARROW}[ \t\f]*{STRICT}", re.ASCII)


@dataclass
class _Block:
    """Lines up to a blank line or the next arrow; `arrow` is the number of the timings line, or 0."""

    line: int
    head: list[str]
    arrow: int
    timings: str
    text: list[str]


def read_webvtt(text: str) -> tuple[list[RawCue], list[TranscriptProblem]]:
    """Read WebVTT by the rules of its "parser algorithm"; `text` uses ``\\n`` line endings.

    A cue with timings that break the rules is skipped and reported. A missing WEBVTT line is reported.
    """
    problems: list[TranscriptProblem] = []
    if not SIGNATURE.match(text):
        first = text.partition("\n")[0]
        problems.append(
            problem(1, 0, first, lazy_message("The file doesn’t start with WEBVTT; it was read as WebVTT anyway."))
        )
    return _read_cues(text, problems, is_strict=True)


def read_srt(text: str) -> tuple[list[RawCue], list[TranscriptProblem]]:
    """Read SubRip: like WebVTT, but with loosely written times and no blocks other than cues."""
    lines = (line if line.strip() else "" for line in text.split("\n"))
    return _read_cues("\n".join(lines), [], is_strict=False)


def _read_cues(
    text: str, problems: list[TranscriptProblem], *, is_strict: bool
) -> tuple[list[RawCue], list[TranscriptProblem]]:
    cues: list[RawCue] = []
    number = 0
    for block in _blocks(text, has_header=is_strict and SIGNATURE.match(text) is not None):
        if not block.arrow:
            if not (is_strict and block.head and _NAMED_BLOCK.match(block.head[0])):
                skipped = " ".join(block.head)
                problems.append(problem(block.line, 0, skipped, lazy_message("Text without a time was skipped.")))
            continue
        number += 1
        timings = _strict_timings(block.timings) if is_strict else _loose_timings(block.timings)
        if timings is None:
            reason = lazy_message("The time isn’t written as 00:00:00.000 --> 00:00:00.000; the cue was skipped.")
            problems.append(problem(block.arrow, number, block.timings, reason))
            continue
        written = "\n".join(block.text)
        parts = spoken_parts(written) if is_strict else [("", plain_text(without_tags(written)))]
        if not any(words for _, words in parts):
            reason = lazy_message("The cue has no text and was skipped.")
            problems.append(problem(block.arrow, number, block.timings, reason))
            continue
        cues += _split_by_voice(block.arrow, number, timings, parts)
    return cues, problems


def _blocks(text: str, *, has_header: bool) -> Iterator[_Block]:
    lines = text.split("\n")
    index = int(has_header)
    while has_header and index < len(lines) and lines[index] and _ARROW not in lines[index]:
        index += 1
    while index < len(lines):
        if not lines[index]:
            index += 1
            continue
        block = _Block(index + 1, [], 0, "", [])
        while index < len(lines) and lines[index]:
            line = lines[index]
            if _ARROW in line:
                if block.arrow or len(block.head) > 1:
                    break
                block.arrow, block.timings = index + 1, line
            elif block.arrow:
                block.text.append(line)
            else:
                block.head.append(line)
            index += 1
        is_cut = index < len(lines) and _ARROW in lines[index]
        if is_cut and len(block.text) > 1 and block.text[-1].strip().isdecimal():
            block.text.pop()  # the next cue's number, if no blank line separates the two cues
        yield block


def _strict_timings(line: str) -> tuple[float, float] | None:
    match = _STRICT_TIMINGS.match(line)
    if match is None:
        return None
    first, last = seconds_of(*match.groups()[:4]), seconds_of(*match.groups()[4:])
    return None if first is None or last is None else (first, last)


def _loose_timings(line: str) -> tuple[float, float] | None:
    before, _, after = line.partition(_ARROW)
    first, last = loose_seconds(LOOSE.fullmatch(before.strip())), loose_seconds(LOOSE.match(after.strip()))
    return None if first is None or last is None else (first, last)


def _split_by_voice(
    line: int, number: int, timings: tuple[float, float], parts: list[tuple[str, str]]
) -> Iterator[RawCue]:
    """Yield a cue for each voice; they share the time in proportion to the length of their text."""
    start, end = timings
    total = sum(len(text) for _, text in parts)
    spoken = 0
    for index, (speaker, text) in enumerate(parts):
        begin = start + (end - start) * spoken / total if end > start else start
        spoken += len(text)
        is_last = index == len(parts) - 1
        finish = end if is_last or end <= start else start + (end - start) * spoken / total
        yield RawCue(line, number, begin, finish, speaker, text)
