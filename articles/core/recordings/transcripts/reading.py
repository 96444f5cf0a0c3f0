"""Chooses the reader for a received transcript and gives back its cues in order."""

import re

from articles.core.language.messages import lazy_message

from .captions import SIGNATURE, read_srt, read_webvtt
from .json_formats import read_json
from .plain import read_plain
from .rolling import unroll
from .types import Format, RawCue, Reading, TranscriptError, TranscriptProblem, problem, settle, whole

SIZE_LIMIT = 32 * 1024 * 1024  # bytes; ten hours of captions have some two million
PROBLEM_LIMIT = 500

_SRT_TIMINGS = re.compile(r"^[ \t]*\d{1,3}:\d{1,2}:\d{1,2}(?:[,.:]\d{1,3})?[ \t]*-->", re.MULTILINE)


def read(data: bytes | str, name: str = "") -> Reading:
    """Read a transcript; `name` is the file's name, whose ending decides only where the content does not.

    Raises TranscriptError, and nothing else, if there is no cue in it. A file that begins with WEBVTT may
    have none.
    """
    text, problems = _decode(data)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    if not text.strip():
        raise TranscriptError(lazy_message("the file is empty: no transcript was read."))
    raw, found, form = _choose(text, name.lower())
    raw, repeated = unroll(raw)
    cues, mended = settle(raw)
    problems += [*found, *repeated, *mended]
    if not cues and not SIGNATURE.match(text):
        where = lazy_message(" (%(reason)s)", reason=problems[0].reason) if problems else ""
        raise TranscriptError(
            lazy_message(
                "no line with a time was found%(where)s: a transcript is WebVTT, SRT, Podcasting 2.0 or Podlove "
                "JSON, or lines such as “00:00:04 text”.",
                where=where,
            )
        )
    problems.sort(key=lambda one: (one.line, one.cue))
    if len(problems) > PROBLEM_LIMIT:
        more = len(problems) - PROBLEM_LIMIT
        last = problems[PROBLEM_LIMIT]
        problems[PROBLEM_LIMIT:] = [
            problem(last.line, last.cue, last.text, lazy_message("From here on %(more)s more problems.", more=more))
        ]
    return Reading(cues, tuple(problems), form)


def _choose(text: str, name: str) -> tuple[list[RawCue], list[TranscriptProblem], Format]:
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


def _decode(data: bytes | str) -> tuple[str, list[TranscriptProblem]]:
    if len(data) > SIZE_LIMIT:
        raise TranscriptError(
            lazy_message("the file is larger than %(most)s MB: no transcript is.", most=SIZE_LIMIT // 1024 // 1024)
        )
    if isinstance(data, str):
        return whole(data), []
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = lazy_message(
            "byte 0x%(byte)s is no UTF-8: such bytes became �. Save the file as UTF-8.", byte=f"{data[error.start]:02X}"
        )
        return data.decode("utf-8", "replace"), [problem(line, 0, "", reason)]
