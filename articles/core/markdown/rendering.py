"""Renders a text in its context: parses it once, resolves its marks and links, and writes HTML and plain text."""

import re
from functools import cache, lru_cache
from hashlib import blake2b

from markdown_it.token import Token

from articles.core.outline import normalise_levels
from articles.core.timestamps import Lines, Mark

from . import plain_text
from .html_writer import Renderer
from .parser import parser
from .problems import examine
from .scanner import Candidates, WikiLink, take_out
from .token_rules import place_candidates
from .types import Citation, Context, Link, Problem, Rendered, Sentence

RENDERER_VERSION = 17

# A line of plain words, like most headings, that needs no Markdown parsing.
_WORDS = re.compile(r"(?:[^\W_]|[,.;:()?%+/=’‘“”–—-])+(?: (?:[^\W_]|[,.;:()?%+/=’‘“”–—-])+)*")


def render(text: str, context: Context) -> Rendered:
    """Render Markdown with citation marks; never raises, whatever the text.

    Offsets refer to `text`; lines and columns count from 1. Anchors are assigned in text order.
    """
    candidates = take_out(text, context.cites)
    tokens = parser().parse(candidates.text, {})
    for token in tokens:
        if token.type == "inline":
            token.children = place_candidates(token.children or [], candidates)
    _set_levels(tokens, context)
    return _render_tokens(text, tokens, candidates, context)


def _set_levels(tokens: list[Token], context: Context) -> None:
    """Give headings the levels below their section's, without skipping one: authors begin with `#` or with `##`."""
    ends = [(token, tokens[index + 2]) for index, token in enumerate(tokens) if token.type == "heading_open"]
    levels = normalise_levels([int(opening.tag[1]) for opening, _ in ends])
    for (opening, closing), level in zip(ends, levels, strict=True):
        opening.tag = closing.tag = f"h{min(context.heading_base + level - 1, 6)}"


def render_inline(text: str, context: Context) -> Rendered:
    """Render one line without blocks, such as a heading: it has no sentences, and its claim is the whole line."""
    if _WORDS.fullmatch(text):
        return Rendered(text, text, [], [], [], [])
    candidates = take_out(text, context.cites)
    tokens = [Token("heading_open", "", 1, hidden=True), *parser().parseInline(candidates.text, {})]
    tokens[1].children = place_candidates(tokens[1].children or [], candidates)
    return _render_tokens(text, tokens, candidates, context)


@lru_cache(1000)  # a comparison asks for a section's heading with each of its changes
def plain_heading(text: str) -> str:
    """Return a heading's text without marks and markup, with white space folded."""
    if _WORDS.fullmatch(text):
        return text
    candidates = take_out(text)
    (token,) = parser().parseInline(candidates.text, {})
    children = place_candidates(token.children or [], candidates)
    marks = {number for number, original in enumerate(candidates.originals) if isinstance(original, Mark)}
    return plain_text.without_marks(plain_text.inline_text(children, candidates, marks)[0])[0]


@cache
def _renderer() -> Renderer:
    return Renderer(parser())


def _render_tokens(text: str, tokens: list[Token], candidates: Candidates, context: Context) -> Rendered:
    lines = Lines(text)
    links: dict[int, Link] = {}
    addresses: dict[int, str | None] = {}
    problems: list[Problem] = []
    citing: dict[int, tuple[Mark, list[int]]] = {}
    marks: set[int] = set()
    for number in _numbers_in_text(tokens, candidates):
        original = candidates.originals[number]
        line, column = lines.place(original.start)
        if isinstance(original, WikiLink):
            slug = context.slug_of(original.name)
            address = addresses[number] = context.link_url(slug)
            links[number] = Link(slug, original.label, original.start, line, column, address is not None)
            continue
        problem = examine(original, context)
        if problem is not None:
            written = text[original.start : original.end]
            place = (original.start, line, column)
            problems.append(Problem(problem.code, problem.message, written, *place, problem.replacement))
        if isinstance(original, Mark):
            good = [index for index in range(len(original.moments)) if not problem or index not in problem.bad]
            if good:
                citing[number] = original, good
            if problem is None or problem.code != "unknown-source":
                marks.add(number)
    prose = plain_text.read(tokens, candidates, marks, set(citing))
    citations: dict[int, dict[int, Citation]] = {}
    for number, (mark, good) in citing.items():
        claim = prose.claims.get(number)
        place = (mark.start, *lines.place(mark.start))
        citations[number] = {index: _citation(mark, index, place, claim, context) for index in good}
    if context.paragraph_label:
        _anchor_paragraphs(tokens, prose.paragraphs, context)
    env = {"candidates": candidates, "citations": citations, "addresses": addresses, "context": context}
    return Rendered(
        html=_renderer().render_tokens(tokens, parser(), env),
        plain_text="\n".join(prose.blocks),
        citations=[citation for of_mark in citations.values() for citation in of_mark.values()],
        links=list(links.values()),
        problems=problems,
        sentences=prose.sentences,
    )


def _numbers_in_text(tokens: list[Token], candidates: Candidates) -> list[int]:
    """Return the numbers of the candidates that aren't part of code, addresses or titles, in text order."""
    numbers = {
        child.meta["number"]
        for token in tokens
        for child in token.children or ()
        if child.type == "candidate" and child.meta["number"] < len(candidates.originals)
    }
    return sorted(numbers, key=lambda number: candidates.originals[number].start)


def _citation(
    mark: Mark, index: int, place: tuple[int, int, int], claim: Sentence | None, context: Context
) -> Citation:
    moment = mark.moments[index]
    base = f"c-{mark.key}-{moment.start_seconds}" if mark.key else f"c-{moment.start_seconds}"
    anchor = _free_anchor(base, context.used_ids)
    seconds = (moment.start_seconds, moment.end_seconds)
    text, before = (claim.text, claim.before) if claim else ("", "")
    is_quotation = claim is not None and claim.is_quotation
    return Citation(anchor, mark.key, *seconds, mark.text, *place, text, before, is_quotation)


def _anchor_paragraphs(tokens: list[Token], paragraphs: dict[int, str], context: Context) -> None:
    """Give paragraphs ids that survive changes elsewhere; `paragraphs` maps opening token indexes to plain texts."""
    for index, text in paragraphs.items():
        digest = blake2b(text.encode(), digest_size=3).hexdigest()
        anchor = _free_anchor(f"p-{digest}", context.used_ids)
        tokens[index].attrs["id"] = tokens[index + 2].meta["anchor"] = anchor


def _free_anchor(base: str, used: dict[str, int]) -> str:
    """Return `base` with the next free number if it is taken; keys with hyphens may produce `c-e2-391-2` themselves."""
    count = used.get(base, 0) + 1
    while count > 1 and f"{base}-{count}" in used:
        count += 1
    used[base] = count
    if count == 1:
        return base
    used[f"{base}-{count}"] = 1
    return f"{base}-{count}"
