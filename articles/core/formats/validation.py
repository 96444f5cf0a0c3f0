"""What an export may say: lengths, the form of slugs, keys and ids, and characters that a database can hold."""

import json
import re
from collections.abc import Sequence
from typing import Any

from articles.core.language.tags import canonical

from .cleanup.headings import HEADING_LIMIT, TITLE_LIMIT
from .types import FormatError, ReceivedSource

KEY_LIMIT = 20  # characters of a source's key
SLUG_LIMIT = 200
SOURCE_LIMIT = 100
SOURCE_TITLE_LIMIT = 300

_KEY = re.compile(r"[A-Za-z][\w-]*")
_SLUG = re.compile(r"[-\w]+")
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")


def load_json(text: str) -> Any:
    """The value of a JSON text. Raises FormatError with the line, also where it is valid and cannot be held."""
    try:
        return json.loads(text, object_pairs_hook=_without_repetition)
    except json.JSONDecodeError as error:
        raise FormatError(f"no JSON ({error.msg}, column {error.colno}): export it again.", error.lineno) from error
    except RecursionError as error:
        raise FormatError("the JSON is nested too deep for an article: export it again.") from error
    except FormatError:
        raise
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise FormatError("the JSON holds a number with too many digits: write a smaller one.") from error


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FormatError(f"“{twice[:50]}” is written twice in the same object: take one out.")
    return value


def checked(text: str, line: int = 0) -> str:
    """`text`, if a file and a database can hold it; raises FormatError for half a surrogate pair or a NUL."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise FormatError("a text holds a character that is none (NUL or half a surrogate pair): take it out.", line)
    return text


def checked_title(title: str, line: int = 0) -> str:
    return _short_enough(title, TITLE_LIMIT, "the title", line)


def checked_heading(heading: str, where: str, line: int = 0) -> str:
    return _short_enough(heading, HEADING_LIMIT, f"the heading of {where}", line)


def checked_slug(slug: str, line: int = 0) -> str:
    """A slug as an address can hold it, or "" where none is named."""
    _short_enough(slug, SLUG_LIMIT, "the slug", line)
    if slug and not _SLUG.fullmatch(slug):
        raise FormatError(f"the slug “{slug}” may have letters, digits, - and _ only: mend it.", line)
    return slug


def checked_video_id(video_id: str, line: int = 0) -> str:
    """A YouTube id, or "" where none is named."""
    if video_id and not _VIDEO_ID.fullmatch(video_id):
        raise FormatError(
            f"the YouTube id “{video_id[:50]}” has to be eleven letters, digits, - or _: mend it or leave it empty.",
            line,
        )
    return video_id


def checked_language(language: str, line: int = 0) -> str:
    """A language's tag in the usual letters, or "" where none is named."""
    tag = canonical(language)
    if language and not tag:
        raise FormatError(
            f"the language “{language[:50]}” has to be a tag such as pt, pt-BR or zh-Hant: mend it or leave it out.",
            line,
        )
    return tag


def checked_source(source: ReceivedSource, line: int = 0) -> ReceivedSource:
    _short_enough(source.key, KEY_LIMIT, f"the source key “{source.key[:50]}”", line)
    if not _KEY.fullmatch(source.key):
        raise FormatError(
            f"the source key “{source.key}” has to begin with a letter and go on with letters, digits, - or _: mend it.",
            line,
        )
    _short_enough(source.title, SOURCE_TITLE_LIMIT, f"the title of source “{source.key}”", line)
    checked_video_id(source.youtube_id, line)
    return source


def checked_sources(sources: Sequence[ReceivedSource], lines: Sequence[int] = ()) -> tuple[ReceivedSource, ...]:
    """The sources, each checked, if no two have the same key; `lines` are theirs."""
    if len(sources) > SOURCE_LIMIT:
        raise FormatError(f"the article has {len(sources)} sources, more than {SOURCE_LIMIT}: take some out.")
    keys: set[str] = set()
    for index, source in enumerate(sources):
        line = lines[index] if lines else 0
        checked_source(source, line)
        if source.key in keys:
            raise FormatError(f"two sources have the key “{source.key}”: give one of them another.", line)
        keys.add(source.key)
    return tuple(sources)


def _short_enough(text: str, limit: int, what: str, line: int) -> str:
    if len(text) > limit:
        raise FormatError(f"{what} has {len(text)} characters, more than {limit}: shorten it.", line)
    return text
