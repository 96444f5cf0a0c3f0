"""Finds doses and percentages in a sentence."""

import re

from articles.core.evidence.numbers import NUMBER_STARTS

_NUMERAL = r"(?<![\w.,])\d{1,12}(?:[.,]\d{1,12}){0,4}"
_RANGE = rf"{_NUMERAL}(?:\s?(?:[-–—]|to|or)\s?\d{{1,12}}(?:[.,]\d{{1,12}}){{0,4}})?"
_WORDS = "|".join(sorted(NUMBER_STARTS | {"half a", "hundred"}, key=len, reverse=True))
_UNITS = (
    r"(?:mg|mcg|[uµμ]g|g|m[lL]|IU|mmol|mEq|milligrams?|micrograms?|grams?|millilit(?:er|re)s?)"
    r"(?:\s?(?:/|per\b)\s?(?:kg|kilo(?:gram)?s?|lbs?|pounds?|day|d|hours?|h|m[lL]|dose))?|units?\s(?:/|per|of insulin)"
)
_DOSE = re.compile(rf"(?:{_RANGE}\s?-?|\b(?:{_WORDS})[\s-])(?:{_UNITS})(?![\w/])")
_PERCENTAGE = re.compile(rf"(?:{_RANGE}|\b(?:{_WORDS}))(?:\s?[%‰]|[\s-]?per\s?cent(?:age points?)?\b)", re.IGNORECASE)


def doses(text: str) -> list[tuple[int, int]]:
    """Return [start, end) of each dose and percentage, in order: `0.5 mg/kg`, `20–30 %`, `ten percent`."""
    return sorted(match.span() for pattern in (_DOSE, _PERCENTAGE) for match in pattern.finditer(text))
