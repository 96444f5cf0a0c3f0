"""Decides where emphasis opens and closes: as CommonMark, and also beside the punctuation of scripts without spaces."""

import unicodedata
from functools import lru_cache, partial

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline, emphasis, strikethrough
from markdown_it.rules_inline.state_inline import Scanned


def scan_emphasis(state: StateInline, silent: bool) -> bool:
    """Read `*` and `_`, as markdown-it's rule does."""
    if state.src[state.pos] not in "*_":
        return False
    state.scanDelims = partial(_scan_delimiters, state)  # type: ignore[method-assign]
    return emphasis.tokenize(state, silent)


def scan_strikethrough(state: StateInline, silent: bool) -> bool:
    """Read `~`, as markdown-it's rule does."""
    if state.src[state.pos] != "~":
        return False
    state.scanDelims = partial(_scan_delimiters, state)  # type: ignore[method-assign]
    return strikethrough.tokenize(state, silent)


def _scan_delimiters(state: StateInline, start: int, can_split_word: bool) -> Scanned:
    """Return where emphasis may open and close, next to Chinese, Japanese and Korean also beside their punctuation.

    CommonMark 6.2 needs a space there, which these scripts don't have. This follows the proposed amendment
    (github.com/tats-u/markdown-cjk-friendly); without such a character, nothing differs from CommonMark.
    """
    scanned = StateInline.scanDelims(state, start, can_split_word)
    end = start + scanned.length
    before = state.src[start - 1] if start else " "
    after = state.src[end] if end < state.posMax else " "
    if not (_is_cjk(before) or _is_cjk(after)):
        return scanned
    is_left = not isWhiteSpace(ord(after)) and (_is_cjk(after) or not _is_punctuation(after) or _separates(before))
    is_right = not isWhiteSpace(ord(before)) and (_is_cjk(before) or not _is_punctuation(before) or _separates(after))
    can_open = is_left and (can_split_word or not is_right or _is_punctuation(before))
    can_close = is_right and (can_split_word or not is_left or _is_punctuation(after))
    return Scanned(can_open, can_close, scanned.length)


def _separates(character: str) -> bool:
    return isWhiteSpace(ord(character)) or _is_punctuation(character) or _is_cjk(character)


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


@lru_cache(maxsize=4096)
def _is_cjk(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFH" and unicodedata.category(character) != "So"
