"""Reads transcripts in JSON: a list of rows with a start, an end or length, text, and perhaps a speaker."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from articles.core.language.messages import lazy_message

from ..cue_text import plain_text
from ..parsed import Parsed, Source, number_seconds, skipped_without_text
from ..types import RawCue, TranscriptError
from .types import CERTAIN, TranscriptFormat

_PUNCTUATION = (".", "?", "!", "。", "？", "！")


@dataclass(frozen=True)
class _Shape:
    """Where the rows are and what their keys mean; times map dotted keys to parts per second."""

    name: str
    rows: tuple[str, ...]
    start: dict[str, float]
    end: dict[str, float]
    text: tuple[str, ...] = ("text",)
    length: tuple[str, float] = ("duration", 1)
    needs: str = ""  # a key that a row or the file must have


_SPEAKERS = ("speaker", "voice", "speakerName", "speaker_name", "speakerDisplayName", "speaker_label", "speaker_id")
_LANGUAGES = ("language", "lang", "language_code", "languageCode")
# Rows of several programs have the same keys, so the order matters: the first shape that fits most rows is taken.
_SHAPES = (
    _Shape("podcasting-json", ("segments",), {"startTime": 1, "startTimeMs": 1000}, {"endTime": 1, "endTimeMs": 1000}, ("body", "text")),
    _Shape("whisperx-json", ("segments",), {"start": 1}, {"end": 1}, needs="word_segments"),
    _Shape("whisper-json", ("segments",), {"start_ms": 1000, "start": 1}, {"end_ms": 1000, "end": 1}, ("text", "body", "transcript")),
    _Shape("podlove-json", ("transcripts",), {"start_ms": 1000, "startTimeMs": 1000, "startTime": 1, "start": 1}, {"end_ms": 1000, "endTimeMs": 1000, "endTime": 1, "end": 1}, ("text", "body", "caption")),
    _Shape("whisper.cpp-json", ("transcription",), {"offsets.from": 1000, "timestamps.from": 1}, {"offsets.to": 1000, "timestamps.to": 1}),
    _Shape("youtube-json", ("events",), {"tStartMs": 1000}, {}, ("segs",), ("dDurationMs", 1000)),
    _Shape("transformers-json", ("chunks",), {"timestamp.0": 1}, {"timestamp.1": 1}),
    _Shape("assemblyai-json", ("utterances",), {"start": 1000}, {"end": 1000}),
    _Shape("deepgram-json", ("results", "utterances"), {"start": 1}, {"end": 1}, ("transcript",)),
    _Shape("teams-json", ("entries",), {"startOffset": 1}, {"endOffset": 1}),
    _Shape("rev-json", ("monologues",), {"elements.0.ts": 1}, {}, ("elements",)),
    _Shape("youtube-json", (), {"start": 1}, {}, needs="duration"),
    _Shape("podlove-json", (), {"start_ms": 1000}, {"end_ms": 1000}),
    _Shape("json", (), {"startTimeMs": 1000, "startTime": 1, "start": 1, "offset": 1}, {"endTimeMs": 1000, "endTime": 1, "end": 1}, ("text", "body", "caption", "transcript")),
)  # fmt: skip


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
    found = [(_fit(shape, value), shape) for shape in _SHAPES]
    most = max(count for count, _ in found)
    fitting = [shape for count, shape in found if count == most]
    if not most:
        fitting = [shape for shape in _SHAPES if isinstance(_rows(shape, value), list)]
    if not most and (nested := list(_nested_rows(value))):
        fitting, value = [_SHAPES[-1]], nested
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
    for number, row in enumerate(_rows(shape, value), 1):
        parsed.units += 1
        if refusal := _read_row(parsed, shape, number, row, names):
            parsed.skip(0, number, json.dumps(row, ensure_ascii=False)[:200], refusal)
    return parsed


def _nested_rows(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield all objects with a start and a text, wherever they are."""
    has_start = isinstance(value, dict) and any(key in value for key in _SHAPES[-1].start)
    if has_start and any(isinstance(value.get(key), str) for key in _SHAPES[-1].text):
        yield value
    elif isinstance(value, dict | list) and depth < 12:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _nested_rows(inner, depth + 1)


