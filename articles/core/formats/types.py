"""The value that every format is read into and written from: a received article, and what looked wrong."""

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

MAX_LEVEL = 5  # the deepest section level that an article has

Kind = Literal["markdown", "text", "json"]
Place = tuple[int, int, int]  # offset in the text, then line and column in the file, both from 1


class FormatError(ValueError):
    """A text that cannot be read as an article: in which line (0: the whole file) and what to do about it."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.message = message
        self.line = line


@dataclass(frozen=True)
class ReceivedProblem:
    """Something mended, kept as text or left out: where (from 1), the text as received, why, of what kind.

    Codes: ``time-differs``, ``time-shifted``, ``time-from-label``, ``time-broken``, ``html``, ``fence``,
    ``front-matter``, ``title``, ``heading``, ``level``, ``characters``, ``index``.
    """

    line: int
    column: int
    text: str
    reason: str
    code: str


@dataclass(frozen=True)
class ReceivedSection:
    """A headed part: level from 1 (directly under the title) to `MAX_LEVEL`, heading and body as Markdown."""

    level: int
    heading: str
    body: str
    places: tuple[Place, ...] = field(default=(), compare=False, repr=False)
    heading_place: Place = field(default=(0, 1, 1), compare=False, repr=False)


@dataclass(frozen=True)
class ReceivedSource:
    """An episode that the article cites: key, ``handle/slug``, and what is needed to make it elsewhere."""

    key: str
    reference: str
    title: str = ""
    youtube_id: str = ""


@dataclass(frozen=True)
class ReceivedArticle:
    """One article as received. Equal values have equal content, whatever file they came from.

    `name` is the file's stem or the exported slug; `show_handle` and `video_id` say which recording it is
    about (the first of `sources`, where an export names them); `notice` is the notice's name or "", `language` a tag
    (BCP 47) or "". `topics` are slug and title of those it was filed under where it comes from: no part of the text.
    """

    name: str
    show_handle: str
    title: str
    video_id: str
    lead: str
    sections: tuple[ReceivedSection, ...]
    notice: str = ""
    language: str = ""
    sources: tuple[ReceivedSource, ...] = ()
    topics: tuple[tuple[str, str], ...] = ()
    problems: tuple[ReceivedProblem, ...] = field(default=(), compare=False)
    kind: Kind = field(default="markdown", compare=False)
    is_export: bool = field(default=False, compare=False)
    lead_places: tuple[Place, ...] = field(default=(), compare=False, repr=False)

    def digest(self) -> str:
        """SHA-256 (hex) of the content: texts, levels, notice, language, and which recordings it cites."""
        content = [
            self.show_handle,
            self.title,
            self.video_id,
            self.lead,
            [[s.level, s.heading, s.body] for s in self.sections],
            self.notice,
            [[s.key, s.reference] for s in self.sources],
            *([self.language] if self.language else []),  # without one it is the digest that it always had
        ]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class IndexedEpisode:
    """An episode as a show's index names it, with the articles (wiki-link targets) listed under it."""

    title: str
    youtube_id: str
    articles: tuple[str, ...]


@dataclass(frozen=True)
class ReceivedIndex:
    """A show's list of episodes: it supplies titles and is no article."""

    name: str
    show_handle: str
    episodes: tuple[IndexedEpisode, ...]
    problems: tuple[ReceivedProblem, ...] = field(default=(), compare=False)


Received = ReceivedArticle | ReceivedIndex


def place_of(places: Sequence[Place], text: str, offset: int) -> tuple[int, int]:
    """Line and column in the received file of `offset` in a read `text`, by the text's `places`."""
    index = bisect_right(places, (offset, 1 << 60, 0)) - 1
    if index < 0:
        return 1, 1
    start, line, column = places[index]
    breaks = text.count("\n", start, offset)
    if not breaks:
        return line, column + offset - start
    return line + breaks, offset - text.rfind("\n", start, offset)


def clean_block(text: str) -> str:
    """`text` without blank lines before it and without white space after it; lines end with ``\\n``."""
    return re.sub(r"\A(?:[ \t]*\n)+", "", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip(" \t\n")


def clean_line(text: str) -> str:
    """`text` as one line without white space around it."""
    return re.sub(r"[ \t]*[\r\n]+[ \t]*", " ", text).strip(" \t\n\r")
