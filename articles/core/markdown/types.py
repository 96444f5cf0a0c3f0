"""The values that go into a rendering and come out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class CitableEpisode(Protocol):
    """What a citation needs to know of an episode."""

    @property
    def reference(self) -> str:
        """What names the episode in `data-episode`: `show/episode`."""

    @property
    def duration_seconds(self) -> int | None:
        """Length of the recording, None while it is not known."""

    def link_at(self, start_seconds: int, end_seconds: int | None = None, /) -> str:
        """Return the address at which the moment can be heard."""

    def chapter_title_at(self, seconds: int, /) -> str:
        """Return the title of the chapter that the moment lies in, "" if there is none."""


@dataclass(frozen=True)
class Context:
    """What the text stands in.

    `sources` maps keys to episodes, "" to the default one. `link_url` returns the address of an existing
    article or None. `heading_base` is the HTML level of a `#` in the text. `used_ids` counts the anchors
    given so far and is written to: share it between the sections of one page. `paragraph_label` names the link
    that each paragraph at the top of the text carries to itself; "": paragraphs have neither link nor id.
    """

    sources: Mapping[str, CitableEpisode]
    link_url: Callable[[str], str | None]
    heading_base: int = 3
    id_prefix: str = ""
    used_ids: dict[str, int] = field(default_factory=dict)
    media_url: str = "/media/"
    has_notes: bool = True
    paragraph_label: str = ""


@dataclass(frozen=True)
class Citation:
    """One moment cited at `offset`; `text` is the whole mark, `claim` the sentence it stands behind.

    `context` is the sentence before the claim in its block or the block before, "" behind a heading.
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


@dataclass(frozen=True)
class Sentence:
    """One sentence of prose without marks and markup; its block stands from `first_line` to `last_line`, from 1."""

    text: str
    is_cited: bool
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Link:
    """One `[[slug|label]]`; whether the article exists when the text is rendered."""

    slug: str
    label: str
    offset: int
    line: int
    column: int
    exists: bool


@dataclass(frozen=True)
class Problem:
    """A mark that cites nothing; `code` is malformed, past-end, unknown-source or no-episode.

    `replacement` is a mark to put in its place, where one can be offered; it is never put there silently.
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
    """What a text gives. Sentences are those of prose: headings, callout titles and code do not count."""

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
