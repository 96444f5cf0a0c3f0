"""Chooses the reader for a transcript and returns its cues in order."""

import re

from articles.core.language.messages import lazy_message
from articles.core.language.newlines import normalise_newlines

from .captions import SIGNATURE, read_srt, read_webvtt
from .json_formats import read_json
from .plain import read_plain
from .rolling import unroll
from .types import (
    Format,
    RawCue,
    Reading,
    TranscriptError,
    TranscriptProblem,
    normalize_cues,
    problem,
    replace_surrogates,
)

SIZE_LIMIT = 32 * 1024 * 1024  # bytes; ten hours of captions take about two million
PROBLEM_LIMIT = 500

_SRT_TIMINGS = re.compile(r"^[ \t]*\d{1,3}:\d{1,2}:\d{1,2}(?:[,.:]\d{1,3})?[ \t]*-->", re.MULTILINE)


def read(data: bytes | str, name: str = "", max_bytes: int = SIZE_LIMIT) -> Reading:
    """Read a transcript; the extension of the file `name` decides the format only if the content doesn't.

    Raises TranscriptError, and nothing else, if there are no cues. Only a file that starts with WEBVTT may have none.
    """
    text, problems = _decode(data, max_bytes)
    text = normalise_newlines(text.removeprefix("\ufeff")).replace("\x00", "\ufffd")
    if not text.strip():
        raise TranscriptError(lazy_message("the file is empty."))
    raw, format_problems, form = _read_format(text, name.lower())
    raw, repeat_problems = unroll(raw)
    cues, time_problems = normalize_cues(raw)
    problems += [*format_problems, *repeat_problems, *time_problems]
    if not cues and not SIGNATURE.match(text):
        where = lazy_message(" (%(reason)s)", reason=problems[0].reason) if problems else ""
        raise TranscriptError(
            lazy_message(
                "no line with a time was found%(where)s. Use WebVTT, SRT, Podcasting 2.0 or Podlove JSON, or lines "
                "such as “00:00:04 text”.",
                where=where,
            )
        )
    problems.sort(key=lambda item: (item.line, item.cue))
    if len(problems) > PROBLEM_LIMIT:
        more = len(problems) - PROBLEM_LIMIT
        last = problems[PROBLEM_LIMIT]
        problems[PROBLEM_LIMIT:] = [
            problem(last.line, last.cue, last.text, lazy_message("%(more)s more problems are not listed.", more=more))
        ]
    return Reading(cues, tuple(problems), form)


def _read_format(text: str, name: str) -> tuple[list[RawCue], list[TranscriptProblem], Format]:
    if SIGNATURE.match(text):
        return *read_webvtt(text), "webvtt"
    if text.lstrip()[0] in "{[" and not re.match(r"\s*\[\s*\d+:", text):
        try:
            return read_json(text)
        except TranscriptError:
            if name.endswith(".json") or text.lstrip()[0] == "{":
                raise
    if name.endswith(".vtt") and "-->" in text:
        return *read_webvtt(text), "webvtt"
    if _SRT_TIMINGS.search(text):
        return *read_srt(text), "srt"
    return *read_plain(text), "plain"


def _decode(data: bytes | str, max_bytes: int) -> tuple[str, list[TranscriptProblem]]:
    if len(data) > max_bytes:
        raise TranscriptError(
            lazy_message(
                "the file is larger than %(most)s MB, too large for a transcript.",
                most=f"{max_bytes / 1024 / 1024:.3g}",
            )
        )
    if isinstance(data, str):
        return replace_surrogates(data), []
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = lazy_message(
            "byte 0x%(byte)s isn’t valid UTF-8; such bytes were replaced with �. Save the file as UTF-8.",
            byte=f"{data[error.start]:02X}",
        )
        return data.decode("utf-8", "replace"), [problem(line, 0, "", reason)]
