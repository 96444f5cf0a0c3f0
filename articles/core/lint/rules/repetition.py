"""Finds words, phrases and sentences that are repeated by mistake."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from articles.core.language.messages import lazy_message
from articles.core.language.shorten import shorten_at_word
from articles.core.lint.types import Issue, LocatedSentence, Repair, Text

from .marks import QUOTED
from .wording import quotations

LONGEST = 40  # words of a phrase
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LATIN = re.compile(r"[a-z\u00df-\u024f'’-]+")
# Words without markup: after the end of a link or emphasis, or before the start of one.
_PLAIN_AFTER = re.compile(r"[\]*_~]*(?P<words>[ \t,\n]+[^\W_]+(?:[ ,'’-]+[^\W_]+)*)")
_PLAIN_BEFORE = re.compile(r"(?P<words>[^\W_]+(?:[ ,'’-]+[^\W_]+)*[ \t,\n]+)(?:\[\[[^\[\]|\n]*\|[ \t]*|[\[*_~]+)?")
_MIN_LETTERS = 3  # letters in at least one word of a phrase
_MIN_SENTENCE_WORDS = 3
# Words never doubled on purpose. Longer words aren't either, except those doubled for emphasis or by grammar.
_FUNCTION_TEXT = """
a an the and or but of to in on at by for from with as is are was were be it its this he she we they i
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_TEXT.split())
_LONG_WORD = 4
_EMPHATIC_TEXT = """
had that very really much many more most long never ever always blah bye knock hear there then here over again
same same-same fifty-fifty yeah okay please wait stop high deep hard slowly little whole quite such
"""
_EMPHATIC = frozenset(_EMPHATIC_TEXT.split())
_LINKS = frozenset(["and", "by", "to", "after", "upon", "or", "for", "on", "in"])  # "step by step by step"


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int


def doubled_phrase(text: Text) -> Iterator[Issue]:
    """Flag words, phrases and sentences that are repeated immediately; the repair removes the repetition."""
    for part in text.parts:
        before: str | None = None
        for sentence in (*part.heading_sentences, *part.sentences):
            if sentence.text == before and len(_WORD.findall(sentence.text)) >= _MIN_SENTENCE_WORDS:
                message = lazy_message("This sentence is repeated: delete one of the two.")
                yield sentence.flag("doubled-phrase", message, 0, len(sentence.text))
            else:
                yield from _in_sentence(sentence)
            before = sentence.text


def _in_sentence(sentence: LocatedSentence) -> Iterator[Issue]:
    folded = [word.casefold() for word in _WORD.findall(sentence.text)]
    if len(set(folded)) == len(folded):
        return
    repeats = list(_repeats(folded))
    if not repeats:
        return
    words = [_Word(match.group().casefold(), *match.span()) for match in _WORD.finditer(sentence.text)]
    quotes = quotations(sentence.text)
    for first, length in repeats:
        once, again = words[first : first + length], words[first + length : first + 2 * length]
        is_slip = _is_slip_of_word if length == 1 else _is_slip_of_phrase
        if not is_slip(sentence.text, once, again) or (length == 1 and quotes.hold(once[0].start)):
            continue
        start, end = again[0].start, again[-1].end
        shown = shorten_at_word(sentence.text[start:end], QUOTED)
        message = lazy_message("“%(text)s” is repeated: delete one of the two.", text=shown)
        yield sentence.flag("doubled-phrase", message, start, end, _delete_repetition(sentence, once, again))


def _repeats(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield start and length of each run of up to LONGEST words that is immediately repeated; they don't overlap.

    Each word is compared with its last occurrence, and each stretch once per distance, so the time is linear in the
    number of words.
    """
    last: dict[str, int] = {}
    compared = [0] * (LONGEST + 1)  # by distance: the index up to which words were compared
    done = 0
    for index, word in enumerate(words):
        distance = index - last.get(word, -LONGEST - 1)
        last[word] = index
        if not 0 < distance <= LONGEST or index < compared[distance] or index - distance < done:
            continue
        start, end = index, index + 1
        floor = max(done + distance, compared[distance])
        while start > floor and words[start - 1] == words[start - 1 - distance]:
            start -= 1
        while end < len(words) and words[end] == words[end - distance]:
            end += 1
        compared[distance] = end
        if end - start >= distance:
            yield start - distance, distance
            done = end


def _is_slip_of_word(text: str, once: Sequence[_Word], again: Sequence[_Word]) -> bool:
    """Return whether a word was doubled by mistake, unlike emphasis and names: “very very”, “Bora Bora”."""
    (first,), (second,) = once, again
    if text[first.end : second.start].strip() or not _LATIN.fullmatch(second.text):
        return False
    if text[first.start].isupper() and text[second.start].isupper():
        return False
    return second.text in _FUNCTION_WORDS or (len(second.text) >= _LONG_WORD and second.text not in _EMPHATIC)


def _is_slip_of_phrase(text: str, once: Sequence[_Word], again: Sequence[_Word]) -> bool:
    """Return whether a phrase was doubled by mistake, unlike “step by step by step” or “0 1 0 1”."""
    words = [word.text for word in again]
    gap = text[once[-1].end : again[0].start].strip()
    inside = {text[word.end : following.start].strip() for word, following in pairwise(again)}
    if not all(_LATIN.fullmatch(word) or word.isdigit() for word in words):
        return False
    if not any(len(word) >= _MIN_LETTERS and not word.isdigit() for word in words):
        return False
    if words[0].isdigit() or (len(words) == 2 and (gap or not _LINKS.isdisjoint(words))):
        return False
    return gap in ("", ",") and inside <= {"", ","}


def _delete_repetition(sentence: LocatedSentence, once: Sequence[_Word], again: Sequence[_Word]) -> Repair | None:
    """Return the repair that deletes the second of the two, or the first if only that is free of markup."""
    if sentence.place is None:
        return None
    source = sentence.part.heading if sentence.field == "heading" else sentence.part.body
    first, first_end = sentence.written(once[0].start, once[-1].end)
    second, end = sentence.written(again[0].start, again[-1].end)
    if match := _PLAIN_AFTER.fullmatch(source, first_end, end):
        return Repair(match.start("words"), match["words"], "", lazy_message("Delete the second one"))
    if match := _PLAIN_BEFORE.fullmatch(source, first, second):
        return Repair(first, match["words"], "", lazy_message("Delete the first one"))
    return None
