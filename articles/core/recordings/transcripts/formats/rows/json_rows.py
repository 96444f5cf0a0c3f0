"""Reads transcripts in JSON: a list of rows with a start, an end or length, text, and perhaps a speaker."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from articles.core.language.messages import lazy_message
from articles.core.parsing.markup_limits import excess_in_json
from articles.core.recordings.transcripts.captions.cue_text import plain_text
from articles.core.recordings.transcripts.captions.units import parts_per_second

from ...parsed import Parsed, Source, number_seconds, skipped_without_text
from ...types import RawCue, TranscriptError
from ..types import CERTAIN, TranscriptFormat
from .json_shapes import SHAPES, Shape
from .json_texts import report_other_lists, row_text, value_at
from .json_words import Word, find_words, sentences

_SPEAKERS = ("voice", "speakerName", "speaker_name", "speakerDisplayName", "speaker", "speaker_label", "speaker_id")
_LANGUAGES = ("language", "lang", "language_code", "languageCode")


def score_json(source: Source) -> float:
    """Score a file that begins like JSON, and isn't lines with times in square brackets."""
    head = source.text.lstrip()
    if head[:1] not in ("{", "["):
        return 0.0
    is_json = head[1:].lstrip()[:1] in ('"', "}", "") if head[0] == "{" else head[1:].lstrip()[:1] in ("{", "]", "")
    return CERTAIN if is_json or source.name.endswith((".json", ".json3")) else 0.0


def read_json(source: Source) -> Parsed:
    """Read a JSON transcript. Raises TranscriptError if it isn't JSON or has no list of cues."""
    value = _load(source.text)
    found = [(_fit(shape, value), shape) for shape in SHAPES]
    most = max(count for count, _ in found)
    if not most and (spoken := _read_words(value)):
        return spoken
    fitting = [shape for count, shape in found if count == most]
    if not most:
        fitting = [shape for shape in SHAPES if isinstance(_rows(shape, value), list)]
    if not most and (nested := list(_nested_rows(value))):
        fitting, value = [SHAPES[-1]], nested
    if not fitting:
        keys = ", ".join(f'"{key}"' for key in list(value)[:8]) if isinstance(value, dict) else "[]"
        reason = lazy_message(
            'the JSON has no list of cues in a known format, such as "segments" or "transcripts", so it isn’t a '
            "transcript. It has: %(keys)s.",
            keys=keys,
        )
        raise TranscriptError(reason)
    shape = fitting[0]
    parsed = Parsed(shape.name, language=_language(value))
    names = _names(value) if isinstance(value, dict) else {}
    rows = _rows(shape, value)
    unit = _unit(parsed, shape, rows)
    for number, row in enumerate(rows, 1):
        parsed.units += 1
        if refusal := _read_row(parsed, shape, number, row, names, unit):
            parsed.skip(0, number, json.dumps(row, ensure_ascii=False)[:200], refusal)
    report_other_lists(parsed, value, rows)
    return parsed


def _read_words(value: Any) -> Parsed | None:
    """Read a file of single words; None if no list of timed words is known."""
    parsed = Parsed("", language=_language(value))
    parsed.format, words = find_words(value, parsed)
    if not words:
        return None
    for number, sentence in enumerate(sentences(words), 1):
        speaker = _speaker({"speaker": sentence.speaker}, {})
        parsed.cues.append(RawCue(0, number, sentence.start, sentence.end, speaker, sentence.text))
    parsed.units = len(words)
    report_other_lists(parsed, value, [])
    return parsed


def _unit(parsed: Parsed, shape: Shape, rows: list[Any]) -> float:
    """Return the parts per second of the times whose key doesn't say it."""
    key = next((key for key, unit in shape.start.items() if not unit), "")
    is_known = any(unit and value_at(row, other) is not None for row in rows for other, unit in shape.start.items())
    if not key or is_known:
        return 1
    times = []
    for row in rows:
        start, end, length = (
            next((time for key in keys if isinstance(time := value_at(row, key), int | float)), None)
            for keys in (shape.start, shape.end, [shape.length[0]])
        )
        if start is not None and not isinstance(start, bool):
            end = start + length if end is None and length is not None and not shape.length[1] else end
            times.append((start, end, row_text(shape, row)))
    return parts_per_second(parsed, times, is_usual=shape.name == "assemblyai-json")


