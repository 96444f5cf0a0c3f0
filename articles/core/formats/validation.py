"""Validates the values in an export: lengths, slugs, keys, ids, and characters that a database can store."""

import json
import re
from collections.abc import Sequence
from typing import Any

from articles.core.language.messages import lazy_message, noop
from articles.core.language.tags import canonical
from articles.core.parsing.markup_limits import excess_in_json

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
        message = lazy_message(
            "invalid JSON (%(reason)s, column %(column)s): export it again.", reason=error.msg, column=error.colno
        )
        raise FormatError(message, error.lineno) from error
    except RecursionError as error:
        raise FormatError(lazy_message("the JSON is nested too deeply for an article: export it again.")) from error
    except FormatError:
        raise
    except ValueError as error:  # Python refuses numbers of more than 4,300 digits
        message = lazy_message("the JSON contains a number with too many digits: use a smaller one.")
        raise FormatError(message) from error


def _reject_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        duplicate = next(name for name in names if names.count(name) > 1)
        raise FormatError(lazy_message("“%(key)s” appears twice in the same object: remove one.", key=duplicate[:50]))
    return value


def unused_key(
    key: str,
    value: object,
    line: int,
    reason: str = noop("The front matter key “%(key)s” isn’t used."),
    **values: object,
) -> FileProblem:
    """Return the problem that a file says something under a key that nobody reads; `values` are those of `reason`."""
    key, written = (
        text.encode(errors="replace").decode() for text in (key[:50], f"{key}: {value}"[:200])
    )  # half a surrogate pair
    return FileProblem(line, 1, written, lazy_message(reason, key=key, **values), "front-matter")


def checked(text: str, line: int = 0) -> str:
    """Return `text`. Raises FormatError if it contains a NUL or half a surrogate pair, which a database can't store."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise FormatError(
            lazy_message("the text contains an invalid character (NUL or half a surrogate pair): remove it."), line
        )
    return text


def checked_title(title: str, line: int = 0) -> str:
    template = noop("the title has %(count)s characters (limit %(limit)s): shorten it.")
    return _short_enough(title, TITLE_LIMIT, template, line)


def checked_heading(heading: str, line: int = 0, *, number: int = 0) -> str:
    """Return the heading of a section; `number` is that of the section, for a file without lines."""
    template = noop("the heading of section %(number)s has %(count)s characters (limit %(limit)s): shorten it.")
    if not number:
        template = noop("the heading of a section has %(count)s characters (limit %(limit)s): shorten it.")
    return _short_enough(heading, HEADING_LIMIT, template, line, number=number)


def checked_slug(slug: str, line: int = 0) -> str:
    """Return a valid slug, or "" if there is none."""
    template = noop("the slug has %(count)s characters (limit %(limit)s): shorten it.")
    _short_enough(slug, SLUG_LIMIT, template, line)
    if slug and not _SLUG.fullmatch(slug):
        message = lazy_message("the slug “%(slug)s” may contain only letters, digits, - and _: fix it.", slug=slug)
        raise FormatError(message, line)
    return slug


def checked_video_id(video_id: str, line: int = 0) -> str:
    """Return a valid YouTube id, or "" if there is none."""
    if video_id and not VIDEO_ID.fullmatch(video_id):
        raise FormatError(
            lazy_message(
                "the YouTube id “%(id)s” must be eleven letters, digits, - or _: fix it or leave it empty.",
                id=video_id[:50],
            ),
            line,
        )
    return video_id


def checked_language(language: str, line: int = 0) -> str:
    """Return a language tag in canonical form, or "" if there is none."""
    tag = canonical(language)
    if language and not tag:
        raise FormatError(
            lazy_message(
                "the language “%(language)s” must be a tag such as pt, pt-BR or zh-Hant: fix it or leave it out.",
                language=language[:50],
            ),
            line,
        )
    return tag


def checked_sources(sources: Sequence[FileSource], lines: Sequence[int] = ()) -> tuple[FileSource, ...]:
    """Return the sources.

    Raises FormatError if one is invalid or two share a key; `lines` are their lines in the file.
    """
    if len(sources) > SOURCE_LIMIT:
        message = lazy_message(
            "the article has %(count)s sources (limit %(limit)s): remove some.", count=len(sources), limit=SOURCE_LIMIT
        )
        raise FormatError(message)
    keys: set[str] = set()
    for index, source in enumerate(sources):
        line = lines[index] if lines else 0
        template = noop("the source key “%(key)s” has %(count)s characters (limit %(limit)s): shorten it.")
        _short_enough(source.key, KEY_LIMIT, template, line, key=source.key[:50])
        if not _KEY.fullmatch(source.key):
            raise FormatError(
                lazy_message(
                    "the source key “%(key)s” must start with a letter, followed by letters, digits, - or _: fix it.",
                    key=source.key,
                ),
                line,
            )
        template = noop("the title of source “%(key)s” has %(count)s characters (limit %(limit)s): shorten it.")
        _short_enough(source.title, SOURCE_TITLE_LIMIT, template, line, key=source.key)
        checked_video_id(source.youtube_id, line)
        if source.key in keys:
            message = lazy_message("two sources have the key “%(key)s”: change one of them.", key=source.key)
            raise FormatError(message, line)
        keys.add(source.key)
    return tuple(sources)


def _short_enough(text: str, limit: int, template: str, line: int, **values: object) -> str:
    if len(text) > limit:
        raise FormatError(lazy_message(template, count=len(text), limit=limit, **values), line)
    return text
