"""Extracts the plain text of rendered tokens for search, and the sentence that each mark supports."""

import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from articles.core.language.sentences import LONGEST, cut_at, split

from .block_quotes import are_quoted, quotation_tokens, without_attributions
from .scanner import PLACEHOLDER, Candidates, WikiLink
from .types import Sentence

DECORATIVE = "decorative"  # as alt text: readers who can't see the image miss nothing
_SPACES = re.compile(r"\s+")
_MARKS = rf"{PLACEHOLDER}(?:[ ,;]*{PLACEHOLDER})*"
_MARKS_IN_TEXT = re.compile(rf" ?(?:\( ?({_MARKS}) ?\)|（({_MARKS})）|({_MARKS})) ?")
_CLOSING = frozenset(".,;:!?…)]}»”’%。，、；：！？」』）】؟،؛۔।॥")
_ENDING = frozenset(".!?…؟۔।॥")
_LAST_UNSPACED_LATIN = 0x2E7F


@dataclass
class Prose:
    """The plain text by blocks, the sentence that each mark supports by its number, and the sentences in order.

    A claim may be a sentence that doesn't count as prose, such as a heading; None is a mark without any. `paragraphs`
    are the plain texts of top-level paragraphs with words (not in a list, quote, callout or footnote), by the index of
    their opening token; the inline token and the closing token follow it.
    """

    blocks: list[str] = field(default_factory=list)
    claims: dict[int, Sentence | None] = field(default_factory=dict)
    sentences: list[Sentence] = field(default_factory=list)
    paragraphs: dict[int, str] = field(default_factory=dict)


def read(tokens: list[Token], candidates: Candidates, marks: set[int], citing: set[int]) -> Prose:
    """Read block tokens whose inline children went through `place_candidates`.

    `marks` are the numbers of the marks to leave out of the text, `citing` those among them that cite something.

    The claim is the whole sentence around the mark, within its paragraph, list item or cell, without marks and with
    white space folded; in one of more than `LONGEST` characters, what has been written since the mark before. A mark after a full stop belongs to the sentence before it; at the start of a block, to the
    sentence after it; alone in its block, to the last sentence of the previous block unless a heading comes between.
    An attribution such as “— Ada Lovelace” is neither a claim nor a sentence: its mark belongs to what is quoted.
    In a table the claim is the row, with each cell preceded by its column head. Headings, callout titles and code
    aren't sentences of prose; a table row is one.
    """
    reader = _Reader(candidates, marks, citing, quotation_tokens(tokens))
    for index, token in enumerate(tokens):
        reader.take(token, index)
    return reader.prose


def inline_text(children: list[Token], candidates: Candidates, marks: set[int]) -> tuple[str, list[int]]:
    """Return the text of inline tokens with a placeholder for each of `marks`, and the numbers of those marks in order."""
    pieces: list[str] = []
    numbers: list[int] = []
    for token in children:
        if token.type in ("text", "code_inline", "math_inline"):
            pieces.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        elif token.type == "image":
            pieces.append(alt_text(token, candidates))
        elif token.type == "candidate":
            number = token.meta["number"]
            original = candidates.originals[number]
            if number in marks:
                numbers.append(number)
                pieces.append(PLACEHOLDER)
            else:
                pieces.append(original.label if isinstance(original, WikiLink) else original.text)
    return candidates.restore("".join(pieces)), numbers


def alt_text(image: Token, candidates: Candidates) -> str:
    """Return the alt text of an image: "" if it is said to be decorative, which HTML says by an empty one.

    An image that only adorns the text (WCAG 2.2, 1.1.1) is written `![decorative](address)`.
    """
    text, _ = inline_text(image.children or [], candidates, set())
    return "" if text.strip().casefold() == DECORATIVE else text


def without_marks(text: str) -> tuple[str, list[int]]:
    """Return the text with white space folded and placeholders removed, and the offset of each placeholder.

    White space before a mark, brackets around nothing but marks, and commas between marks are removed too.
    """
    text = _SPACES.sub(" ", text).strip()
    if PLACEHOLDER not in text:
        return text, []
    pieces: list[str] = []
    places: list[int] = []
    end = length = 0
    for match in _MARKS_IN_TEXT.finditer(text):
        pieces.append(text[end : match.start()])
        length += match.start() - end
        places += [length] * match.group().count(PLACEHOLDER)
        end = match.end()
        separator = _separator(text, match)
        pieces.append(separator)
        length += len(separator)
    pieces.append(text[end:])
    return "".join(pieces), places


def _separator(text: str, match: re.Match[str]) -> str:
    before = text[match.start() - 1] if match.start() else ""
    after = text[match.end()] if match.end() < len(text) else ""
    if not before or not after or after in _CLOSING:
        return ""
    if match.group()[0] == " " or match.group()[-1] == " ":
        return " "
    is_word = after.isalnum() and ord(after) <= _LAST_UNSPACED_LATIN
    return " " if is_word and (before.isalnum() or before in _ENDING) else ""


