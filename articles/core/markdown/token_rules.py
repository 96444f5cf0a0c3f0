"""Rearranges parsed tokens: makes callouts of quotes, moves footnotes to the end and citations out of links."""

import re
from collections.abc import Iterable

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from articles.core.timestamps import Mark

from .scanner import SENTINEL, Candidates, WikiLink, split_at_stand_ins

_CALLOUT = re.compile(r"\[!([A-Za-z][A-Za-z0-9_-]{0,30})(?:\|([^\]\n]*))?\][+-]?[ \t]*([^\n]*)(?:\n|$)")
_SENTENCE = re.compile(rf"[.!?…。！？][\"'”’)]*\s*(?:\[{SENTINEL}[0-9]+{SENTINEL}\]\s*)*$")


def shape_callouts(state: StateCore) -> None:
    """Turn `> [!info] Title` into a callout. A core rule that runs before inline parsing.

    Without a title, the kind is the title (`Note`). A single line that ends like a sentence is the callout's text, not
    its title.
    """
    tokens: list[Token] = []
    quotes: list[str] = []
    skipped = 0
    for index, token in enumerate(state.tokens):
        if skipped:
            skipped -= 1
            continue
        if token.type == "blockquote_open":
            callout = _callout(state.tokens, index)
            quotes.append("callout" if callout else "blockquote")
            if callout:
                tokens.extend(callout)
                skipped = 3
                continue
        elif token.type == "blockquote_close" and quotes.pop() == "callout":
            token.type, token.tag = "callout_close", "aside"
        tokens.append(token)
    state.tokens = tokens


def _callout(tokens: list[Token], index: int) -> list[Token]:
    """Return the replacement for a callout's blockquote_open and first paragraph, [] if the quote isn't a callout."""
    following = tokens[index + 1 : index + 5]
    if len(following) < 4 or following[0].type != "paragraph_open":
        return []
    match = _CALLOUT.match(following[1].content)
    if match is None:
        return []
    kind, name, title = match.group(1), (match.group(2) or "").strip(), match.group(3).strip()
    body = following[1].content[match.end() :]
    is_alone = not body and following[3].type == "blockquote_close"
    if title and (name or (is_alone and _SENTENCE.search(title))):
        title, body = "", f"{title}\n{body}" if body else title
    heading = title or name or kind.replace("_", " ").replace("-", " ").capitalize()
    opening = tokens[index]
    opening.type, opening.tag = "callout_open", "aside"
    opening.attrs = {"class": f"callout callout--{kind.lower().replace('_', '-')}", "role": "note"}  # no landmark
    return [
        opening,
        *_paragraph(heading, opening, {"class": "callout__title"}),
        *(_paragraph(body, opening, {}) if body else []),
    ]


def _paragraph(content: str, parent: Token, attrs: dict[str, str | int | float]) -> list[Token]:
    level = parent.level + 1
    return [
        Token("paragraph_open", "p", 1, attrs=attrs, map=parent.map, level=level, block=True),
        Token("inline", "", 0, content=content, map=parent.map, children=[], level=level + 1, block=True),
        Token("paragraph_close", "p", -1, level=level, block=True),
    ]


def gather_footnotes(state: StateCore) -> None:
    """Move footnotes to the end, in the order of their first use; unused ones come last.

    A core rule that runs after inline parsing. The rule in mdit-py-plugins drops footnotes that are unused, nested or
    defined twice; this one drops nothing.
    """
    footnotes = state.env.get("footnotes")
    if not footnotes or not footnotes["refs"]:
        return
    kept: list[Token] = []
    bodies: dict[str, list[Token]] = {}
    stack = [kept]
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            stack.append(bodies.setdefault(token.meta["label"], []))
        elif token.type == "footnote_reference_close":
            stack.pop()
        else:
            stack[-1].append(token)
    used = [footnotes["list"][number] for number in sorted(footnotes.get("list", {}))]
    counts = {note["label"]: note["count"] for note in used}
    kept.append(Token("footnotes_open", "section", 1, block=True))
    for number, label in enumerate([*counts, *(label for label in bodies if label not in counts)], 1):
        meta = {"number": number, "count": counts.get(label, 0)}
        kept.append(Token("footnote_open", "li", 1, meta=meta, block=True))
        kept += bodies.get(label, [])
        place = len(kept) - 1 if kept[-1].type == "paragraph_close" else len(kept)
        kept.insert(place, Token("footnote_back", "", 0, meta=meta))
        kept.append(Token("footnote_close", "li", -1, block=True))
    kept.append(Token("footnotes_close", "section", -1, block=True))
    state.tokens = kept


def place_candidates(children: Iterable[Token], candidates: Candidates) -> list[Token]:
    """Return inline tokens in which every candidate is a separate token and no link is inside another.

    Citations and footnote marks in a link's text, and citations in a wiki link's label, are moved after the link.
    """
    placed: list[Token] = []
    waiting: list[Token] = []
    depth = 0
    for token in _split(children):
        if token.type == "link_open":
            depth += 1
        elif token.type == "link_close":
            depth -= 1
        moves = False
        if token.type == "candidate":
            original = candidates.originals[token.meta["number"]]
            moves = depth > 0 and isinstance(original, Mark)
            token.meta["in_link"] = depth > 0
            if isinstance(original, WikiLink):
                placed.append(token)
                inner = [
                    Token("candidate", "", 0, meta={"number": number, "in_link": False}) for number in original.inner
                ]
                (waiting if depth else placed).extend(inner)
                continue
        elif token.type == "footnote_ref":
            moves = depth > 0
        (waiting if moves else placed).append(token)
        if depth == 0 and waiting:
            placed += waiting
            waiting = []
    return placed + waiting


def _split(children: Iterable[Token]) -> Iterable[Token]:
    """Yield the tokens, turning stand-ins that deep nesting left in text into tokens, except in autolinks."""
    is_address = False
    for token in children:
        if token.type == "link_open":
            is_address = token.markup == "autolink"
        if token.type != "text" or is_address or SENTINEL not in token.content:
            is_address = is_address and token.type != "link_close"
            yield token
            continue
        for piece in split_at_stand_ins(token.content):
            if isinstance(piece, int):
                yield Token("candidate", "", 0, meta={"number": piece})
            else:
                yield Token("text", "", 0, content=piece)
