"""Checks the wording of sentences: doses without a citation, and words that allow no exception."""

import re
from collections.abc import Iterator

from articles.core.evidence.indexing.numbers import NUMBER_STARTS
from articles.core.language.messages import join_with_and, lazy_message, lazy_plural
from articles.core.language.words import by_first_letter, lowered
from articles.core.lint.letters import Spans
from articles.core.lint.types import Issue, LocatedSentence, Text

_NUMERAL = r"(?<![\w.,])\d{1,12}(?:[.,]\d{1,12}){0,4}"
_RANGE = rf"{_NUMERAL}(?:\s?(?:[-–—]|to|or)\s?\d{{1,12}}(?:[.,]\d{{1,12}}){{0,4}})?"
_WORDS = "|".join(sorted(NUMBER_STARTS | {"half a", "hundred"}, key=len, reverse=True))
_UNITS = (
    r"(?:mg|mcg|[uµμ]g|g|m[lL]|IU|mmol|mEq|milligrams?|micrograms?|grams?|millilit(?:er|re)s?)"
    r"(?:\s?(?:/|per\b)\s?(?:kg|kilo(?:gram)?s?|lbs?|pounds?|day|d|hours?|h|m[lL]|dose))?|units?\s(?:/|per|of insulin)"
)
_DOSE = re.compile(rf"(?:{_RANGE}\s?-?|\b(?:{_WORDS})[\s-])(?:{_UNITS})(?![\w/])")
# What every dose and every percentage contains: a unit is quicker to look for than the many words for numbers.
_ANY_DOSE = re.compile(rf"[\d\s-](?=[mguµμI])(?:{_UNITS})(?![\w/])")
_ANY_PERCENTAGE = re.compile(r"[%‰]|per\s?cent", re.IGNORECASE)
_PERCENTAGE = re.compile(rf"(?:{_RANGE}|\b(?:{_WORDS}))(?:\s?[%‰]|[\s-]?per\s?cent(?:age points?)?\b)", re.IGNORECASE)


def doses(text: str) -> list[tuple[int, int]]:
    """Return [start, end) of each dose, in order: `0.5 mg/kg`, `20–30 grams`, `ten units per day`."""
    return [match.span() for match in _DOSE.finditer(text)] if _ANY_DOSE.search(text) else []


def percentages(text: str) -> list[tuple[int, int]]:
    """Return [start, end) of each percentage, in order: `20–30 %`, `ten percent`."""
    return [match.span() for match in _PERCENTAGE.finditer(text)] if _ANY_PERCENTAGE.search(text) else []


_QUOTE = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|„[^„“”]*[“”]|(?<!\w)‘[^‘’]*’(?!\w)")


def quotations(text: str) -> Spans:
    """Return the spans of the quotations in a text."""
    return Spans(match.span() for match in _QUOTE.finditer(text))


# Words that promise more than a talk can show: claims about every case, proof or safety.
_ABSOLUTE = re.compile(
    r"\b(?:cure|cures|cured|proven|proves|always|never(?!-)|guarantee|guarantees|guaranteed|miracle|miracles|miraculous"
    r"|miraculously|infallible|foolproof|risk[ -]free"
    r"|(?:completely|totally|entirely|perfectly|absolutely) (?:safe|harmless|effective)"
    r"|(?:no|without(?: any)?) (?:side[ -]effects|risks?))\b"
    r"|(?<![\w.,])100\s?(?:%|per\s?cent)\s(?:of|safe|harmless|effective|sure|certain|success|reliable|accurate)\b",
    re.IGNORECASE,
)
# How each of them begins, in lower case: most sentences have none.
_BEGINNINGS = """
cure prove always never guarantee mirac infallible foolproof risk[\\s-] completely totally entirely perfectly absolutely
no\\s without 100
"""
_ANY_ABSOLUTE = re.compile(rf"\b(?:{by_first_letter(_BEGINNINGS.split())})")
# Words just before an absolute word that qualify it.
_QUALIFIED = re.compile(
    r"(?:\b(?:not(?!\sonly)|no|non|never|nothing|nobody|none|neither|nor|without|cannot|rarely|hardly|seldom|scarcely"
    r"|almost|nearly|virtually|practically|if|whether|yet to be)|n['’]t)\s(?:[\w’']+\s){0,2}$",
    re.IGNORECASE,
)
# “Should always” (and “Always ask …”) is advice, “has never been” is history.
_NO_PROMISE = re.compile(r"(?:\b(?:should|must|to|has|have|had)|['’](?:ve|d))\s$", re.IGNORECASE)
_ADVERBS = frozenset(("always", "never"))
_LOOK_BACK = 40
_NAMED = 3  # doses quoted in a message


def uncited_dose(text: Text) -> Iterator[Issue]:
    """Flag the first dose or percentage of an uncited sentence; the message names the others too."""
    for part in text.parts:
        for sentence in part.sentences:
            spans = [] if sentence.is_cited else sorted(doses(sentence.text) + percentages(sentence.text))
            if not spans:
                continue
            written = list(dict.fromkeys(sentence.text[first:last] for first, last in spans))
            named = join_with_and([f"“{dose}”" for dose in written[:_NAMED]])
            if len(written) > _NAMED:
                named = lazy_message("%(named)s and %(more)s more", named=named, more=len(written) - _NAMED)
            message = lazy_plural(
                "%(named)s is in a sentence without a citation. Readers may act on a number: cite the timestamp "
                "where it is said, or remove it.",
                "%(named)s are in a sentence without a citation. Readers may act on numbers: cite the timestamp "
                "where they are said, or remove them.",
                len(written),
                named=named,
            )
            yield sentence.flag("uncited-dose", message, *spans[0])


def absolute_words(text: Text) -> Iterator[Issue]:
    """Flag words such as cures, proven or always, unless they are quoted, negated, hedged or part of a name."""
    for part in text.parts:
        for sentence in (*part.heading_sentences, *part.sentences):
            yield from _absolute_in(sentence)


def _absolute_in(sentence: LocatedSentence) -> Iterator[Issue]:
    written = sentence.text
    matches = list(_ABSOLUTE.finditer(written)) if _ANY_ABSOLUTE.search(lowered(written)) else []
    quotes = quotations(written if matches else "")
    for match in matches:
        if quotes.hold(match.start()) or _is_name(written, match.start()):
            continue
        before = written[max(0, match.start() - _LOOK_BACK) : match.start()]
        if _QUALIFIED.search(before):
            continue
        if match.group().casefold() in _ADVERBS and (not before or _NO_PROMISE.search(before)):
            continue
        message = lazy_message(
            "“%(written)s” allows no exceptions. Is that what is said at the cited timestamp? If not, write what "
            "is said: how often, for whom, how certain.",
            written=match.group(),
        )
        yield sentence.flag("absolute-words", message, *match.span())


def _is_name(text: str, start: int) -> bool:
    """Return whether a word in the middle of a sentence is capitalised, as in names and titles."""
    before = text[max(0, start - _LOOK_BACK) : start].rstrip("“”\"'‘’([ ")
    return text[start].isupper() and before != ""
