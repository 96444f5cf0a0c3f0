"""Renders a text in its context: reads it once, resolves its marks and links, writes HTML and plain text."""

import re
from functools import cache
from hashlib import blake2b
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from articles.core.timestamps import Lines, Mark

from . import parser, plain_text
from .html_writer import Renderer
from .problems import examine
from .scanner import Candidates, WikiLink, take_out
from .token_rules import place_candidates
from .types import Citation, Context, Link, Problem, Rendered, Sentence

RENDERER_VERSION = 5

# A line of words in which no rule of the dialect has anything to find: most headings are.
_WORDS = re.compile(r"(?:[^\W_]|[,.;:()?%+/=’‘“”–—-])+(?: (?:[^\W_]|[,.;:()?%+/=’‘“”–—-])+)*")


def render(text: str, context: Context) -> Rendered:
    """Render Markdown with citation marks; never raises on any text.

    Offsets are those of `text`, lines and columns are counted from 1. Anchors are given in text order.
    """
    candidates = take_out(text)
    tokens = _parser().parse(candidates.text, {})
    for token in tokens:
        if token.type == "inline":
            token.children = place_candidates(token.children or [], candidates)
        elif token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(context.heading_base + int(token.tag[1]) - 1, 6)}"
    return _rendered(text, tokens, candidates, context)


def render_inline(text: str, context: Context) -> Rendered:
    """Render one line without blocks, as a heading is: no sentence is counted, a claim is the line."""
    if _WORDS.fullmatch(text):
        return Rendered(text, text, [], [], [], [])
    candidates = take_out(text)
    tokens = [Token("heading_open", "", 1, hidden=True), *_parser().parseInline(candidates.text, {})]
    tokens[1].children = place_candidates(tokens[1].children or [], candidates)
    return _rendered(text, tokens, candidates, context)


def plain_heading(text: str) -> str:
    """Return a heading's text without marks and markup, white space folded."""
    if _WORDS.fullmatch(text):
        return text
    candidates = take_out(text)
    (token,) = _parser().parseInline(candidates.text, {})
    children = place_candidates(token.children or [], candidates)
    marks = {number for number, found in enumerate(candidates.found) if isinstance(found, Mark)}
    return plain_text.without_marks(plain_text.inline_text(children, candidates, marks)[0])[0]


@cache
def _parser() -> MarkdownIt:
    return parser.build()


@cache
def _renderer() -> Renderer:
    return Renderer(_parser())


def _rendered(text: str, tokens: list[Token], candidates: Candidates, context: Context) -> Rendered:
    lines = Lines(text)
    links: dict[int, Link] = {}
    addresses: dict[int, str | None] = {}
    problems: list[Problem] = []
    citing: dict[int, list[int]] = {}
    marks: set[int] = set()
    for number in _live(tokens, candidates):
        found = candidates.found[number]
        line, column = lines.place(found.start)
        if isinstance(found, WikiLink):
            address = addresses[number] = context.link_url(found.slug)
            links[number] = Link(found.slug, found.label, found.start, line, column, address is not None)
            continue
        finding = examine(found, context)
        if finding is not None:
            written = text[found.start : found.end]
            place = (found.start, line, column)
            problems.append(Problem(finding.code, finding.message, written, *place, finding.replacement))
        if isinstance(found, Mark):
            good = [index for index in range(len(found.moments)) if not finding or index not in finding.bad]
            if good:
                citing[number] = good
            if finding is None or finding.code != "unknown-source":
                marks.add(number)
    text_of = plain_text.read(tokens, candidates, marks, set(citing))
    citations: dict[int, dict[int, Citation]] = {}
    for number, good in citing.items():
        mark = candidates.found[number]
        if isinstance(mark, Mark):
            claim = text_of.claims.get(number, plain_text.NO_CLAIM)
            place = (mark.start, *lines.place(mark.start))
            citations[number] = {index: _citation(mark, index, place, claim, context) for index in good}
    if context.paragraph_label:
        _anchor_paragraphs(tokens, text_of.paragraphs, context)
    env: dict[str, Any] = {
        "candidates": candidates,
        "citations": citations,
        "addresses": addresses,
        "context": context,
    }
    return Rendered(
        html=_renderer().render_tokens(tokens, _parser(), env),
        plain_text="\n".join(text_of.blocks),
        citations=[citation for of_mark in citations.values() for citation in of_mark.values()],
        links=list(links.values()),
        problems=problems,
        sentences=[Sentence(one.text, one.is_cited, one.first_line, one.last_line) for one in text_of.sentences],
    )


def _live(tokens: list[Token], candidates: Candidates) -> list[int]:
    """Return the numbers of the candidates that Markdown left standing as text, in text order."""
    numbers = {
        child.meta["number"]
        for token in tokens
        for child in token.children or ()
        if child.type == "candidate" and child.meta["number"] < len(candidates.found)
    }
    return sorted(numbers, key=lambda number: candidates.found[number].start)


def _citation(
    mark: Mark, index: int, place: tuple[int, int, int], claim: plain_text.Claim, context: Context
) -> Citation:
    moment = mark.moments[index]
    base = f"c-{mark.key}-{moment.start_seconds}" if mark.key else f"c-{moment.start_seconds}"
    anchor = _free_anchor(base, context.used_ids)
    seconds = (moment.start_seconds, moment.end_seconds)
    return Citation(anchor, mark.key, *seconds, mark.text, *place, claim.text, claim.context)


def _anchor_paragraphs(tokens: list[Token], paragraphs: dict[int, str], context: Context) -> None:
    """Give paragraphs, their plain text by the place of their opening token, ids that stay when others come and go."""
    for place, text in paragraphs.items():
        digest = blake2b(text.encode(), digest_size=3).hexdigest()
        anchor = _free_anchor(f"p-{digest}", context.used_ids)
        tokens[place].attrs["id"] = tokens[place + 2].meta["anchor"] = anchor


def _free_anchor(base: str, used: dict[str, int]) -> str:
    """Return `base`, or with the next number that is free: a key with a hyphen may give `c-e2-391-2` too."""
    count = used.get(base, 0) + 1
    while count > 1 and f"{base}-{count}" in used:
        count += 1
    used[base] = count
    if count == 1:
        return base
    used[f"{base}-{count}"] = 1
    return f"{base}-{count}"
