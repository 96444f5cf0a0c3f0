"""Reads the numbers that spoken English may mean: “nineteen ninety five” may be 1995, “two point five” 2.5.

The readings are generous, because a number that is reported as missing although it is said costs more trust than one
that is missed.
"""

from collections.abc import Sequence, Set
from itertools import islice

from articles.core.evidence.indexing.tokens import Word, words_of

_ORDINALS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth
"""
_TENTHS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
_DECADES = "twenties thirties forties fifties sixties seventies eighties nineties"
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_NAMED = {"one": 1.0, "oh": 0.0, "zero": 0.0, "dozen": 12.0, "twice": 2.0, "double": 2.0, "triple": 3.0, "half": 0.5}
_NAMED |= _SCALES | {word: float(value) for value, word in enumerate(_ORDINALS.split(), 1)}
_NAMED |= {word: 10.0 * value for words in (_TENTHS, _DECADES) for value, word in enumerate(words.split(), 2)}
# By term, as words_of gives it.
VALUES = {written.term: value for word, value in _NAMED.items() for written in words_of(word, is_english=True)}
POINT = "point"
_REACH, _RUN = 4, 4  # words within which a number belongs to the one before; numbers that are read as one at most
_YEARS = (1000, 2100)
_TWENTY = 20.0  # from which on English adds ones to tens
_EXACT = 1e15  # larger numbers are no longer exact


def value_of(term: str) -> float | None:
    """Return the value of a term that is a number or means one, else None."""
    if not term[:1].isdecimal():
        return VALUES.get(term)
    try:
        return float(term)
    except ValueError:  # too long to have been read as a number
        return None


def values_in(words: Sequence[Word]) -> frozenset[float]:
    """Return every number that may be said in consecutive words."""
    valued = [(at, value) for at, word in enumerate(words) if (value := value_of(word.term)) is not None]
    return readings(valued, {at for at, word in enumerate(words) if word.term == POINT})


def readings(valued: Sequence[tuple[int, float]], points: Set[int]) -> frozenset[float]:
    """Return every number that may be meant by values, given with the ascending indices of their words.

    `points` are the indices of the word “point”.
    """
    values: set[float] = set()
    for at, (place, value) in enumerate(valued):
        run: tuple[float, ...] = (value,)
        last = place
        values.add(value)
        for other, following in islice(valued, at + 1, at + _RUN):
            if other - last > _REACH:
                break
            run, last = (*run, following), other
            values |= _joined(run, has_point=not points.isdisjoint(range(place, other)))
    values.update([part for value in values if _is_year(value) for part in divmod(value, 100)])
    return frozenset(values)


def is_said(value: float, values: Set[float]) -> bool:
    """Return whether `value`, or the two digits that are said of a year, is among `values`."""
    return value in values or (_is_year(value) and value % 100 >= 10 and value % 100 in values)


def _joined(run: tuple[float, ...], *, has_point: bool) -> set[float]:
    """Return the numbers that consecutive numbers may be together: sums, products, years, decimals.

    The last number's “million” may be meant for the first one too, as in “one or two million”.
    """
    if len(run) == 1:
        return set(run)
    last = run[-1]
    values = {run[0] + rest for rest in _joined(run[1:], has_point=has_point) if _is_sum(run[0], rest)}
    for first in _joined(run[:-1], has_point=has_point):
        values.add(first * 100 + last)
        if _is_sum(first, last):
            values.add(first + last)
        values.update(first * scale for scale in _SCALES.values() if last >= scale and not last % scale)
        if has_point and first == int(first) and last == int(last) and 0 <= last < 1e6:
            values.add(float(f"{int(first)}.{int(last)}"))
    return values


def _is_sum(first: float, rest: float) -> bool:
    """Return whether two numbers may be one, as “twenty, third” and “a hundred and five”; “10, 15” is a range."""
    if first < _TWENTY or first > _EXACT:
        return rest < 1  # “two and a half”
    digits = f"{first:.0f}" if first.is_integer() else ""
    zeros = len(digits) - len(digits.rstrip("0"))
    return rest < float(f"1e{zeros}")


def _is_year(value: float) -> bool:
    return _YEARS[0] <= value < _YEARS[1]
