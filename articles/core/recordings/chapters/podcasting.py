"""Reads and writes an episode's chapters as Podcasting 2.0 JSON (“JSON Chapters Format”, version 1.2)."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from articles.core.language.decoding import EncodingError, Guess, decode
from articles.core.language.messages import lazy_message, message_of, noop
from articles.core.language.shorten import shorten
from articles.core.parsing.markup_limits import excess_in_json
from articles.core.recordings.entries import EntryProblem
from articles.core.timestamps import format_timestamp

from .titles import plain_title
from .types import SHOWN, ChapterCollector, ChapterLine, ChaptersError, ReadChapters, read_start

MEDIA_TYPE = "application/json+chapters"
VERSION = "1.2.0"
SIZE_LIMIT = 4 * 1024 * 1024  # bytes; a thousand chapters with images and links take about 300,000
PLACES_NAMED = 5

# Characters that JSON can express but UTF-8 or PostgreSQL can't store.
_UNUSABLE = re.compile("[\\ud800-\\udfff\\x00]")
_UNSUPPORTED = {
    "endTime": (
        noop("%(count)s chapter has its own end time (endTime), which isn’t kept."),
        noop("%(count)s chapters have their own end times (endTime), which aren’t kept."),
    ),
    "img": (
        noop("%(count)s chapter has an image (img), which isn’t kept."),
        noop("%(count)s chapters have images (img), which aren’t kept."),
    ),
    "url": (
        noop("%(count)s chapter has a link (url), which isn’t kept."),
        noop("%(count)s chapters have links (url), which aren’t kept."),
    ),
    "location": (
        noop("%(count)s chapter has a map location (location), which isn’t kept."),
        noop("%(count)s chapters have map locations (location), which aren’t kept."),
    ),
}
_HIDDEN = (
    noop("%(count)s chapter is hidden from lists (toc: false) and was skipped (%(named)s)."),
    noop("%(count)s chapters are hidden from lists (toc: false) and were skipped (%(named)s)."),
)
_UNTITLED = (
    noop("%(count)s chapter has no title and was skipped (%(named)s)."),
    noop("%(count)s chapters have no title and were skipped (%(named)s)."),
)


def read_json(data: bytes | str, *, duration_seconds: int | None = None) -> ReadChapters:
    """Return the chapters of a file in time order, the unusable ones, and notes about what isn't kept.

    The format is ``{"version": "1.2.0", "chapters": [{"startTime": 168.4, "title": "Naps"}]}``; times are in seconds
    or, as some programs write, clock times in a string; both are truncated to whole seconds. Chapters that are hidden
    from lists (``"toc": false``) or have no title are skipped with a note. With `duration_seconds`, a chapter must
    start before the end of the episode. Raises ChaptersError, and nothing else, if there is no list of chapters.
    """
    text, guess = _decoded(data)
    value = _load(text)
    rows = value.get("chapters") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        raise ChaptersError(
            lazy_message('the JSON has no "chapters" list, which Podcasting 2.0 chapters have at the top level.')
        )
    collector = ChapterCollector("Chapter", duration_seconds)
    problems: list[EntryProblem] = []
    hidden: list[int] = []
    untitled: list[int] = []
    unsupported: Counter[str] = Counter()
    for number, row in enumerate(rows, 1):
        try:
            if not isinstance(row, dict):
                raise ValueError(lazy_message("it isn’t an object with a startTime and a title."))
            start_seconds = read_start(row.get("startTime"))
            title = _title(row.get("title"))
            if row.get("toc") is False:
                hidden.append(start_seconds)
                continue
            if not title:
                untitled.append(start_seconds)
                continue
            collector.add(number, ChapterLine(start_seconds, title))
        except ValueError as error:
            problems.append(EntryProblem(number, _excerpt(row), message_of(error), "Chapter"))
            continue
        unsupported.update(key for key in _UNSUPPORTED if row.get(key) not in (None, ""))
    notes = [
        *([guess.reason] if guess else []),
        *_version_note(value),
        *_skipped_note(hidden, _HIDDEN),
        *_skipped_note(untitled, _UNTITLED),
    ]
    notes += [
        lazy_message(forms[unsupported[key] > 1], count=unsupported[key])
        for key, forms in _UNSUPPORTED.items()
        if unsupported[key]
    ]
    return ReadChapters(tuple(collector.in_order()), tuple(problems), tuple(notes))


def write_json(chapters: Iterable[ChapterLine], *, title: str = "", podcast_name: str = "") -> str:
    """Return the chapters as a JSON file that `read_json` reads back unchanged; `title` is the episode's title."""
    head = {"version": VERSION, "title": title, "podcastName": podcast_name}
    rows = [{"startTime": chapter.start_seconds, "title": chapter.title} for chapter in chapters]
    value = {key: text for key, text in head.items() if text} | {"chapters": rows}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _decoded(data: bytes | str) -> tuple[str, Guess | None]:
    if len(data) > SIZE_LIMIT:
        most = SIZE_LIMIT // 1024 // 1024
        raise ChaptersError(
            lazy_message("the file is larger than %(most)s MB, too large for a list of chapters.", most=most)
        )
    try:
        return (data, None) if isinstance(data, str) else decode(data)
    except EncodingError as error:
        raise ChaptersError(message_of(error)) from error


def _load(text: str) -> Any:
    if excess := excess_in_json(text):
        raise ChaptersError(excess)
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        message = lazy_message(
            "line %(line)s: invalid JSON (%(reason)s). Fix it there.", line=error.lineno, reason=error.msg
        )
        raise ChaptersError(message) from error
    except (ValueError, RecursionError) as error:  # Python refuses numbers of more than 4,300 digits
        raise ChaptersError(
            lazy_message("the JSON contains a number that’s too long or is nested too deeply.")
        ) from error


def _title(value: object) -> str:
    return plain_title(_UNUSABLE.sub("\ufffd", value)) if isinstance(value, str) else ""


def _version_note(value: dict[str, Any]) -> list[str]:
    version = value.get("version")
    if isinstance(version, str) and version.split(".")[0] == "1":
        return []
    return [lazy_message("The file’s version is %(version)s; it was read as 1.2.0.", version=_excerpt(version))]


def _skipped_note(starts: list[int], forms: tuple[str, str]) -> list[str]:
    if not starts:
        return []
    named = ", ".join(format_timestamp(start) for start in starts[:PLACES_NAMED])
    more = ", …" if len(starts) > PLACES_NAMED else ""
    return [lazy_message(forms[len(starts) > 1], count=len(starts), named=f"{named}{more}")]


def _excerpt(row: Any) -> str:
    try:
        return shorten(_UNUSABLE.sub("\ufffd", json.dumps(row, ensure_ascii=False)), SHOWN)
    except RecursionError:
        return "…"
