"""Tells which sentences of block quotes are somebody’s words: neither those of boxes, nor attributions."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

_PLAIN = frozenset(("paragraph_open", "inline", "paragraph_close"))
_LABEL = re.compile(r"[^.!?:“”\"„«»]{1,80}:(?=[\s*_]|$)[\s*_]*+(?![“„\"«»])")
_MARKS = '“”„"«»'
_CLOSING = tuple('”“"»«’')
_ATTRIBUTION = re.compile(r"\W{0,3}[—–―]|--")
_BEFORE_NAME = re.compile(r"[\s(]{0,3}(?:[—–―]|--)\s*")
_DASH = re.compile(r"\s(?=(?:[—–―]|--)\s)")
_AFTER_NAME = re.compile(r"[,;(]")
_PARTICLES = frozenset(
    ("and", "al", "bin", "da", "de", "del", "der", "di", "du", "la", "le", "of", "the", "van", "von", "und")
)
_LONGEST, _MOST_WORDS = 120, 6  # characters of an attribution, words of its name


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


def is_attribution(text: str) -> bool:
    """Return whether a text is a dash and a name, with what the person is after a comma: “— Ada Lovelace, mathematician”."""
    dash = _BEFORE_NAME.match(text)
    rest = text[dash.end() :] if dash else ""
    if not rest or len(rest) > _LONGEST or rest[-1] in "!?…:":
        return False
    name, *described = _AFTER_NAME.split(rest, maxsplit=1)
    words = name.split()
    are_names = all(not word[0].islower() or word in _PARTICLES for word in words)
    is_long = len(words) > 1 or not described  # “— Yes, it did” is somebody's answer
    return 0 < len(words) <= _MOST_WORDS and are_names and words[-1] not in _PARTICLES and is_long


def without_attributions(sentences: Sequence[str], before: str, *, is_quotation: bool) -> list[str]:
    """Return a block's sentences without the attribution at the end of what is quoted, which is no claim.

    `before` is the last sentence of the block before if that was quoted, else "". Outside block quotes, what stands
    between quotation marks counts as quoted. Two dashes in a row are a dialogue.
    """
    *others, last = sentences or [""]
    previous = others[-1] if others else before
    is_quoted = is_quotation or previous[-1:] in _CLOSING or not others
    if previous and is_quoted and not _ATTRIBUTION.match(previous) and is_attribution(last):
        return others
    if not last or not (is_quotation or last[0] in _MARKS):
        return list(sentences)
    for dash in reversed(list(_DASH.finditer(last))):
        quoted, rest = last[: dash.start()].rstrip(), last[dash.end() :]
        is_marked = quoted[-1:] in _CLOSING
        is_named = len(rest.split()) > 2 and not rest.endswith(".")
        if quoted and (is_marked or is_named) and is_attribution(rest):
            return [*others, quoted]
    return list(sentences)


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
