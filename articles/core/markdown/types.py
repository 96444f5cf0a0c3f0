"""The input and output of rendering."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from articles.core.timestamps import Mark, recording_of


class CitableEpisode(Protocol):
    """What rendering a citation needs to know about an episode."""

    @property
    def reference(self) -> str:
        """The episode's name in `data-episode`: `show/episode`."""

    @property
    def duration_seconds(self) -> int | None:
        """Length of the recording, None if unknown."""

    @property
    def transcript_seconds(self) -> int | None:
        """Where the transcript ends, None without one. It is used in place of an unknown length."""

    def link_at(self, start_seconds: int, end_seconds: int | None = None, /) -> str:
        """Return the address where the moment can be heard."""

    def chapter_title_at(self, seconds: int, /) -> str:
        """Return the title of the chapter at `seconds`, "" if there is none."""


@dataclass(frozen=True)
class Context:
    """The context in which a text is rendered.

    `sources` maps keys to episodes, "" to the default one. `slug_of` returns the slug that a link's target means, and
    `link_url` the address of the article with that slug, or None if it doesn't exist. `heading_base` is the HTML level
    of the text's highest headings. `used_ids` counts the anchors assigned so far and is updated: share it between the sections of
    one page. `paragraph_label` is the label of the link that each top-level paragraph has to itself; if it is "",
    paragraphs have neither link nor id.
    """

    sources: Mapping[str, CitableEpisode]
    link_url: Callable[[str], str | None]
    slug_of: Callable[[str], str] = str.lower
    heading_base: int = 3
    id_prefix: str = ""
    used_ids: dict[str, int] = field(default_factory=dict)
    media_url: str = "/media/"
    has_notes: bool = True
    paragraph_label: str = ""

    def cites(self, mark: Mark) -> bool:
        """Return whether a mark cites its source; `[06:31](https://…)` doesn't if another recording plays there."""
        if not mark.address:
            return True
        source = self.sources.get(mark.key)
        return source is not None and recording_of(source.link_at(0)) == recording_of(mark.address)


@dataclass(frozen=True)
class Citation:
    """One moment cited at `offset`; `text` is the whole mark, `claim` the sentence it supports.

    `context` is the sentence before the claim, as in `Sentence.before`, and `is_quotation` is its `is_quotation`.
    """

    anchor: str
    key: str
    start_seconds: int
    end_seconds: int | None
    text: str
    offset: int
    line: int
    column: int
    claim: str
    context: str = ""
    is_quotation: bool = False


@dataclass
class Sentence:
    """One sentence of prose without marks and markup; its block spans the lines `first_line` to `last_line`, from 1.

    `before` is the sentence before it, in its block or the previous one; "" after a heading. `is_quotation` says whether
    it is somebody’s words although no pair of quotation marks is around them, because it is in a block quote.
    """

    text: str
    is_cited: bool
    first_line: int
    last_line: int
    before: str = field(default="", compare=False, repr=False)
    is_quotation: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True)
class Link:
    """One `[[slug|label]]`; `exists` says whether the article exists at the time of rendering."""

    slug: str
    label: str
    offset: int
    line: int
    column: int
    exists: bool


@dataclass(frozen=True)
class Problem:
    """A mark that cites nothing; `code` is malformed, past-end, unknown-source or no-episode.

    `replacement` is a suggested mark to use instead, or None; it is never applied automatically.
    """

    code: str
    message: str
    text: str
    offset: int
    line: int
    column: int
    replacement: str | None


@dataclass(frozen=True)
class Rendered:
    """A rendered text. `sentences` are those of prose: headings, callout titles and code don't count."""

    html: str
    plain_text: str
    citations: list[Citation]
    links: list[Link]
    problems: list[Problem]
    sentences: list[Sentence]

    @property
    def sentence_count(self) -> int:
        return len(self.sentences)

    @property
    def cited_sentence_count(self) -> int:
        return sum(sentence.is_cited for sentence in self.sentences)
