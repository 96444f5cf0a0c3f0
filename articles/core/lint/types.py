"""The values that the checks are given and what they yield."""

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
    """A titled start in whole seconds."""

    start_seconds: int
    title: str
    is_sponsor: bool


@dataclass(frozen=True)
class Course:
    """What the checks know of an episode; `chapters` are (start in seconds, title, whether a sponsor) in any order."""

    reference: str
    duration_seconds: int | None = None
    chapters: tuple[tuple[int, str, bool], ...] = ()

    @cached_property
    def in_order(self) -> tuple[Chapter, ...]:
        return tuple(sorted(Chapter(*chapter) for chapter in self.chapters))

    def chapter_at(self, seconds: int) -> Chapter | None:
        """Return the chapter that the moment lies in, None before the first."""
        index = bisect_right(self.in_order, seconds, key=lambda chapter: chapter.start_seconds) - 1
        return self.in_order[index] if index >= 0 else None


@dataclass(frozen=True)
class Repair:
    """Puts `replacement` for what is `written` at `offset` of the field; `label` says what the click does."""

    offset: int
    written: str
    replacement: str
    label: str


@dataclass(frozen=True)
class Issue:
    """Something that a check found at `offset` of a part's heading or body.

    `line` and `column` are those of the field, from 1. `text` is what is flagged; `claim` the sentence it is about,
    without markup, or "".
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
        """What a dismissal is bound to: SHA-256 (hex) of code, flagged text and claim, however they are spaced.

        It stays the same wherever the text moves, and goes with the text.
        """
        return hashlib.sha256(f"{self.code} {_digest(self.text)} {_digest(self.claim)}".encode()).hexdigest()


@dataclass(frozen=True)
class Part:
    """The lead (index 0, level 0) or a section with its heading and body as written, and both as rendered."""

    index: int
    level: int
    heading: str
    body: str
    rendered: Rendered
    heading_rendered: Rendered | None = None

    @cached_property
    def passages(self) -> "tuple[Clause, ...]":
        """The sentences of the body in their order, and where each stands in it."""
        as_text = [one.offset for one in self.rendered.problems if one.code == "unknown-source"]
        places = SentenceLocator(self.body, as_text)
        sentences = self.rendered.sentences
        return tuple(
            Clause(
                self, "body", one.text, one.is_cited, place, (place.start, place.end) if place else places.block(one)
            )
            for one, place in zip(sentences, places.all(sentences), strict=True)
        )

    @cached_property
    def heading_passages(self) -> "tuple[Clause, ...]":
        """The heading as one passage; none for the lead."""
        if not self.heading_rendered or not self.heading_rendered.plain_text:
            return ()
        text = self.heading_rendered.plain_text
        place = SentenceLocator(self.heading).of(Sentence(text, False, 1, 1))
        return (Clause(self, "heading", text, False, place, (0, len(self.heading))),)

    @cached_property
    def citation_offsets(self) -> frozenset[int]:
        """Where the marks of the body stand that cite something."""
        return frozenset(citation.offset for citation in self.rendered.citations)

    def claim_at(self, offset: int) -> str:
        """Return the sentence of the body at `offset`, or the one that a mark there stands behind; "" if none."""
        index = bisect_right(self._starts, offset, key=lambda start: start[0]) - 1
        return self._starts[index][1] if index >= 0 else ""

    def line_of(self, offset: int) -> int:
        """Return the line of the body, from 1, that `offset` lies in."""
        return self._body_lines.place(offset)[0]

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
        """Return a flag for [offset, offset + length) of the heading or body.

        `text` stands for what is written there where that is more than what is flagged.
        """
        written = self.heading if field == "heading" else self.body
        line, column = (self._heading_lines if field == "heading" else self._body_lines).place(offset)
        flagged = written[offset : offset + length] if text is None else text
        return Issue(code, message, self.index, field, offset, length, line, column, flagged, claim, repair)

    @cached_property
    def _starts(self) -> list[tuple[int, str]]:
        return sorted((passage.place.start, passage.text) for passage in self.passages if passage.place)

    @cached_property
    def _heading_lines(self) -> Lines:
        return Lines(self.heading)

    @cached_property
    def _body_lines(self) -> Lines:
        return Lines(self.body)


@dataclass(frozen=True)
class Clause:
    """One sentence of a body, or a heading, as plain text; it stands in [start, end) `around` of the field.

    Where the sentence itself cannot be found, `place` is None and its block is around it.
    """

    part: Part = dataclass_field(repr=False)
    field: Field
    text: str
    is_cited: bool
    place: Place | None
    around: tuple[int, int]

    def flag(self, code: str, message: str, first: int, last: int, repair: Repair | None = None) -> Issue:
        """Return a flag for `text[first:last]`."""
        start, end = self.written(first, last)
        flagged, claim = self.text[first:last], self.text
        return self.part.flag(
            code, message, start, end - start, field=self.field, text=flagged, claim=claim, repair=repair
        )

    def written(self, first: int, last: int) -> tuple[int, int]:
        """Return [start, end) in the field of `text[first:last]`, or of what is around it."""
        return self.place.span(self.text, first, last) if self.place else self.around


@dataclass(frozen=True)
class Text:
    """An article as the checks see it; `sources` maps keys to episodes, of which the first is the default."""

    title: str
    parts: tuple[Part, ...]
    sources: Mapping[str, Course] = dataclass_field(default_factory=dict)

    def course(self, key: str) -> Course | None:
        """Return the episode that a citation with this key is of, None if there is none."""
        if key in self.sources or key:
            return self.sources.get(key)
        return next(iter(self.sources.values()), None)


@dataclass(frozen=True)
class Rule:
    """One check: `weight` is the risk for readers, 1 (untidy) to 3 (they may come to harm)."""

    code: str
    title: str
    explanation: str
    weight: Risk
    function: Callable[[Text], Iterable[Issue]]


def fold(text: str) -> str:
    """Return the text in one case, one form of its characters, and with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=256)
def _digest(text: str) -> str:
    """Return the SHA-256 (hex) of the folded text; many flags may stand in one long sentence."""
    return hashlib.sha256(fold(text).encode("utf-8", "surrogatepass")).hexdigest()
