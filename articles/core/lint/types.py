"""The input of the checks and the issues they find."""

import hashlib
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from articles.core.markdown import Rendered, Sentence
from articles.core.timestamps import Lines

from .locate import SentenceLocator
from .place import Place

Field = Literal["heading", "body"]
Risk = Literal[1, 2, 3]


class Chapter(NamedTuple):
    """A chapter; its start in whole seconds."""

    start_seconds: int
    title: str
    is_sponsor: bool


@dataclass(frozen=True)
class Source:
    """What the checks know about a cited episode.

    `chapters` are (start in seconds, title, is sponsor) in any order; `address` is where it can be heard.
    """

    chapters: tuple[tuple[int, str, bool], ...] = ()
    address: str = ""
    has_transcript: bool = False

    @cached_property
    def in_order(self) -> tuple[Chapter, ...]:
        return tuple(sorted(Chapter(*chapter) for chapter in self.chapters))

    def chapter_at(self, seconds: int) -> Chapter | None:
        """Return the chapter at `seconds`, None before the first chapter."""
        index = bisect_right(self.in_order, seconds, key=lambda chapter: chapter.start_seconds) - 1
        return self.in_order[index] if index >= 0 else None


@dataclass(frozen=True)
class Repair:
    """Replaces the text `written` at `offset` of the field with `replacement`; `label` is the button's text."""

    offset: int
    written: str
    replacement: str
    label: str


@dataclass(frozen=True)
class Issue:
    """An issue that a check found at `offset` of a part's heading or body.

    `line` and `column` count from 1 in the field. `text` is the flagged text; `claim` is its sentence without markup,
    or "".
    """

    code: str
    message: str
    part: int
    field: Field
    offset: int
    length: int
    line: int
    column: int
    text: str
    claim: str = ""
    repair: Repair | None = None

    @property
    def subject(self) -> str:
        """The key of a dismissal: SHA-256 (hex) of code, flagged text and claim, ignoring spacing.

        It stays the same when the text moves and changes when the text does.
        """
        return hashlib.sha256(f"{self.code} {_digest(self.text)} {_digest(self.claim)}".encode()).hexdigest()


@dataclass(frozen=True)
class Part:
    """The lead (index 0, level 0) or a section: its heading and body as written and as rendered."""

    index: int
    level: int
    heading: str
    body: str
    rendered: Rendered
    heading_rendered: Rendered | None = None

    @cached_property
    def sentences(self) -> "tuple[LocatedSentence, ...]":
        """The sentences of the body in order, with their places."""
        as_text = [problem.offset for problem in self.rendered.problems if problem.code == "unknown-source"]
        locator = SentenceLocator(self.body, as_text)
        sentences = self.rendered.sentences
        return tuple(
            LocatedSentence(
                self,
                "body",
                sentence.text,
                sentence.is_cited,
                place,
                (place.start, place.end) if place else locator.block(sentence),
            )
            for sentence, place in zip(sentences, locator.all(sentences), strict=True)
        )

    @cached_property
    def heading_sentences(self) -> "tuple[LocatedSentence, ...]":
        """The heading as a single sentence; empty for the lead."""
        if not self.heading_rendered or not self.heading_rendered.plain_text:
            return ()
        text = self.heading_rendered.plain_text
        place = SentenceLocator(self.heading).of(Sentence(text, False, 1, 1))
        return (LocatedSentence(self, "heading", text, False, place, (0, len(self.heading))),)

    @cached_property
    def citation_offsets(self) -> frozenset[int]:
        """The offsets of the marks in the body that cite something."""
        return frozenset(citation.offset for citation in self.rendered.citations)

    def claim_at(self, offset: int) -> str:
        """Return the sentence of the body at or before `offset`, "" if there is none."""
        index = bisect_right(self._starts, offset, key=lambda start: start[0]) - 1
        return self._starts[index][1] if index >= 0 else ""

    def flag(
        self,
        code: str,
        message: str,
        offset: int,
        length: int,
        *,
        field: Field = "body",
        text: str | None = None,
        claim: str = "",
        repair: Repair | None = None,
    ) -> Issue:
        """Return an issue at [offset, offset + length) of the heading or body.

        `text` is the flagged text if it is only part of what is written there.
        """
        written, lines = (self.heading, self._heading_lines) if field == "heading" else (self.body, self.body_lines)
        line, column = lines.place(offset)
        flagged = written[offset : offset + length] if text is None else text
        return Issue(code, message, self.index, field, offset, length, line, column, flagged, claim, repair)

    @cached_property
    def _starts(self) -> list[tuple[int, str]]:
        return sorted((sentence.place.start, sentence.text) for sentence in self.sentences if sentence.place)

    @cached_property
    def _heading_lines(self) -> Lines:
        return Lines(self.heading)

    @cached_property
    def body_lines(self) -> Lines:
        return Lines(self.body)


@dataclass(frozen=True)
class LocatedSentence:
    """One sentence of a body, or a heading, as plain text.

    `around` is [start, end) of the sentence in the field. If it can't be located, `place` is None and `around` is its
    block.
    """

    part: Part = dataclass_field(repr=False)
    field: Field
    text: str
    is_cited: bool
    place: Place | None
    around: tuple[int, int]

    def flag(self, code: str, message: str, first: int, last: int, repair: Repair | None = None) -> Issue:
        """Return an issue at `text[first:last]`."""
        start, end = self.written(first, last)
        flagged = self.text[first:last]
        return self.part.flag(
            code, message, start, end - start, field=self.field, text=flagged, claim=self.text, repair=repair
        )

    def written(self, first: int, last: int) -> tuple[int, int]:
        """Return [start, end) in the field of `text[first:last]`, or `around` if the sentence can't be located."""
        return self.place.span(self.text, first, last) if self.place else self.around


@dataclass(frozen=True)
class Text:
    """An article as the checks see it; `sources` maps keys to episodes, the first of which is the default."""

    title: str
    parts: tuple[Part, ...]
    sources: Mapping[str, Source] = dataclass_field(default_factory=dict)

    def source(self, key: str) -> Source | None:
        """Return the episode that a citation with this key refers to, None if there is none."""
        if key in self.sources or key:
            return self.sources.get(key)
        return next(iter(self.sources.values()), None)


@dataclass(frozen=True)
class Rule:
    """One check; `weight` is the risk for readers, from 1 (untidy) to 3 (they may come to harm)."""

    code: str
    title: str
    explanation: str
    weight: Risk
    function: Callable[[Text], Iterable[Issue]]


def fold(text: str) -> str:
    """Return the text case-folded, NFKC-normalised and with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=256)
def _digest(text: str) -> str:
    """Return the SHA-256 (hex) of the folded text; cached because one long sentence may have many issues."""
    return hashlib.sha256(fold(text).encode("utf-8", "surrogatepass")).hexdigest()
