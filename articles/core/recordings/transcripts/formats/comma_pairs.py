"""Reads YouTube's .sbv and SubViewer's .sub: a line with start and end around a comma, then lines of text."""

import re
from collections.abc import Iterator

from articles.core.language.messages import lazy_message
from articles.core.recordings.transcripts.captions.cue_text import plain_text, without_tags
from articles.core.recordings.transcripts.captions.speakers import separate, split_by_voice
from articles.core.timestamps import CLOCK_PATTERN

from ..parsed import Parsed, Source, skipped_without_text
from .types import TranscriptFormat

# Whole fields only, since the comma that separates the times could also start a fraction.
_TIME = r"[0-9]{1,3}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]{1,9})?"
_PAIR = re.compile(rf"\s*({_TIME})\s*[,;]\s*({_TIME})\s*")
_LOOKS_LIKE_PAIR = re.compile(rf"\s*{CLOCK_PATTERN}\s*[,;]\s*{CLOCK_PATTERN}\s*")
_HUNDREDTHS = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{2}")
_HEADER = re.compile(r"\[(?!br\])[A-Z][A-Z0-9 ]*\].*", re.IGNORECASE)
_DELAY = re.compile(r"\[DELAY\]\s*(-?[0-9]+)", re.IGNORECASE)
_BREAK = re.compile(r"\[br\]|\|", re.IGNORECASE)


def _pairs(source: Source) -> Iterator[re.Match[str]]:
    return (match for line in source.lines if (match := _PAIR.fullmatch(line)))


def _score(source: Source, *, is_subviewer: bool) -> float:
    pairs = list(_pairs(source))
    has_hundredths = bool(pairs) and all(_HUNDREDTHS.fullmatch(time) for pair in pairs for time in pair.groups())
    return len(pairs) if has_hundredths == is_subviewer else 0.0


def score_sbv(source: Source) -> float:
    """Score a file by its lines with two times in thousandths around a comma."""
    return _score(source, is_subviewer=False)


def score_subviewer(source: Source) -> float:
    """Score a file by its lines with two times in hundredths around a comma."""
    return _score(source, is_subviewer=True)


def read_sbv(source: Source) -> Parsed:
    """Read .sbv; blank lines separate the cues."""
    return _read(source, Parsed("sbv"))


def read_subviewer(source: Source) -> Parsed:
    """Read SubViewer 2; the lines before the first time, such as [TITLE], are structure, and [br] is a line break."""
    return _read(source, Parsed("subviewer"))


def _read(source: Source, parsed: Parsed) -> Parsed:
    is_subviewer = parsed.format == "subviewer"
    cues: list[tuple[int, float, float, list[str]]] = []
    is_reading, has_gap = False, False
    for line, written in enumerate(source.lines, 1):
        if not written.strip():
            has_gap = True
            continue
        if _LOOKS_LIKE_PAIR.fullmatch(written):
            match = _PAIR.fullmatch(written)
            times = [parsed.time(line, len(cues) + 1, time) for time in match.groups()] if match else [None]
            is_reading = None not in times
            if is_reading:
                cues.append((line, times[0] or 0.0, times[1] or 0.0, []))
            else:
                reason = lazy_message("The time isn’t written as 0:00:00.000,0:00:00.000; the cue was skipped.")
                parsed.skip(line, len(cues) + 1, written, reason)
        elif is_subviewer and _HEADER.fullmatch(written.strip()) and (not cues or not written.strip().startswith("[i")):
            if (delay := _DELAY.match(written.strip())) and int(delay[1]):
                parsed.note(line, 0, written, lazy_message("The file asks for a delay; the times were not changed."))
        elif is_reading:
            if has_gap and cues[-1][3]:
                reason = lazy_message("Text after a blank line was added to the cue before it.")
                parsed.note(line, len(cues), written, reason)
            cues[-1][3].append(written)
        elif cues or parsed.skipped:
            parsed.skip(line, len(cues), written, lazy_message("The cue has no valid start time and was skipped."))
        else:
            parsed.skip(line, 0, written, lazy_message("Text before the first time was skipped."))
        has_gap = False
    texts = [_lines(lines, is_subviewer=is_subviewer) for *_, lines in cues]
    for number, ((line, start, end, _), parts) in enumerate(zip(cues, separate(texts), strict=True), 1):
        if any(text for _, text in parts):
            parsed.cues += split_by_voice(line, number, start, end, parts)
        else:
            parsed.note(line, number, source.lines[line - 1], skipped_without_text())
    return parsed


def _lines(lines: list[str], *, is_subviewer: bool) -> list[str]:
    pieces = [piece for line in lines for piece in (_BREAK.split(line) if is_subviewer else [line])]
    return [plain_text(without_tags(piece)) for piece in pieces]


SBV = TranscriptFormat("sbv", score_sbv, read_sbv)
SUBVIEWER = TranscriptFormat("subviewer", score_subviewer, read_subviewer)
