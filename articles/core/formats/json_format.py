"""Writes and reads the JSON export of an article."""

import json
from collections.abc import Iterator
from typing import Any

from articles.core.language.messages import LazyMessage, lazy_message, noop

from .native_markdown import FORMAT
from .types import (
    MAX_LEVEL,
    ArticleFile,
    FileProblem,
    FileSection,
    FileSource,
    FormatError,
    clean_block,
    clean_line,
)
from .validation import (
    checked,
    checked_heading,
    checked_language,
    checked_slug,
    checked_sources,
    checked_title,
    checked_video_id,
    load_json,
    unused_key,
)

_SOURCE = ("key", "reference", "title", "youtube_id")
_TEXTS = ("title", "slug", "show", "video_id", "lead", "notice", "language")


def write_json(article: ArticleFile) -> str:
    """Return an article as JSON that `read_json` turns back into an equal article."""
    value = {
        "format": FORMAT,
        "title": article.title,
        "slug": article.name,
        "show": article.show_handle,
        "video_id": article.video_id,
        "notice": article.notice,
        **({"language": article.language} if article.language else {}),
        "sources": [
            {"key": s.key, "reference": s.reference, "title": s.title, "youtube_id": s.youtube_id}
            for s in article.sources
        ],
        **({"topics": [{"slug": slug, "title": title} for slug, title in article.topics]} if article.topics else {}),
        "lead": article.lead,
        "sections": [{"level": s.level, "heading": s.heading, "body": s.body} for s in article.sections],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def read_json(text: str, name: str) -> ArticleFile:
    """Read an export; `name` is used if it has no slug. Raises FormatError naming the line or the field."""
    value = load_json(text)
    if _has_episodes(value):
        raise FormatError(lazy_message("this is an episodes file: pass it with --episodes."))
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise FormatError(
            lazy_message(
                'not an exported article: the JSON needs "format": "%(format)s" at the top level.', format=FORMAT
            )
        )
    texts = {key: _text(value, key, lazy_message("the article")) for key in _TEXTS}
    return ArticleFile(
        name=checked_slug(texts["slug"]) or name,
        show_handle=texts["show"],
        title=checked_title(clean_line(texts["title"])),
        video_id=checked_video_id(texts["video_id"]),
        lead=clean_block(texts["lead"]),
        sections=tuple(_section(row, number) for number, row in enumerate(_rows(value, "sections"), 1)),
        notice=texts["notice"],
        language=checked_language(texts["language"]),
        sources=checked_sources([_source(row, number) for number, row in enumerate(_rows(value, "sources"), 1)]),
        topics=tuple(_topic(row, number) for number, row in enumerate(_rows(value, "topics"), 1)),
        problems=tuple(sorted(_unused(value), key=lambda problem: problem.reason)),
        kind="json",
        is_export=True,
    )


def _has_episodes(value: Any) -> bool:
    """Return whether `value` is what --episodes expects: an episode with its show, or a list of them."""
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and isinstance(first.get("show"), dict) and "title" in first


def _rows(value: dict[str, Any], key: str) -> list[Any]:
    rows = value.get(key, [])
    if not isinstance(rows, list):
        raise FormatError(lazy_message("“%(key)s” must be a list.", key=key))
    return rows


def _text(value: Any, key: str, where: LazyMessage) -> str:
    text = value.get(key, "") if isinstance(value, dict) else None
    if not isinstance(text, str):
        raise FormatError(lazy_message("“%(key)s” of %(where)s must be a string.", key=key, where=where))
    return checked(text)


def _section(row: Any, number: int) -> FileSection:
    where = lazy_message("section %(number)s", number=number)
    level = row.get("level") if isinstance(row, dict) else None
    if not isinstance(level, int) or isinstance(level, bool) or not 1 <= level <= MAX_LEVEL:
        raise FormatError(
            lazy_message("the level of %(where)s must be a number from 1 to %(most)s.", where=where, most=MAX_LEVEL)
        )
    heading = checked_heading(clean_line(_text(row, "heading", where)), number=number)
    return FileSection(level, heading, clean_block(_text(row, "body", where)))


def _topic(row: Any, number: int) -> tuple[str, str]:
    where = lazy_message("topic %(number)s", number=number)
    return _text(row, "slug", where), _text(row, "title", where)


def _source(row: Any, number: int) -> FileSource:
    where = lazy_message("source %(number)s", number=number)
    return FileSource(*(_text(row, key, where) for key in _SOURCE))


def _unused(value: dict[str, Any]) -> Iterator[FileProblem]:
    """Report the keys that nobody reads, here and in lists of objects."""
    known = {"sections": ("level", "heading", "body"), "sources": _SOURCE, "topics": ("slug", "title")}
    for key in value.keys() - {"format", *_TEXTS, *known}:
        yield unused_key(key, value[key], 1, noop("The key “%(key)s” isn’t used."))
    in_row = noop("In %(list)s, row %(number)s, the key “%(key)s” isn’t used.")
    for rows, names in known.items():
        for number, row in enumerate(value.get(rows, []), 1):
            for key in row.keys() - set(names):
                yield unused_key(key, row[key], 1, in_row, list=rows, number=number)
