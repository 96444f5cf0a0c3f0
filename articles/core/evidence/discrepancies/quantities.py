"""Finds the numbers of a text with their units, also those that are said as fractions: “half a gram”, “two thirds of a mile”."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from articles.core.evidence.indexing.tokens import Word

from .units import Quantity, Unit, quantities, unit_at, unit_from

_FACTORS = {"twice": 2.0, "doubl": 2.0, "tripl": 3.0, "thrice": 3.0, "quadrupl": 4.0}
# What fractions are one of, by the terms that mean them; only the first two may stand right before a unit.
_PARTS = {
    "half": 2, "quarter": 4, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10,
    "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_HALF, _QUARTER = "half", "quarter"
_SIGNS = {"1⁄2": 1 / 2, "1⁄4": 1 / 4, "3⁄4": 3 / 4, "1⁄3": 1 / 3, "2⁄3": 2 / 3, "1⁄8": 1 / 8}  # “½”, folded
_ARTICLES = frozenset(("a", "an", "one"))
_BEGINNINGS = _ARTICLES.union(_PARTS, _SIGNS)
_SCALES = {"hundr": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_MOST_PARTS = 10  # of a fraction in digits, and of which a numerator may be
_APART = 4  # words between the numbers of one amount: “five square feet and ten”


class Measure(NamedTuple):
    """A number and its unit, None if it has none, with the indices [first:last] of its words without the unit's."""

    value: float
    unit: Unit | None
    first: int
    last: int


def measures(words: Sequence[Word], text: str = "") -> Iterator[Measure]:
    """Yield the numbers in order, and the fractions that have a unit. `text` is what the words are from, "" if unknown.

    In a text “1/4” is a fraction; otherwise it may be a range.
    """
    index = 0
    while index < len(words):
        may_begin = words[index].is_number or words[index].term in _BEGINNINGS
        measure = (_fraction_at(words, index, text) or _number_at(words, index, text)) if may_begin else None
        if measure:
            yield measure
        index = measure.last + 1 if measure else index + 1


def _number_at(words: Sequence[Word], index: int, text: str) -> Measure | None:
    if not words[index].is_number:
        return None
    value = float(words[index].term)
    for size, part in ((1, _sign(words, index + 1)), (2, _slashed(words, index + 1, text))):
        unit = unit_from(words, index + size + 1) if part and _is_spaced(words, index, text) else None
        if unit:
            return Measure(value + part, unit, index, index + size)
    return Measure(value, unit_at(words, index), index, index)


def _fraction_at(words: Sequence[Word], index: int, text: str) -> Measure | None:
    """Return the fraction of a unit that begins at this index: “half a gram”, “three quarters of an inch”, “½ cup”."""
    count, at = 1.0, index
    if value := _slashed(words, index, text):
        at = index + 2
    elif value := _sign(words, index):
        at = index + 1
    else:
        if words[index].is_number or words[index].term in _ARTICLES:
            count, at = float(words[index].term) if words[index].is_number else 1.0, index + 1
        term = words[at].term if at < len(words) else ""
        is_rest = index and words[index - 1].term == "and" and at > index  # of “an hour and a half”
        if term not in _PARTS or is_rest or not 0 < count < min(_PARTS[term], _MOST_PARTS):
            return None
        value, at = count / _PARTS[term], at + 1
        if term not in (_HALF, _QUARTER) and (at >= len(words) or words[at].term != "of"):
            return None
    unit = _unit_of_part(words, at)
    return Measure(value, unit, index, at - 1) if unit else None


def _unit_of_part(words: Sequence[Word], index: int) -> Unit | None:
    """Return the unit at this index, or after “of a” there."""
    index += index < len(words) and words[index].term == "of"
    index += index < len(words) and words[index].term in _ARTICLES
    return unit_from(words, index)


def _is_spaced(words: Sequence[Word], index: int, text: str) -> bool:
    """Return whether at most a space is between this word and the next."""
    return not text[words[index].end : words[index + 1].start].strip()


def _sign(words: Sequence[Word], index: int) -> float:
    return _SIGNS.get(words[index].term, 0.0) if index < len(words) else 0.0


def _slashed(words: Sequence[Word], index: int, text: str) -> float:
    """Return the value of “1/4” at this index, 0 if it isn't there."""
    pair = words[index : index + 2]
    is_there = len(pair) == 2 and all(word.is_number for word in pair) and text[pair[0].end : pair[1].start] == "/"
    return _ratio(*pair) if is_there else 0.0


def _ratio(above: Word, below: Word) -> float:
    """Return what two numbers are as a fraction, 0 if they are none that people use."""
    numerator, denominator = float(above.term), float(below.term)
    return numerator / denominator if 0 < numerator < denominator <= _MOST_PARTS else 0.0


