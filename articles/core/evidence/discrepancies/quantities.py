"""Finds the numbers that are said with a unit."""

from collections.abc import Sequence

from articles.core.evidence.indexing.numbers import quantity
from articles.core.evidence.indexing.tokens import Word

HALF = 0.5
_COUNTS = {"a": 1.0, "an": 1.0, "one": 1.0, "half": HALF}
_FACTORS = {"twice": 2.0, "doubl": 2.0, "tripl": 3.0, "thrice": 3.0, "quadrupl": 4.0}


def quantities_in(words: Sequence[Word]) -> frozenset[tuple[str, float]]:
    """Return the numbers that are said with a unit, as `quantity` gives them.

    “A gram” is one gram, “half an hour” 30 minutes, and “a year and a half” 18 months.
    """
    quantities: set[tuple[str, float]] = set()
    for at, word in enumerate(words):
        if word.term in _FACTORS:
            quantities.add(quantity(_FACTORS[word.term], "times"))
        value = float(word.term) if word.is_number else _COUNTS.get(word.term)
        unit = unit_at(words, at) if value is not None else None
        if value is None or unit is None:
            continue
        after = [other.term for other in words[at : at + 6]]
        and_half = HALF if any(after[i : i + 3] == ["and", "a", "half"] for i in (2, 3)) else 0.0
        quantities |= {quantity(value, unit.term), quantity(value + and_half, unit.term)}
    return frozenset(quantities)


def unit_at(words: Sequence[Word], number: int) -> Word | None:
    """Return the unit of the number at this index of `words`: the word after it, the one after that, or a sign before it."""
    for index in (number + 1, number - 1, number + 2):
        if 0 <= index < len(words) and words[index].is_unit:
            is_sign = words[index].end - words[index].start == 1 and index == number - 1
            if index > number or is_sign:
                return words[index]
    return None
