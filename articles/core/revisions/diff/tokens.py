"""Cuts a sentence into tokens; a citation mark, a number with its unit and a link are one token each."""

import re
from dataclasses import dataclass
from typing import Literal, cast

from articles.core.language.words import UNSPACED
from articles.core.timestamps import Mark, find_marks

from .alignment import Budget, align
from .types import Op, Run, Runs

TOKEN_CAP = 160
"""Most edits between two sentences that are compared word by word."""


TokenKind = Literal["mark", "link", "number", "word", "format", "space", "other"]

_UNIT = r"""(?:
    %|‰|°[CFK]?|℃|℉|×
  | (?:mc|[mµμnpk])?g | [mµμdcnh]?[lL] | [mckµμn]?m | [mµμnp]?mol | [mµμn]M | I\.?U\.? | [kMG]?Hz | [kMGm]?W
  | [kmµμ]?V | [mk]?A | kJ | k?cal | [kM]?Pa | mmHg | bpm | dB | pp[mb] | [kMGT]?B | hr?s? | [mµμ]?s
  | (?i:per[ ]?cent(?:age[ ]points?)?|fold|times|degrees?|dollars?|euros?|pounds?|hundred|thousand|million
      |billion|trillion|(?:milli|micro|kilo)?grams?|(?:milli|centi|kilo)?met(?:er|re)s?|(?:milli)?lit(?:er|re)s?
      |(?:milli)?secs?|(?:milli)?seconds?|mins?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?)
)"""
_DIGITS = r"\d+(?:[.,:/]\d+)*"
_NUMBER = rf"""
    (?:[-−+±~≈<>≤≥]?[$€£¥]?|[$€£¥][-−])
    (?<![\w.]){_DIGITS}(?:[ ]?[-–—][ ]?{_DIGITS})?(?:(?:st|nd|rd|th)(?!\w))?
    (?:[-   ]?{_UNIT}(?:[ ]?(?:/|per[ ])[ ]?(?:{_UNIT}|min|day|dose))*(?!\w))?
    (?!\w)(?!-[^\W\d_])
"""
_COMBINING = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d"
)
_LETTER = rf"(?:[^\W_{UNSPACED}]|[{_COMBINING}])"
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<link>\[\[[^\[\]\n]{{1,300}}\]\]
      |!?\[[^\[\]\n]{{0,300}}\](?:\([^()\s]{{0,1000}}(?:[ ]"[^"\n]{{0,200}}")?\)|\[[^\[\]\n]{{0,300}}\])
      |https?://[^\s<>()\[\]]{{1,2000}}(?<![.,;:!?'"*_]))
  | (?P<number>{_NUMBER})
  | (?P<word>{_LETTER}+(?:['’\-‑]{_LETTER}+)*|[{UNSPACED}])
  | (?P<format>\*+|_+|~~+|`+|-{{3,}}|={{3,}}|:{{3,}}|\#+|>|\|)
  | (?P<other>\\[!-/:-@\[-`{{-~]|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_MARKER = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,3}[.)](?=[ \t])|\#{1,6}(?=[ \t])))+")


@dataclass(frozen=True, slots=True)
class Token:
    """Some characters of a sentence; `mark` is set for citation marks."""

    kind: TokenKind
    text: str
    mark: Mark | None = None


def tokenise(text: str, *, in_code: bool = False) -> list[Token]:
    """Return the tokens of a sentence, which join to `text`. Linear, never raises.

    With `in_code` the text is from a fenced block, where marks have no meaning.
    """
    tokens: list[Token] = []
    end = 0
    if not in_code:
        if marker := _MARKER.match(text):
            tokens.append(Token("format", marker.group()))
            end = marker.end()
        if "[" in text and ":" in text:
            for mark in find_marks(text):
                if isinstance(mark, Mark) and mark.start >= end:
                    _append_tokens(tokens, text, end, mark.start)
                    tokens.append(Token("mark", mark.text, mark))
                    end = mark.end
    _append_tokens(tokens, text, end, len(text))
    return tokens


def label_of(link: str) -> str:
    """Return the visible text of a link token; "" for a bare address."""
    if link.startswith("[["):
        return link[2:-2].rpartition("|")[2].strip()
    if link.startswith(("[", "![")):
        return link[link.index("[") + 1 : link.index("]")]
    return ""


def target_of(link: str) -> str:
    """Return the target of a link token as it is written: address, slug or reference."""
    if link.startswith("[["):
        return link[2:-2].partition("|")[0].strip()
    if link.startswith(("[", "![")):
        return link[link.index("]") + 1 :]
    return link


def _append_tokens(tokens: list[Token], text: str, start: int, end: int) -> None:
    for match in _TOKEN.finditer(text, start, end):
        tokens.append(Token(cast(TokenKind, match.lastgroup), match.group()))


def token_runs(old: list[Token], new: list[Token], budget: Budget) -> list[tuple[Op, list[Token]]]:
    """Return runs of tokens; the equal and deleted ones join to `old`, the equal and inserted ones to `new`.

    White space that is alone between two changes counts as changed, so that a rewritten phrase reads as one change.
    """
    pairs = align([token.text for token in old], [token.text for token in new], budget, cap=TOKEN_CAP)
    steps: list[tuple[Op, list[Token]]] = []
    i = j = 0
    for first, second in [*_without_lone_spaces(pairs, old, new), (len(old), len(new))]:
        if first > i:
            steps.append(("delete", old[i:first]))
        if second > j:
            steps.append(("insert", new[j:second]))
        if first < len(old):
            if steps and steps[-1][0] == "equal":
                steps[-1][1].append(old[first])
            else:
                steps.append(("equal", [old[first]]))
        i, j = first + 1, second + 1
    return steps


def as_runs(steps: list[tuple[Op, list[Token]]]) -> Runs:
    """Return the runs of tokens as runs of text."""
    return tuple(Run(op, "".join(token.text for token in tokens)) for op, tokens in steps)


def _without_lone_spaces(pairs: list[tuple[int, int]], old: list[Token], new: list[Token]) -> list[tuple[int, int]]:
    kept = []
    ends = [(-1, -1), *pairs, (len(old), len(new))]
    for before, (i, j), after in zip(ends, pairs, ends[2:], strict=False):
        # Both texts have changed tokens before and after it: it separates two replacements.
        is_alone = min(i - before[0], j - before[1], after[0] - i, after[1] - j) > 1
        if not (is_alone and old[i].kind == "space"):
            kept.append((i, j))
    return kept