def parts_in(words: Sequence[Word]) -> frozenset[float]:
    """Return the fractions that are said on their own, as in “take half of it”, not those of “a gram and a half”."""
    parts: set[float] = set()
    for at, word in enumerate(words):
        if word.term in _PARTS and not (at > 1 and words[at - 2].term == "and") and not _fraction_at(words, at, ""):
            count = float(words[at - 1].term) if at and words[at - 1].is_number else 1.0
            if not _fraction_at(words, max(0, at - 1), ""):
                parts.add(count / _PARTS[word.term])
        elif word.term in _SIGNS and not _fraction_at(words, at, ""):
            parts.add(_SIGNS[word.term])
    return frozenset(parts)


def quantities_in(words: Sequence[Word]) -> frozenset[Quantity]:
    """Return the numbers that are said with a unit, in every way that they may be meant.

    “A gram” is one gram, “half an hour” 30 minutes, “a year and a half” 18 months, “an hour and ten minutes” 70 minutes.
    """
    factors = [_FACTORS[word.term] for word in words if word.term in _FACTORS]
    found = {amount for factor in factors for amount in quantities(factor, Unit("times", 0, 0))}
    said = sorted((*spoken_measures(words), *_counts(words), *_ratios(words)), key=lambda measure: measure.first)
    for measure, totals in with_totals(measure for measure in said if measure.unit):
        if measure.unit:
            whole = measure.value + _rest(words, measure.last)
            found.update(quantities(measure.value, measure.unit), quantities(whole, measure.unit), totals)
    return frozenset(found)


def spoken_measures(words: Sequence[Word]) -> Iterator[Measure]:
    """Yield the numbers that are said, also “a hundred and twenty”, which is a saying more often in a text."""
    yield from measures(words)
    for at, (article, word) in enumerate(pairwise(words)):
        if article.term in _ARTICLES and (value := _SCALES.get(word.term)):
            last, rest = at + 1, words[at + 2 : at + 4]
            if rest and rest[0].term in _SCALES:
                value, last, rest = value * _SCALES[rest[0].term], at + 2, words[at + 3 : at + 5]
            yield Measure(value, unit_at(words, last), at, last)
            number = rest[1:] if rest and rest[0].term == "and" else rest
            if number and number[0].is_number and float(number[0].term) < value:
                last += len(rest) - len(number) + 1
                yield Measure(value + float(number[0].term), unit_at(words, last), at, last)


def with_totals(found: Iterable[Measure]) -> Iterator[tuple[Measure, list[Quantity]]]:
    """Yield each measure with the sums that it is part of, as in “five feet ten inches”."""
    before: Quantity | None = None
    for measure, following in pairwise((*found, None)):
        if measure is None:
            return
        after = _together(measure, following) if following else None
        yield measure, [total for total in (before, after) if total]
        before = after


def _together(first: Measure, second: Measure) -> Quantity | None:
    if first.unit is None or second.unit is None or not 2 <= second.first - first.last <= _APART:
        return None
    whole, rest = next(quantities(first.value, first.unit)), next(quantities(second.value, second.unit))
    is_one = whole[:3] == rest[:3] and first.unit.name != second.unit.name and rest.value < whole.value
    return whole._replace(value=round(whole.value + rest.value, 9)) if is_one else None


def _counts(words: Sequence[Word]) -> Iterator[Measure]:
    for at, word in enumerate(words):
        if word.term in _ARTICLES and (unit := unit_from(words, at + 1)):
            yield Measure(1.0, unit, at, at)


def _ratios(words: Sequence[Word]) -> Iterator[Measure]:
    """Yield what may be “1/4 cup”: words don't keep the stroke."""
    for at, (above, below) in enumerate(pairwise(words)):
        is_pair = above.is_number and below.is_number and below.start - above.end == 1
        value = _ratio(above, below) if is_pair else 0.0
        if value and (unit := _unit_of_part(words, at + 2)):
            yield Measure(value, unit, at, at + 1)
            if at and words[at - 1].is_number:
                yield Measure(float(words[at - 1].term) + value, unit, at - 1, at + 1)


def _rest(words: Sequence[Word], number: int) -> float:
    """Return what “and a half” after the unit of a number adds to it, 0 if it isn't there."""
    for at in range(number + 2, min(number + 5, len(words) - 2)):
        part = words[at + 2].term
        if words[at].term == "and" and part in (_HALF, _QUARTER):
            count = float(words[at + 1].term) if words[at + 1].is_number else words[at + 1].term in _ARTICLES
            return count / _PARTS[part]
    return 0.0
