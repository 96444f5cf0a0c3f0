"""The values that every format is read into and written from: an article, and the problems found in it."""

import hashlib
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from articles.core.language.messages import LazyMessage, lazy_message
from articles.core.language.newlines import normalise_newlines

MAX_LEVEL = 5  # the deepest section level in an article

Kind = Literal["markdown", "text", "json"]
Place = tuple[int, int, int]  # offset in the text, then line and column in the file, both from 1


class FormatError(ValueError):
    """A file can't be read as an article. The message says what to do; `line` counts from 1, 0 is the whole file."""

    def __init__(self, message: LazyMessage, line: int = 0) -> None:
        super().__init__(lazy_message("line %(line)s: %(message)s", line=line, message=message) if line else message)
        self.message = message
        self.line = line


@dataclass(frozen=True)
class FileProblem:
    """Something that was repaired, kept as text or removed.

    `reason` is a `LazyMessage`, or in the site's language already. `line` and `column` count from 1 in the file; `text` is the original text. Codes: ``time-differs``,
    ``time-shifted``, ``time-from-label``, ``time-fraction``, ``time-broken``, ``html``, ``fence``, ``front-matter``, ``title``,
    ``heading``, ``level``, ``characters``, ``escaped``, ``linked``, ``index``, and those of the lint rules for text
    that was meant otherwise.
    """

    line: int
    column: int
    text: str
    reason: str
    code: str


@dataclass(frozen=True)
class FileSection:
    """A section: level from 1 (directly under the title) to `MAX_LEVEL`, heading and body as Markdown."""

    level: int
    heading: str
    body: str
    places: tuple[Place, ...] = field(default=(), compare=False, repr=False)
    heading_place: Place = field(default=(0, 1, 1), compare=False, repr=False)


@dataclass(frozen=True)
class FileSource:
    """An episode that the article cites: key, ``handle/slug``, and what is needed to create it on another site."""

    key: str
    reference: str
    title: str = ""
    youtube_id: str = ""


@dataclass(frozen=True)
class ArticleFile:
    """One article as a file holds it. Equal values have equal content, whatever file they came from.

    `name` is the exported slug or the file name without its extension. `show_handle` and `video_id` identify the
    recording that the article is about (in an export, the first of `sources`). `notice` is the name of a notice or "",
    `language` a BCP 47 tag or "". `topics` are the (slug, title) of its topics on the site it comes from; they aren't
    part of the content.
    """

    name: str
    show_handle: str
    title: str
    video_id: str
    lead: str
    sections: tuple[FileSection, ...]
    notice: str = ""
    language: str = ""
    sources: tuple[FileSource, ...] = ()
    topics: tuple[tuple[str, str], ...] = ()
    problems: tuple[FileProblem, ...] = field(default=(), compare=False)
    kind: Kind = field(default="markdown", compare=False)
    is_export: bool = field(default=False, compare=False)
    lead_places: tuple[Place, ...] = field(default=(), compare=False, repr=False)

    def texts(self) -> list[str]:
        """Return the texts that are written in Markdown, in order."""
        return [self.lead, *(text for section in self.sections for text in (section.heading, section.body))]

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the content: texts, levels, notice, language, and the recordings it cites."""
        content = [
            self.show_handle,
            self.title,
            self.video_id,
            self.lead,
            [[s.level, s.heading, s.body] for s in self.sections],
            self.notice,
            [[s.key, s.reference] for s in self.sources],
            *([self.language] if self.language else []),  # keeps the digests from before articles had a language
        ]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class IndexedEpisode:
    """An episode in a show's index, with the articles (wiki-link targets) listed under it."""

    title: str
    youtube_id: str
    articles: tuple[str, ...]


@dataclass(frozen=True)
class IndexFile:
    """A show's list of episodes, which supplies their titles."""

    name: str
    show_handle: str
    episodes: tuple[IndexedEpisode, ...]
    problems: tuple[FileProblem, ...] = field(default=(), compare=False)


AnyFile = ArticleFile | IndexFile


def place_of(places: Sequence[Place], text: str, offset: int) -> tuple[int, int]:
    """Return the line and column (from 1) in the file of `offset` in `text`, using the places recorded while reading."""
    index = bisect_right(places, (offset, 1 << 60, 0)) - 1
    if index < 0:
        return 1, 1
    start, line, column = places[index]
    breaks = _breaks(text)
    first, end = bisect_left(breaks, start), bisect_left(breaks, offset)
    if first == end:
        return line, column + offset - start
    return line + end - first, offset - breaks[end - 1]


@lru_cache(maxsize=2)  # many places of a text are looked for, one after the other
def _breaks(text: str) -> list[int]:
    return [match.start() for match in re.finditer("\n", text)]


def clean_block(text: str) -> str:
    """Return `text` without leading blank lines and trailing white space, with ``\\n`` line endings."""
    return re.sub(r"\A(?:[ \t]*\n)+", "", normalise_newlines(text)).rstrip(" \t\n")


def clean_line(text: str) -> str:
    """Return `text` as one line without surrounding white space."""
    return re.sub(r"[ \t]*[\r\n]+[ \t]*", " ", text).strip(" \t\n\r")
