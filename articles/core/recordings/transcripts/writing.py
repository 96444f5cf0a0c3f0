"""Writes a transcript in the formats that players and podcast apps read: WebVTT, SubRip and Podcasting 2.0 JSON."""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from articles.core.timestamps import format_timestamp

from .types import Cue

_LONG_ARROW = re.compile("--+>")

VERSION = "1.0.0"  # of Podcasting 2.0's transcripts in JSON


def write_webvtt(cues: Iterable[Cue], language: str = "") -> str:
    """Return the cues as WebVTT (W3C), each with its number as identifier and its speaker as voice.

    `language` is a language tag or "". It is written as YouTube and our own reader know it, since the standard has no
    place for it; other readers skip the line.
    """
    head = f"WEBVTT\nLanguage: {language}\n" if language else "WEBVTT\n"
    return head + "".join(
        f"\n{number}\n{start} --> {end}\n{_voice(cue)}{html.escape(_line(cue.text), quote=False)}\n"
        for number, cue, start, end in _timed(cues, ".")
    )


def write_srt(cues: Iterable[Cue]) -> str:
    """Return the cues as SubRip. It has neither speakers nor escapes: names stand before a colon, arrows get shorter."""
    return "\n".join(
        f"{number}\n{start} --> {end}\n{_LONG_ARROW.sub('->', _named(cue))}\n"
        for number, cue, start, end in _timed(cues, ",")
    )


def write_json(cues: Iterable[Cue]) -> str:
    """Return the cues as JSON: https://github.com/Podcastindex-org/podcast-namespace, `transcripts/transcripts.md`."""
    segments = [
        ({"speaker": cue.speaker} if cue.speaker else {})
        | {"startTime": _milliseconds(cue.start_seconds) / 1000, "endTime": _end(cue) / 1000, "body": _line(cue.text)}
        for cue in cues
    ]
    return json.dumps({"version": VERSION, "segments": segments}, ensure_ascii=False, indent=1) + "\n"


class Writer(NamedTuple):
    """A format: its name for people, its content type, and its function, which gets the cues and their language."""

    label: str
    content_type: str
    write: Callable[[Iterable[Cue], str], str]


# By what the names of their files end in.
WRITERS = {
    "vtt": Writer("WebVTT", "text/vtt; charset=utf-8", write_webvtt),
    "srt": Writer("SRT", "application/x-subrip; charset=utf-8", lambda cues, language: write_srt(cues)),
    "json": Writer("JSON", "application/json", lambda cues, language: write_json(cues)),
}


def _timed(cues: Iterable[Cue], separator: str) -> Iterator[tuple[int, Cue, str, str]]:
    for number, cue in enumerate(cues, 1):
        yield number, cue, _clock(_milliseconds(cue.start_seconds), separator), _clock(_end(cue), separator)


def _clock(milliseconds: int, separator: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{format_timestamp(seconds)}{separator}{rest:03}"


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _end(cue: Cue) -> int:
    """Return the end in whole milliseconds, after the start also of a cue that is shorter than one."""
    return max(_milliseconds(cue.end_seconds), _milliseconds(cue.start_seconds) + 1)


def _voice(cue: Cue) -> str:
    return f"<v {html.escape(_line(cue.speaker), quote=False)}>" if cue.speaker else ""


def _named(cue: Cue) -> str:
    return f"{_line(cue.speaker)}: {_line(cue.text)}" if cue.speaker else _line(cue.text)


def _line(text: str) -> str:
    """Return the text on one line, since an empty one would end the cue."""
    return " ".join(text.split())