class _Reader:
    def __init__(self, candidates: Candidates, marks: set[int], citing: set[int], quotations: frozenset[int]) -> None:
        self.prose = Prose()
        self._candidates = candidates
        self._marks = marks
        self._citing = citing
        self._quotations = quotations
        self._previous: Sentence | None = None
        self._is_after_quotation = False
        self._top: int | None = None
        self._lines = (1, 1)
        self._is_title = False
        self._heads: list[str] = []
        self._row: list[tuple[str, list[int]]] | None = None
        self._is_head = False

    def take(self, token: Token, index: int) -> None:
        if token.map:
            self._lines = (token.map[0] + 1, max(token.map[1], token.map[0] + 1))
        if token.type in ("heading_open", "paragraph_open"):
            self._is_title = token.type == "heading_open" or token.attrGet("class") == "callout__title"
            self._top = index if token.level == 0 and token.type == "paragraph_open" else None
        elif token.type in ("thead_open", "thead_close"):
            self._is_head = token.type == "thead_open"
        elif token.type == "tr_open":
            self._row = []
        elif token.type == "tr_close":
            self._close_row()
        elif token.type in ("fence", "code_block", "math_block"):
            self._add_block(self._candidates.restore(token.content).strip("\n"))
        elif token.type == "inline":
            text, numbers = inline_text(token.children or [], self._candidates, self._marks)
            if self._row is not None:
                self._row.append((text, numbers))
            else:
                self._close_block(text, numbers, is_quotation=index in self._quotations)

    def _add_block(self, text: str) -> None:
        if text:
            self.prose.blocks.append(text)

    def _close_block(self, content: str, numbers: list[int], *, is_quotation: bool) -> None:
        text, places = without_marks(content)
        self._add_block(text)
        if text and self._top is not None:
            self.prose.paragraphs[self._top] = text
        spans = cut_at(text, split(text), places)
        if self._is_title:
            self._previous = None
        sentences: list[Sentence] = []
        before = self._previous.text if self._previous else ""
        texts = [text[start:end] for start, end in spans]
        if not self._is_title:
            quoted = before if is_quotation or self._is_after_quotation else ""
            texts = without_attributions(texts, quoted, is_quotation=is_quotation)
            self._is_after_quotation = is_quotation or (self._is_after_quotation and not text)
        for written in texts:
            sentences.append(Sentence(written, False, *self._lines, before))
            before = written
        if is_quotation:
            for sentence, is_quoted in zip(sentences, are_quoted([one.text for one in sentences]), strict=True):
                sentence.is_quotation = is_quoted
        if not self._is_title:
            self.prose.sentences += sentences
        self._cite_around(numbers, places, spans, sentences)
        if sentences and not self._is_title:
            self._previous = sentences[-1]

    def _close_row(self) -> None:
        row, self._row = self._row or [], None
        self._is_after_quotation = False
        cells = [without_marks(text) for text, _ in row]
        texts = [text for text, _ in cells]
        self._add_block("; ".join(text for text in texts if text))
        heads = ["" if self._is_head else head for head in self._heads]
        heads += [""] * (len(cells) - len(heads))
        if self._is_head:
            self._heads = texts
        named = [f"{head}: {text}" if head else text for head, text in zip(heads, texts, strict=False) if text]
        before = self._previous.text if self._previous else ""
        sentence = Sentence("; ".join(named), False, *self._lines, before)
        if len(sentence.text) > LONGEST and not self._is_head:
            for (text, places), head, (_, numbers) in zip(cells, heads, row, strict=False):
                self._close_long_cell(head, text, places, numbers)
            return
        target: Sentence | None = sentence
        if not any(character.isalnum() for character in sentence.text):
            target = self._previous
        elif not self._is_head:
            self.prose.sentences.append(sentence)
            self._previous = sentence
        for _, numbers in row:
            for number in numbers:
                self._cite(number, target)

    def _close_long_cell(self, head: str, text: str, places: list[int], numbers: list[int]) -> None:
        """Read a cell of a row of more than `LONGEST` characters, which isn't a single statement, by itself."""
        spans = cut_at(text, [(0, len(text))] if any(character.isalnum() for character in text) else [], places)
        sentences: list[Sentence] = []
        for start, end in spans:
            before = self._previous.text if self._previous else ""
            self._previous = Sentence(
                f"{head}: {text[start:end]}" if head else text[start:end], False, *self._lines, before
            )
            sentences.append(self._previous)
        self.prose.sentences += sentences
        self._cite_around(numbers, places, spans, sentences)

    def _cite_around(
        self, numbers: list[int], places: list[int], spans: list[tuple[int, int]], sentences: list[Sentence]
    ) -> None:
        """Let each of the marks at `places` cite that of `sentences`, which have `spans`, that it is in or after."""
        index = 0
        for number, place in zip(numbers, places, strict=True):
            while index < len(sentences) - 1 and spans[index][1] < place:
                index += 1
            self._cite(number, sentences[index] if sentences else self._previous)

    def _cite(self, number: int, sentence: Sentence | None) -> None:
        self.prose.claims[number] = sentence
        if sentence and number in self._citing:
            sentence.is_cited = True
