"""Reads transcripts in JSON: Podcasting 2.0 (`segments`) and Podlove (`transcripts`, times in milliseconds)."""

import json
from typing import Any

from articles.core.language.messages import lazy_message

from .clock import number_seconds
from .cue_text import plain_text
from .types import Format, RawCue, TranscriptError, TranscriptProblem, problem


def read_json(text: str) -> tuple[list[RawCue], list[TranscriptProblem], Format]:
    """Read a JSON transcript. Raises TranscriptError if it isn't JSON or has no list of cues.

    Podcasting 2.0: ``{"segments": [{"speaker", "startTime", "endTime", "body"}]}``, seconds. Podlove:
    ``{"transcripts": [{"start_ms", "end_ms", "start", "end", "speaker" or "voice", "text"}]}`` or just that list.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", lazy_message("it is nested too deeply"))
        line = getattr(error, "lineno", 1)
        raise TranscriptError(
            lazy_message("line %(line)s: invalid JSON (%(reason)s). Fix it there.", line=line, reason=reason)
        ) from error
    rows = value if isinstance(value, list) else None
    form: Format = "podlove-json"
    if isinstance(value, dict):
        if isinstance(value.get("segments"), list):
            rows, form = value["segments"], "podcasting-json"
        elif isinstance(value.get("transcripts"), list):
            rows = value["transcripts"]
    if rows is None:
        raise TranscriptError(
            lazy_message('the JSON has no "segments" or "transcripts" list, so it isn’t a transcript.')
        )
    names = _names(value) if isinstance(value, dict) else {}
    cues: list[RawCue] = []
    problems: list[TranscriptProblem] = []
    for number, row in enumerate(rows, 1):
        cue_or_reason = _cue(number, row, names)
        if isinstance(cue_or_reason, RawCue):
            cues.append(cue_or_reason)
        else:
            problems.append(problem(0, number, json.dumps(row, ensure_ascii=False)[:200], cue_or_reason))
    return cues, problems, form


def _names(value: dict[str, Any]) -> dict[str, str]:
    """Return speaker names by ID, if the file lists them."""
    listed = value.get("voices") or value.get("speakers")
    if not isinstance(listed, list):
        return {}
    return {
        str(voice.get("id", voice.get("identifier"))): str(voice.get("name") or "")
        for voice in listed
        if isinstance(voice, dict)
    }


def _cue(number: int, row: Any, names: dict[str, str]) -> RawCue | str:
    """Return a row as a cue, or the reason why it is skipped."""
    if not isinstance(row, dict):
        return lazy_message("The cue isn’t an object and was skipped.")
    start = _time(row, {"start_ms": 1000, "startTimeMs": 1000, "startTime": 1, "start": 1})
    end = _time(row, {"end_ms": 1000, "endTimeMs": 1000, "endTime": 1, "end": 1})
    body = next((row[key] for key in ("body", "text", "caption") if isinstance(row.get(key), str)), "")
    if start is None:
        return lazy_message("The cue has no valid start time and was skipped.")
    text = plain_text(body)
    if not text:
        return lazy_message("The cue has no text and was skipped.")
    speaker = next((row[key] for key in ("speaker", "voice", "speakerName") if row.get(key)), "")
    if isinstance(speaker, dict):
        speaker = speaker.get("name") or speaker.get("id") or ""
    name = str(speaker) if isinstance(speaker, str | int) else ""
    return RawCue(0, number, start, end, plain_text(names.get(name, name)), text)


def _time(row: dict[str, Any], units: dict[str, int]) -> float | None:
    """Return the first time found, in seconds; `units` maps keys to parts per second."""
    times = ((number_seconds(row.get(key)), unit) for key, unit in units.items())
    return next((value / unit for value, unit in times if value is not None), None)
