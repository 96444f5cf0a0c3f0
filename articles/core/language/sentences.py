"""Finds where the sentences of a text begin and end, and counts its words."""

import re

# Words whose full stop ends no sentence, whatever follows.
_ABBREVIATIONS = """
al approx apr aug ca capt cf dept dr drs ed eds e.g eg eq feb fig figs gen gov hon i.e jan jul jun lt messrs
mr mrs ms mt nov nr nrs oct pp ph.d prof pt ref refs rep rev sec sen sep sept ser sgt st viz vol vols vs v z.b
d.h u.a bzw bspw ggf evtl pág sra n.b a.k.a
"""
_BEFORE_NUMBER = frozenset(("no", "nos", "p", "ch", "art", "c", "min", "max"))
# Words that begin a sentence even after a full stop that may be an initial's.
_STARTERS = """
a an and as at but for he her his however i if in it its many most my on one our she so that the their then
there these they this those to we what when where while who why with you your
"""
_END = re.compile(
    r"(?P<wide>[。！？｡]+[」』”’）》】\"']*)"
    r"|(?P<latin>[.!?…؟۔।॥]+[\"'”’»)\]]*(?=\s|$))"
    r"|(?P<line>\n)"
)
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘«/—–-]+$")
_FIRST_WORD = re.compile(r"[\"'“‘«(\[]*([^\W_]*)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_WORD_CHARACTER = re.compile(r"[^\W_]")
_UNSPACED = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
_LOOK_BACK = 40
_ABBREVIATION_SET = frozenset(_ABBREVIATIONS.split())
_STARTER_SET = frozenset(_STARTERS.split())


def split(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences in `text` in order, without the white space around them.

    A line feed ends a sentence: fold the lines of a paragraph first. `.`, `!`, `?`, `…` and the full stops of
    Arabic and Indic scripts end one before white space, `。！？` anywhere; closing quotes and brackets belong
    to it. A full stop does not after an abbreviation, an initial or a list number, nor before a lower-case
    letter. What holds no letter or digit is no sentence; it goes with the one before on its line.
    """
    spans: list[tuple[int, int]] = []
    line = start = 0
    for match in _END.finditer(text):
        if match["latin"] and not _ends_sentence(text, start, match):
            continue
        _add(spans, text, line, start, match.end())
        start = match.end()
        if match["line"]:
            line = start
    _add(spans, text, line, start, len(text))
    return spans


def count_words(text: str) -> int:
    """Return how many words a reader has to read.

    Chinese, Japanese, Thai, Lao, Burmese and Khmer put no spaces between words: there two letters count as one
    word, which is about the mean length of a word in them and near to how fast each is read.
    """
    if text.isascii():
        return len(text.split())
    spaced, unspaced = _UNSPACED.subn(" ", text)
    return len(spaced.split()) + (unspaced + 1) // 2


def _add(spans: list[tuple[int, int]], text: str, line: int, start: int, end: int) -> None:
    written = text[start:end]
    stripped = written.strip()
    if not stripped:
        return
    start += len(written) - len(written.lstrip())
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
    # `J. Smith` is one person; `in the U.S. The` are two sentences; `vitamin D. They` too.
    is_initial = _INITIALS.fullmatch(last) is not None and (last[0].isupper() or "." in last)
    return not is_initial or word.lower() in _STARTER_SET


def _skip_spaces(text: str, offset: int) -> int:
    while offset < len(text) and text[offset].isspace() and text[offset] != "\n":
        offset += 1
    return offset
