"""Reads plain-text transcripts: lines with a time and text, with or without a speaker."""

import re
from dataclasses import replace

from articles.core.language.messages import lazy_message

from .clock import LOOSE, loose_seconds
from .cue_text import plain_text
from .types import RawCue, TranscriptProblem, problem

_TIME = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,9})?"
_NAME = r"[^\W\d_](?:[^():|\n]{0,58}[^():|\s])?"
# 00:00:04 text · [00:00:04] text · 00:00:04.920 | text · [00:00:04.000 --> 00:00:09.000] text
_TIME_FIRST = re.compile(
    rf"[\[(]?({_TIME})(?:\s*(?:-->|-|–)\s*({_TIME}))?[\])]?(?=[\s|:\-–]|\Z)\s*(?:[|:\-–]\s*)?(.*)", re.DOTALL
)
# Name (00:00:12): text · Name [00:00:12] · Name  00:00:12
_NAME_FIRST = re.compile(rf"({_NAME})\s*(?:\(({_TIME})\)|\[({_TIME})\]|\s({_TIME}))\s*(?::\s*(.*)|)", re.DOTALL)


def read_plain(text: str) -> tuple[list[RawCue], list[TranscriptProblem]]:
    """Read lines; a line without a time continues the cue above it, a line before the first time is reported."""
    cues: list[RawCue] = []
    problems: list[TranscriptProblem] = []
    texts: list[list[str]] = []
    for line, written in enumerate(text.split("\n"), 1):
        stripped = written.strip()
        if not stripped:
            continue
        start = _start_cue(line, len(cues) + 1, stripped)
        if isinstance(start, TranscriptProblem):
            problems.append(start)
        elif start is not None:
            cues.append(start)
            texts.append([start.text])
        elif texts:
            texts[-1].append(stripped)
        else:
            problems.append(problem(line, 0, stripped, lazy_message("Text before the first time was skipped.")))
    kept: list[RawCue] = []
    for cue, pieces in zip(cues, texts, strict=True):
        spoken = plain_text(" ".join(pieces))
        if spoken:
            kept.append(replace(cue, text=spoken))
        else:
            reason = lazy_message("The time has no text and was skipped.")
            problems.append(problem(cue.line, cue.number, cue.speaker, reason))
    return kept, problems


def _start_cue(line: int, number: int, text: str) -> RawCue | TranscriptProblem | None:
    match = _TIME_FIRST.match(text)
    if match:
        start, end, spoken = match.groups()
        speaker = ""
    else:
        match = _NAME_FIRST.fullmatch(text)
        if not match:
            return None
        speaker, bracketed, squared, bare, spoken = match.groups()
        start, end = bracketed or squared or bare, None
    seconds = loose_seconds(LOOSE.fullmatch(start))
    if seconds is None:
        reason = lazy_message(
            "%(start)s isn’t a valid time (minutes and seconds go up to 59) and was skipped.", start=start
        )
        return problem(line, number, text, reason)
    end_seconds = loose_seconds(LOOSE.fullmatch(end)) if end else None
    return RawCue(line, number, seconds, end_seconds, speaker.strip(), spoken or "")
