"""The parts of a text and their sentences, as the search for their origins compares them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Literal

from articles.core.revisions.diff import Text
from articles.core.revisions.diff.segment import blocks, sentences
from articles.core.timestamps import Mark, find_marks

PartKind = Literal["title", "heading", "text"]
Part = tuple[PartKind, str]
"""A part of a text: its title, a heading, or a body; with the section's key, "" for title and lead."""
Place = tuple[Part, int]
"""A sentence of a text: its part, and its number there from 0."""

_SPACES = re.compile(r"\s+")


class Cuts:
    """The sentences of parts, each text cut once."""

    def __init__(self) -> None:
        self._cut: dict[str, list[tuple[str, str]]] = {}
        self._blocks: dict[str, list[tuple[str, str]]] = {}

    def of(self, part: Part, texts: dict[Part, str]) -> list[tuple[str, str]]:
        """Return the sentences of a part, each with the white space before it."""
        text = texts[part]
        if part[0] != "text":
            return [("", text)]
        if text not in self._cut:
            # Most blocks of a part that changed didn't, so that they needn't be cut again.
            cut = blocks(text)
            self._cut[text] = list(chain.from_iterable(map(self._in_block, cut.gaps, cut.pieces)))
        return self._cut[text]

    def _in_block(self, gap: str, block: str) -> list[tuple[str, str]]:
        if block not in self._blocks:
            cut = sentences(block)
            self._blocks[block] = list(zip(cut.gaps, cut.pieces, strict=False))
        first, *others = self._blocks[block]
        return [(gap + first[0], first[1]), *others]

    def all_of(self, texts: dict[Part, str]) -> Iterator[tuple[Place, int, str, str]]:
        """Yield the place of each sentence, the character of its part where it begins, the space before it, and it."""
        for part in texts:
            end = 0
            for at, (gap, sentence) in enumerate(self.of(part, texts)):
                yield (part, at), end + len(gap), gap, sentence
                end += len(gap) + len(sentence)

    def places(self, part: Part, texts: dict[Part, str]) -> list[Place]:
        """Return the places of all sentences of a part."""
        return [(part, at) for at in range(len(self.of(part, texts)))]

    def at(self, place: Place, texts: dict[Part, str]) -> str:
        """Return the sentence at a place."""
        return self.of(place[0], texts)[place[1]][1]


@lru_cache(maxsize=8192)
def words_only(sentence: str) -> str:
    """Return a sentence without its citations and white space: what it says, to the letter."""
    parts, end = [], 0
    for mark in find_marks(sentence) if "[" in sentence and ":" in sentence else ():
        if isinstance(mark, Mark):
            parts.append(sentence[end : mark.start])
            end = mark.end
    return _SPACES.sub("", "".join([*parts, sentence[end:]]))


def citations(sentence: str) -> list[tuple[object, ...]]:
    """Return what a sentence cites: source key, start and end in seconds of each moment, in order."""
    marks = [mark for mark in find_marks(sentence) if isinstance(mark, Mark)]
    return [(mark.key, moment.start_seconds, moment.end_seconds) for mark in marks for moment in mark.moments]


def parts_of(text: Text) -> dict[Part, str]:
    """Return the parts of a text that aren't empty, in order."""
    parts: dict[Part, str] = {("title", ""): text.title, ("text", ""): text.lead}
    for section in text.sections:
        parts["heading", section.key] = section.heading
        parts["text", section.key] = section.body
    return {part: value for part, value in parts.items() if value.strip()}
