"""Reads and writes an episode's chapters as Podcasting 2.0 JSON (“JSON Chapters Format”, version 1.2)."""

import json
import re
from collections.abc import Iterable
from typing import Any

from articles.core.language.messages import lazy_message, message_of, noop
from articles.core.language.shorten import shorten
from articles.core.timestamps import TimestampError, format_timestamp, parse_timestamp

from .types import SHOWN, ChapterLine, ChapterProblem, ChaptersError, Course, ReadChapters

MEDIA_TYPE = "application/json+chapters"
VERSION = "1.2.0"
SIZE_LIMIT = 4 * 1024 * 1024  # bytes; a thousand chapters with pictures and links have some three hundred thousand
MAX_SECONDS = 9999 * 3600 + 3599  # the last moment that can be written as a timestamp
PLACES_NAMED = 5

# What JSON can write and neither UTF-8 nor PostgreSQL can hold.
_UNUSABLE = re.compile("[\\ud800-\\udfff\\x00]")
_NOT_KEPT = (
    (
        "endTime",
        noop("%(count)s chapter has an end of its own (endTime): not kept here."),
        noop("%(count)s chapters have ends of their own (endTime): not kept here."),
    ),
    (
        "img",
        noop("%(count)s chapter has a picture (img): not kept here."),
        noop("%(count)s chapters have pictures (img): not kept here."),
    ),
    (
        "url",
        noop("%(count)s chapter has a link (url): not kept here."),
        noop("%(count)s chapters have links (url): not kept here."),
    ),
    (
        "location",
        noop("%(count)s chapter has a place on the map (location): not kept here."),
        noop("%(count)s chapters have places on the map (location): not kept here."),
    ),
)
_SILENT = (
    noop("%(count)s chapter not meant for lists (toc: false): left out (%(named)s)."),
    noop("%(count)s chapters not meant for lists (toc: false): left out (%(named)s)."),
)
_UNTITLED = (
    noop("%(count)s chapter without a title: left out (%(named)s)."),
    noop("%(count)s chapters without a title: left out (%(named)s)."),
)


def read_json(data: bytes | str, *, duration_seconds: int | None = None) -> ReadChapters:
    """Return the chapters of a file in time order, what cannot be used, and what is not kept.

    ``{"version": "1.2.0", "chapters": [{"startTime": 168.4, "title": "Naps"}]}``; times are in seconds, fractions are
    cut off. Chapters that are to stay out of lists (``"toc": false``) or have no title are left out and noted. With
    `duration_seconds`, a chapter has to start before the episode's end. Raises ChaptersError, and nothing else, if
    there is no list of chapters.
    """
    value = _load(data)
    rows = value.get("chapters") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        raise ChaptersError(
            lazy_message('the JSON has no list "chapters": Podcasting 2.0 chapters have one at their top.')
        )
    course = Course("Chapter", duration_seconds)
    problems: list[ChapterProblem] = []
    silent: list[int] = []
    untitled: list[int] = []
    not_kept = dict.fromkeys((key for key, _, _ in _NOT_KEPT), 0)
    for number, row in enumerate(rows, 1):
        try:
            start_seconds = _start(row)
            title = _title(row.get("title"))
            if row.get("toc") is False:
                silent.append(start_seconds)
                continue
            if not title:
                untitled.append(start_seconds)
                continue
            course.add(number, ChapterLine(start_seconds, title))
        except ValueError as error:
            problems.append(ChapterProblem(number, _shown(row), message_of(error), "Chapter"))
            continue
        for key in not_kept:
            not_kept[key] += row.get(key) not in (None, "")
    notes = [*_version_note(value), *_left_out(silent, _SILENT)]
    notes += _left_out(untitled, _UNTITLED)
    notes += [
        lazy_message(one if count == 1 else several, count=count)
        for (_, one, several), count in zip(_NOT_KEPT, not_kept.values(), strict=True)
        if count
    ]
    return ReadChapters(tuple(course.in_order()), tuple(problems), tuple(notes))


def write_json(chapters: Iterable[ChapterLine], *, title: str = "", podcast_name: str = "") -> str:
    """Return the chapters as a file that `read_json` reads back unchanged; `title` is the episode's."""
    head = {"version": VERSION, "title": title, "podcastName": podcast_name}
    rows = [{"startTime": chapter.start_seconds, "title": chapter.title} for chapter in chapters]
    value = {key: text for key, text in head.items() if text} | {"chapters": rows}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _load(data: bytes | str) -> Any:
    if len(data) > SIZE_LIMIT:
        raise ChaptersError(
            lazy_message(
                "the file is larger than %(most)s MB: no list of chapters is.", most=SIZE_LIMIT // 1024 // 1024
            )
        )
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ChaptersError(
            lazy_message("byte %(byte)s is no UTF-8: save the file as UTF-8.", byte=error.start + 1)
        ) from error
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise ChaptersError(
            lazy_message(
                "line %(line)s: the JSON cannot be read (%(reason)s): mend it there.",
                line=error.lineno,
                reason=error.msg,
            )
        ) from error
    except (ValueError, RecursionError) as error:  # Python reads no number of more than 4,300 digits
        raise ChaptersError(
            lazy_message("the JSON holds a number too long, or is nested too deep: mend it.")
        ) from error


def _start(row: Any) -> int:
    """Whole seconds of a row's start; raises ValueError with a message how to mend it."""
    if not isinstance(row, dict):
        raise ValueError(lazy_message("it is no object with a startTime and a title."))
    start = row.get("startTime")
    if isinstance(start, str):
        try:
            start = parse_timestamp(start) if ":" in start else float(start)
        except (TimestampError, ValueError):
            start = None
    if isinstance(start, bool) or not isinstance(start, int | float):
        raise ValueError(lazy_message("its startTime is no number of seconds."))
    if not 0 <= start <= MAX_SECONDS:
        raise ValueError(lazy_message("its startTime lies before the start, or is longer than any recording."))
    return int(start)


def _title(value: object) -> str:
    return " ".join(_UNUSABLE.sub("\ufffd", value).split()) if isinstance(value, str) else ""


def _version_note(value: dict[str, Any]) -> list[str]:
    version = value.get("version")
    if isinstance(version, str) and version.split(".")[0] == "1":
        return []
    return [lazy_message("The file’s version is %(version)s, not 1.2.0: read as if it were.", version=_shown(version))]


def _left_out(starts: list[int], words: tuple[str, str]) -> list[str]:
    if not starts:
        return []
    named = ", ".join(format_timestamp(start) for start in starts[:PLACES_NAMED])
    more = ", …" if len(starts) > PLACES_NAMED else ""
    return [lazy_message(words[len(starts) > 1], count=len(starts), named=f"{named}{more}")]


def _shown(row: Any) -> str:
    try:
        return shorten(_UNUSABLE.sub("\ufffd", json.dumps(row, ensure_ascii=False)), SHOWN)
    except RecursionError:
        return "…"
