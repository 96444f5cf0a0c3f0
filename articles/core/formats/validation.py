"""Validates the values in an export: lengths, slugs, keys, ids, and characters that a database can store."""

import json
import re
from collections.abc import Sequence
from typing import Any

from articles.core.language.tags import canonical
from articles.core.markup_limits import excess_in_json

from .cleanup.headings import HEADING_LIMIT, TITLE_LIMIT
from .types import FileProblem, FileSource, FormatError

KEY_LIMIT = 20  # characters of a source's key
SLUG_LIMIT = 200
SOURCE_LIMIT = 100
SOURCE_TITLE_LIMIT = 300

_KEY = re.compile(r"[A-Za-z][\w-]*")
_SLUG = re.compile(r"[-\w]+")
VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")


def load_json(text: str) -> Any:
    """Parse a JSON text.

    Raises FormatError if it is invalid, has a duplicate key, or is beyond what Python can hold.
    """
    if excess := excess_in_json(text):
        raise FormatError(excess)
    try:
        return json.loads(text, object_pairs_hook=_reject_duplicates)
    except json.JSONDecodeError as error:
        raise FormatError(
            f"invalid JSON ({error.msg}, column {error.colno}): export it again.", error.lineno
        ) from error
    except RecursionError as error:
        raise FormatError("the JSON is nested too deeply for an article: export it again.") from error
    except FormatError:
        raise
    except ValueError as error:  # Python refuses numbers of more than 4,300 digits
        raise FormatError("the JSON contains a number with too many digits: use a smaller one.") from error


def _reject_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        duplicate = next(name for name in names if names.count(name) > 1)
        raise FormatError(f"“{duplicate[:50]}” appears twice in the same object: remove one.")
    return value


def unused_key(key: str, written: str, line: int, where: str = "The front matter key") -> FileProblem:
    """Return the problem that a file says something under a key that nobody reads."""
    key, written = (
        text.encode(errors="replace").decode() for text in (key[:50], written[:200])
    )  # half a surrogate pair
    return FileProblem(line, 1, written, f"{where} “{key}” isn’t used.", "front-matter")


def checked(text: str, line: int = 0) -> str:
    """Return `text`. Raises FormatError if it contains a NUL or half a surrogate pair, which a database can't store."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise FormatError("the text contains an invalid character (NUL or half a surrogate pair): remove it.", line)
    return text


def checked_title(title: str, line: int = 0) -> str:
    return _short_enough(title, TITLE_LIMIT, "the title", line)


def checked_heading(heading: str, where: str, line: int = 0) -> str:
    return _short_enough(heading, HEADING_LIMIT, f"the heading of {where}", line)


def checked_slug(slug: str, line: int = 0) -> str:
    """Return a valid slug, or "" if there is none."""
    _short_enough(slug, SLUG_LIMIT, "the slug", line)
    if slug and not _SLUG.fullmatch(slug):
        raise FormatError(f"the slug “{slug}” may contain only letters, digits, - and _: fix it.", line)
    return slug


def checked_video_id(video_id: str, line: int = 0) -> str:
    """Return a valid YouTube id, or "" if there is none."""
    if video_id and not VIDEO_ID.fullmatch(video_id):
        raise FormatError(
            f"the YouTube id “{video_id[:50]}” must be eleven letters, digits, - or _: fix it or leave it empty.",
            line,
        )
    return video_id


def checked_language(language: str, line: int = 0) -> str:
    """Return a language tag in canonical form, or "" if there is none."""
    tag = canonical(language)
    if language and not tag:
        raise FormatError(
            f"the language “{language[:50]}” must be a tag such as pt, pt-BR or zh-Hant: fix it or leave it out.",
            line,
        )
    return tag


def checked_sources(sources: Sequence[FileSource], lines: Sequence[int] = ()) -> tuple[FileSource, ...]:
    """Return the sources.

    Raises FormatError if one is invalid or two share a key; `lines` are their lines in the file.
    """
    if len(sources) > SOURCE_LIMIT:
        raise FormatError(f"the article has {len(sources)} sources (limit {SOURCE_LIMIT}): remove some.")
    keys: set[str] = set()
    for index, source in enumerate(sources):
        line = lines[index] if lines else 0
        _short_enough(source.key, KEY_LIMIT, f"the source key “{source.key[:50]}”", line)
        if not _KEY.fullmatch(source.key):
            raise FormatError(
                f"the source key “{source.key}” must start with a letter, followed by letters, digits, - or _: fix it.",
                line,
            )
        _short_enough(source.title, SOURCE_TITLE_LIMIT, f"the title of source “{source.key}”", line)
        checked_video_id(source.youtube_id, line)
        if source.key in keys:
            raise FormatError(f"two sources have the key “{source.key}”: change one of them.", line)
        keys.add(source.key)
    return tuple(sources)


def _short_enough(text: str, limit: int, what: str, line: int) -> str:
    if len(text) > limit:
        raise FormatError(f"{what} has {len(text)} characters (limit {limit}): shorten it.", line)
    return text
