"""Finds the sentences of a text, and counts its words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from .words import UNSPACED

# Words whose full stop never ends a sentence.
_ABBREVIATIONS = """
al approx apr aug ca capt cf dept dr drs ed eds e.g eg eq feb fig figs gen gov hon i.e jan jul jun lt messrs
mr mrs ms mt nov nr nrs oct pp ph.d prof pt ref refs rep rev sec sen sep sept ser sgt st viz vol vols vs v z.b
d.h u.a bzw bspw ggf evtl pág sra n.b a.k.a
"""
_BEFORE_NUMBER = frozenset(("no", "nos", "p", "ch", "art", "c", "min", "max"))
# Words that begin a sentence even after what may be an initial.
_STARTERS = """
a an and as at but for he her his however i if in it its many most my on one our she so that the their then
there these they this those to we what when where while who why with you your
"""
_END = re.compile(
    r"(?P<wide>[。！？｡]+[」』”’）》】\"']*)"
    r"|(?P<latin>[.!?…؟۔।॥]+[\"'”’»)\]]*(?=\s|$))"
    r"|(?P<line>\n)"
)
_CLOSED = re.compile(r"[.!?…؟۔।॥。！？｡:;][\"'”’»)\]」』）》】]*\Z")
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘«/—–-]+$")
_FIRST_WORD = re.compile(r"[\"'“‘«(\[]*([^\W_]*)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_WORD_CHARACTER = re.compile(r"[^\W_]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_LOOK_BACK = 40
_BEFORE_NEXT = re.compile(r"[.,;:!?…)\]”’»]*\s*")
LONGEST = 2000  # characters; text that goes on without an end of a sentence isn't a single statement
_ABBREVIATION_SET = frozenset(_ABBREVIATIONS.split())
_STARTER_SET = frozenset(_STARTERS.split())


def split(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the sentences in `text`, in order, without surrounding white space.

    A line feed ends a sentence, so join the lines of a paragraph first. `.`, `!`, `?`, `…` and the full stops of
    Arabic and Indic scripts end a sentence before white space, `。！？` anywhere; closing quotes and brackets belong
    to it. A full stop doesn't end one after an abbreviation, an initial or a list number, or before a lower-case
    letter. Text without a letter or digit isn't a sentence; it joins the sentence before it on the same line.
    """
    spans: list[tuple[int, int]] = []
    line = start = 0
    for match in _END.finditer(text):
        if match["latin"] and not _ends_sentence(text, start, match):
            continue
        _append_span(spans, text, line, start, match.end())
        start = match.end()
        if match["line"]:
            line = start
    _append_span(spans, text, line, start, len(text))
    return spans


def cut_at(text: str, spans: Sequence[tuple[int, int]], places: Sequence[int]) -> list[tuple[int, int]]:
    """Return `spans` of sentences, those longer than `LONGEST` characters cut after each of `places` inside them.

    `places` are ascending offsets of marks in `text`. A piece has what was written since the mark before, closing
    punctuation included; what follows the last mark is a piece of its own. Text without a letter or digit joins the
    piece before it. The total length of all pieces is at most that of the text, however many marks there are.
    """
    pieces: list[tuple[int, int]] = []
    for start, end in spans:
        if end - start <= LONGEST:
            pieces.append((start, end))
            continue
        first = len(pieces)
        for place in [*places[bisect_right(places, start) : bisect_left(places, end)], end]:
            after = _BEFORE_NEXT.match(text, place, end)
            stop = after.end() if after else end
            if _WORD_CHARACTER.search(text, start, stop):
                pieces.append((start, start + len(text[start:stop].rstrip())))
                start = stop
        if start < end and len(pieces) > first:
            pieces[-1] = pieces[-1][0], end
    return pieces


def join(texts: Iterable[str]) -> str:
    """Return `texts` on one line, each closed by a full stop if nothing else closes it; empty ones are left out."""
    stripped = (text.strip() for text in texts)
    return " ".join(text if _CLOSED.search(text) else f"{text}." for text in stripped if text)


def count_words(text: str) -> int:
    """Return the number of words, for estimating reading time.

    Chinese, Japanese, Thai, Lao, Burmese and Khmer put no spaces between words: there, two characters count as one
    word, which is about the mean word length and fits the reading speed.
    """
    if text.isascii():
        return len(text.split())
    spaced, unspaced = _UNSPACED.subn(" ", text)
    return len(spaced.split()) + (unspaced + 1) // 2


def _append_span(spans: list[tuple[int, int]], text: str, line: int, start: int, end: int) -> None:
    segment = text[start:end]
    stripped = segment.strip()
    if not stripped:
        return
    start += len(segment) - len(segment.lstrip())
    end = start + len(stripped)
    if _WORD_CHARACTER.search(stripped):
        spans.append((start, end))
    elif spans and spans[-1][0] >= line:
        spans[-1] = (spans[-1][0], end)


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    following = _FIRST_WORD.match(text, _skip_spaces(text, match.end()))
    word = following.group(1) if following else ""
    if word[:1].islower():
        return False
    if match["latin"] != ".":
        return True
    before = _LAST_WORD.search(text, max(start, match.start() - _LOOK_BACK), match.start())
    if before is None:
        return True
    last = before.group()
    lowered = last.lower()
    if lowered in _ABBREVIATION_SET or (last.isdigit() and before.start() == _skip_spaces(text, start)):
        return False
    if word[:1].isdigit() and lowered in _BEFORE_NUMBER:
        return False
    # `J. Smith` is one sentence; `in the U.S. The` and `vitamin D. They` are two.
    is_initial = _INITIALS.fullmatch(last) is not None and (last[0].isupper() or "." in last)
    return not is_initial or word.lower() in _STARTER_SET


def _skip_spaces(text: str, offset: int) -> int:
    while offset < len(text) and text[offset].isspace() and text[offset] != "\n":
        offset += 1
    return offset
