"""Reads tables with a header, as whisper and other programs export them: columns start, end, text, speaker."""

import csv
import re
from io import StringIO

from articles.core.language.messages import lazy_message
from articles.core.recordings.transcripts.captions.cue_text import plain_text
from articles.core.recordings.transcripts.captions.units import parts_per_second

from ...parsed import Parsed, Source, clock_time, number_seconds, skipped_without_text
from ...types import RawCue
from ..types import CERTAIN, TranscriptFormat

_COLUMNS = {
    "start": ("start", "start time", "start_time", "starttime", "begin", "from", "in", "time", "timestamp", "timecode"),
    "end": ("end", "end time", "end_time", "endtime", "to", "out"),
    "speaker": ("speaker", "speaker name", "speaker_name", "name", "speaker id"),
    "text": ("text", "transcript", "body", "content", "caption", "words", "sentence", "utterance", "subtitle"),
}
_LABEL = re.compile(r"([0-9]+\.[0-9]{3,})\t([0-9]+\.[0-9]{3,})\t(.*)")  # Audacity's labels have no header


def _columns(source: Source) -> tuple[dict[str, int], str]:
    """Return the index of each column in the header and the delimiter; nothing if the first line isn't a header."""
    header = next((line for line in source.lines if line.strip()), "")
    for delimiter in "\t,;":
        cells = [cell.strip().strip('"').lower() for cell in header.split(delimiter)]
        found = {
            key: next((cells.index(name) for name in names if name in cells), -1) for key, names in _COLUMNS.items()
        }
        if found["start"] >= 0 and found["text"] >= 0:
            return {key: index for key, index in found.items() if index >= 0}, delimiter
    lines = [line for line in source.lines if line.strip()]
    rows = list(csv.reader(lines)) if '",' in header and max(map(len, lines)) < csv.field_size_limit() else []
    if rows and all(
        len(row) > 1 and clock_time(row[0]) for row in rows
    ):  # no header: time, perhaps end or speaker, text
        last = max(len(row) for row in rows) - 1
        middle = {} if last < 2 else {"end" if clock_time(rows[0][1]) else "speaker": 1}
        return {"start": 0, **middle, "text": last}, ""
    return {}, ""


def score_table(source: Source) -> float:
    """Score a file whose first line names the columns, or all of whose lines are Audacity's labels."""
    lines = [line for line in source.lines if line.strip()]
    is_labels = bool(lines) and all(_LABEL.fullmatch(line) for line in lines)
    return CERTAIN if is_labels or _columns(source)[0] else 0.0


def read_table(source: Source) -> Parsed:
    """Read a table.

    Whole numbers are milliseconds, as in whisper's tables, if in seconds nobody would speak so slowly.
    """
    parsed = Parsed("table")
    columns, delimiter = _columns(source)
    first = next(index for index, line in enumerate(source.lines) if line.strip())
    if delimiter:
        first += 1
    elif columns:
        delimiter = ","
    else:
        columns, delimiter = {"start": 0, "end": 1, "text": 2}, "\t"
    is_unquoted = delimiter == "\t" and '"' not in source.lines[max(first - 1, 0)]
    text = StringIO("\n".join(source.lines[first:]))
    reader = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE if is_unquoted else csv.QUOTE_MINIMAL)
    rows: list[tuple[int, list[str]]] = []
    try:
        line = first + 1
        for row in reader:
            rows.append((line, row))
            line = first + 1 + reader.line_num
    except csv.Error:
        parsed.skip(
            line, 0, source.lines[line - 1], lazy_message("The rest of the table can’t be read and was skipped.")
        )
    times = []
    for _, row in rows:
        start, end = (
            _number(row[columns[key]] if columns.get(key, len(row)) < len(row) else "") for key in ("start", "end")
        )
        if start is not None:
            times.append((start, end, row[columns["text"]] if columns["text"] < len(row) else ""))
    unit = parts_per_second(parsed, times, is_usual=delimiter == "\t")  # as whisper writes them
    for number, (line, row) in enumerate(rows, 1):
        if not any(cell.strip() for cell in row):
            continue
        parsed.units += 1
        _read_row(parsed, line, number, row, columns, unit)
    return parsed


def _read_row(parsed: Parsed, line: int, number: int, row: list[str], columns: dict[str, int], unit: int) -> None:
    cells = {key: row[index].strip() for key, index in columns.items() if index < len(row)}
    if columns["text"] == len(columns) - 1 == max(columns.values()) and len(row) > len(columns):
        cells["text"] = ", ".join(cell.strip() for cell in row[columns["text"] :])  # unquoted commas in the text
    start, end = (_seconds(parsed, line, number, cells.get(key, ""), unit) for key in ("start", "end"))
    text = plain_text(cells.get("text", ""))
    written = " ".join(row)
    if start is None:
        parsed.skip(line, number, written, lazy_message("The cue has no valid start time and was skipped."))
    elif not text:
        parsed.skip(line, number, written, skipped_without_text())
    else:
        parsed.cues.append(RawCue(line, number, start, end, plain_text(cells.get("speaker", "")), text))


def _number(written: str) -> float | None:
    written = written.strip()
    return float(written) if re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,9})?", written) else None


def _seconds(parsed: Parsed, line: int, number: int, written: str, unit: int) -> float | None:
    if clock_time(written):
        return parsed.time(line, number, written)
    seconds = number_seconds(written) if written else None
    return None if seconds is None else seconds / unit


TABLE = TranscriptFormat("table", score_table, read_table)
