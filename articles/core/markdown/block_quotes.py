"""Tells which sentences of block quotes are somebody’s words: neither those of boxes, nor attributions."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

_PLAIN = frozenset(("paragraph_open", "inline", "paragraph_close"))
_LABEL = re.compile(r"[^.!?:“”\"„«»]{1,80}:(?=[\s*_]|$)[\s*_]*+(?![“„\"«»])")
_MARKS = '“”„"«»'
_ATTRIBUTION = re.compile(r"\W{0,3}[—–―]|--")


def quotation_tokens(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the indices of the inline tokens that belong to block quotes of nothing but paragraphs.

    A block quote with a list, heading, table or callout in it, or with a label such as “Example:” at its beginning, is a
    box in which the author sums up or stresses something.
    """
    found: set[int] = set()
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.type in ("blockquote_open", "callout_open"):
            opened.append(index)
        elif token.type in ("blockquote_close", "callout_close"):
            start = opened.pop()
            inside = range(start + 1, index)
            texts = [at for at in inside if tokens[at].type == "inline"]
            is_plain = not opened and all(tokens[at].type in _PLAIN for at in inside)
            if texts and is_plain and token.type == "blockquote_close" and not _LABEL.match(tokens[texts[0]].content):
                found.update(texts)
    return frozenset(found)


def are_quoted(sentences: Sequence[str]) -> list[bool]:
    """Return for each of a block quote’s sentences whether it is quoted, in whole or from or up to a quotation mark.

    Where the block quote has quotation marks, the words outside them are its author’s. A pair of marks within one
    sentence is found like those of any other sentence, so it isn’t meant here. An attribution isn’t quoted.
    """
    has_marks = any(mark in sentence for sentence in sentences for mark in _MARKS)
    quoted = []
    is_open = False
    for sentence in sentences:
        was_open, is_open = is_open, is_open != (sum(sentence.count(mark) for mark in _MARKS) % 2 == 1)
        quoted.append((was_open or is_open or not has_marks) and not _ATTRIBUTION.match(sentence))
    return quoted