def _nested_rows(value: Any, depth: int = 0, speaker: Any = None) -> Iterator[dict[str, Any]]:
    """Yield all objects with a start and a text, wherever they are, with the speaker of the object around them."""
    has_start = isinstance(value, dict) and any(key in value for key in SHAPES[-1].start)
    if has_start and any(isinstance(value.get(key), str) for key in SHAPES[-1].text):
        yield value if speaker is None else {"speaker": speaker, **value}
    elif isinstance(value, dict | list) and depth < 12:
        if isinstance(value, dict):
            speaker = value.get("speaker", speaker)
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _nested_rows(inner, depth + 1, speaker)


def _load(text: str) -> Any:
    if excess := excess_in_json(text):
        raise TranscriptError(excess)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
            try:
                return [json.loads(line) for line in lines]  # JSON Lines
            except (ValueError, RecursionError):
                pass
        reason = getattr(error, "msg", lazy_message("it is nested too deeply"))
        line = getattr(error, "lineno", 1)
        raise TranscriptError(
            lazy_message("line %(line)s: invalid JSON (%(reason)s). Fix it there.", line=line, reason=reason)
        ) from error


def _rows(shape: Shape, value: Any) -> Any:
    return value_at(value, ".".join(shape.rows)) if shape.rows else value


def _fit(shape: Shape, value: Any) -> int:
    """Return the number of rows that have a start and a text as the shape says."""
    rows = _rows(shape, value)
    if not isinstance(rows, list):
        return 0
    has_key = not shape.needs or (isinstance(value, dict) and shape.needs in value)
    return sum(
        any(value_at(row, key) is not None for key in shape.start)
        and any(value_at(row, key) is not None for key in shape.text)
        and (has_key or shape.needs in row)
        for row in rows
        if isinstance(row, dict)
    )


def _language(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    found = [value_at(value, key) for key in (*_LANGUAGES, "result.language", "params.language")]
    return next((code for code in found if isinstance(code, str) and code != "auto"), "")[:20]


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


def _read_row(parsed: Parsed, shape: Shape, number: int, row: Any, names: dict[str, str], unit: float) -> str:
    """Add the cues of a row; return the reason if it is skipped, otherwise ""."""
    if not isinstance(row, dict):
        return lazy_message("The cue isn’t an object and was skipped.")
    if shape.text == ("segs",) and "segs" not in row:
        return ""  # a window on the screen
    speaker = _speaker(row, names)
    if shape.text == ("elements",):
        found = list(sentences(_elements(row.get("elements"))))
        parsed.cues += [RawCue(0, number, said.start, said.end, speaker, said.text) for said in found]
        return "" if found else skipped_without_text()
    time = partial(_time, parsed, number, row, unit)
    start = time(shape.start)
    if start is None:
        return lazy_message("The cue has no valid start time and was skipped.")
    end, length = time(shape.end), time(dict([shape.length]))
    end = start + length if end is None and length is not None else end
    body = row_text(shape, row)
    if not body:
        is_line_break = shape.text == ("segs",)
        return "" if is_line_break else skipped_without_text()
    parsed.cues.append(RawCue(0, number, start, end, speaker, body))
    return ""


def _time(parsed: Parsed, number: int, row: dict[str, Any], usual: float, units: dict[str, float]) -> float | None:
    """Return the first time found, in seconds; `units` maps dotted keys to parts per second, or 0 for the `usual`."""
    for key, written in units.items():
        unit = written or usual
        value = value_at(row, key)
        seconds = parsed.time(0, number, value) if isinstance(value, str) and ":" in value else None
        seconds = number_seconds(value) if seconds is None else seconds
        if seconds is not None:
            return seconds / unit if not (isinstance(value, str) and ":" in value) else seconds
    return None


def _speaker(row: dict[str, Any], names: dict[str, str]) -> str:
    found = next((row[key] for key in _SPEAKERS if row.get(key) not in (None, "")), "")
    if isinstance(found, dict):
        found = found.get("name") or found.get("id") or ""
    if isinstance(found, bool) or not isinstance(found, int | str):
        return ""
    return plain_text(names.get(str(found)) or (f"Speaker {found}" if str(found).isdecimal() else str(found)))


def _elements(elements: Any) -> list[Word]:
    """Return Rev's elements, of which only the words have times."""
    rows = [row for row in elements if isinstance(row, dict)] if isinstance(elements, list) else []
    return [
        Word(row["value"], number_seconds(row.get("ts")), number_seconds(row.get("end_ts")), is_sign="ts" not in row)
        for row in rows
        if isinstance(row.get("value"), str)
    ]


JSON = TranscriptFormat("json", score_json, read_json)