def _load(text: str) -> Any:
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


def _at(value: Any, path: str) -> Any:
    """Return the value at a dotted path of keys and indices, None if there is none."""
    for key in path.split("."):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def _rows(shape: _Shape, value: Any) -> Any:
    return _at(value, ".".join(shape.rows)) if shape.rows else value


def _fit(shape: _Shape, value: Any) -> int:
    """Return the number of rows that have a start and a text as the shape says."""
    rows = _rows(shape, value)
    if not isinstance(rows, list):
        return 0
    has_key = not shape.needs or (isinstance(value, dict) and shape.needs in value)
    return sum(
        any(_at(row, key) is not None for key in shape.start)
        and any(key in row for key in shape.text)
        and (has_key or shape.needs in row)
        for row in rows
        if isinstance(row, dict)
    )


def _language(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    found = [_at(value, key) for key in (*_LANGUAGES, "result.language", "params.language")]
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


def _read_row(parsed: Parsed, shape: _Shape, number: int, row: Any, names: dict[str, str]) -> str:
    """Add the cues of a row; return the reason if it is skipped, otherwise ""."""
    if not isinstance(row, dict):
        return lazy_message("The cue isn’t an object and was skipped.")
    if shape.text == ("segs",) and "segs" not in row:
        return ""  # a window on the screen
    time = partial(_time, parsed, number, row)
    start = time(shape.start)
    if start is None:
        return lazy_message("The cue has no valid start time and was skipped.")
    end, length = time(shape.end), time(dict([shape.length]))
    end = start + length if end is None and length is not None else end
    speaker = _speaker(row, names)
    if shape.text == ("elements",):
        sentences = list(_sentences(row["elements"]))
        parsed.cues += [RawCue(0, number, begin, finish, speaker, text) for begin, finish, text in sentences]
        return "" if sentences else skipped_without_text()
    body = next((text for key in shape.text if (text := _text(row.get(key)))), "")
    if not body:
        is_line_break = shape.text == ("segs",)
        return "" if is_line_break else skipped_without_text()
    parsed.cues.append(RawCue(0, number, start, end, speaker, body))
    return ""


def _text(value: Any) -> str:
    if isinstance(value, list):  # pieces of YouTube's captions
        value = "".join(str(piece.get("utf8", "")) for piece in value if isinstance(piece, dict))
    return plain_text(value) if isinstance(value, str) else ""


def _time(parsed: Parsed, number: int, row: dict[str, Any], units: dict[str, float]) -> float | None:
    """Return the first time found, in seconds; `units` maps dotted keys to parts per second."""
    for key, unit in units.items():
        value = _at(row, key)
        seconds = parsed.time(0, number, value) if isinstance(value, str) and ":" in value else None
        seconds = number_seconds(value) if seconds is None else seconds
        if seconds is not None:
            return seconds / unit if not (isinstance(value, str) and ":" in value) else seconds
    return None


def _speaker(row: dict[str, Any], names: dict[str, str]) -> str:
    found = next((row[key] for key in _SPEAKERS if row.get(key) not in (None, "")), "")
    if isinstance(found, dict):
        found = found.get("name") or found.get("id") or ""
    if isinstance(found, int) and not isinstance(found, bool):
        return plain_text(names.get(str(found)) or f"Speaker {found}")
    return plain_text(names.get(found) or found) if isinstance(found, str) else ""


def _sentences(elements: Any) -> Iterator[tuple[float, float | None, str]]:
    """Yield the start, end and text of each sentence of Rev's elements."""
    start: float | None = None
    end: float | None = None
    pieces: list[str] = []
    for element in elements if isinstance(elements, list) else []:
        if not isinstance(element, dict) or not isinstance(element.get("value"), str):
            continue
        begin = number_seconds(element.get("ts"))
        start = begin if start is None else start
        end = number_seconds(element.get("end_ts")) or end
        pieces.append(element["value"])
        if start is not None and element["value"].strip().endswith(_PUNCTUATION) and (text := _text("".join(pieces))):
            yield start, end, text
            start, pieces = None, []
    if text := _text("".join(pieces)):
        yield start if start is not None else end or 0.0, end, text


JSON = TranscriptFormat("json", score_json, read_json)
