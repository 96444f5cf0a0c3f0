"""Reads LRC, the format of lyrics: `[00:03.00]Text`, with tags such as `[ar:Artist]` above."""

import re

from articles.core.language.messages import lazy_message
from articles.core.recordings.transcripts.captions.cue_text import plain_text, without_word_times
from articles.core.recordings.transcripts.captions.speakers import separate, split_by_voice
from articles.core.timestamps import CLOCK_PATTERN

from ...parsed import Parsed, Source, skipped_without_text
from ..types import CERTAIN, TranscriptFormat

_TAG = re.compile(r"\[(?:ar|ti|al|au|by|re|ve|la|lr|length|offset|tool|#)\s*:.*\]", re.IGNORECASE)
_OFFSET = re.compile(r"\[offset\s*:\s*([+-]?[0-9]{1,9})\s*\]", re.IGNORECASE)
_LINE = re.compile(rf"((?:\[{CLOCK_PATTERN}\]\s*)+)(.*)")
_TIME = re.compile(CLOCK_PATTERN)


def score_lyrics(source: Source) -> float:
    """Score a file that has LRC's tags or name, and only lines with times in brackets."""
    lines = [line.strip() for line in source.lines if line.strip()]
    has_tags = source.name.endswith(".lrc") or any(_TAG.fullmatch(line) for line in lines[:20])
    timed = sum(_LINE.fullmatch(line) is not None for line in lines) if has_tags else 0
    return CERTAIN if timed and timed * 2 > len([line for line in lines if not _TAG.fullmatch(line)]) else 0.0


def read_lyrics(source: Source) -> Parsed:
    """Read LRC. A line with several times is said at each of them; times of single words are structure."""
    parsed = Parsed("lrc")
    found: list[tuple[int, float, str]] = []
    for number, written in enumerate(source.lines, 1):
        line = written.strip()
        match = _LINE.fullmatch(line)
        if offset := _OFFSET.fullmatch(line):
            if int(offset[1]):
                parsed.note(number, 0, line, lazy_message("The file asks for a delay; the times were not changed."))
        elif match:
            text = plain_text(without_word_times(match[2]))
            for time in _TIME.findall(match[1]):
                start = parsed.time(number, len(found) + 1, time)
                if start is None:
                    parsed.skip(number, 0, line, lazy_message("The cue has no valid start time and was skipped."))
                elif text:
                    found.append((number, start, text))
                elif match[2]:
                    parsed.note(number, 0, line, skipped_without_text())
        elif line and not _TAG.fullmatch(line):
            parsed.skip(number, 0, line, lazy_message("Text without a time was skipped."))
    found.sort(key=lambda cue: cue[1])
    parts = separate([[text] for *_, text in found], is_dialogue=True)
    for count, ((number, start, _), said) in enumerate(zip(found, parts, strict=True), 1):
        parsed.cues += split_by_voice(number, count, start, None, said)
    return parsed


LYRICS = TranscriptFormat("lrc", score_lyrics, read_lyrics)
