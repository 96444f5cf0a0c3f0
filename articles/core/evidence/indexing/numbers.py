"""Normalises English numbers, so that “ten percent”, “10 %” and “10%” are the same terms."""

import re

from articles.core.language.folding import fold

_BELOW_TWENTY = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_TENFOLD = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: value for value, word in enumerate(_BELOW_TWENTY.split())}
_TENS = {word: 10 * value for value, word in enumerate(_TENFOLD.split(), 2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SUFFIXES = {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000, "b": 1_000_000_000}
_WRITTEN = re.compile(r"(\d[\d,]*(?:\.\d+)?)(k|m|bn|b)?", re.ASCII)

_UNITS = {
    "times": "",  # only after a number: see `is_times`
    "percent": "% percent percentage",
    "dollar": "$ dollar dollars usd bucks",
    "euro": "€ euro euros",
    "pound": "£",
    "milligram": "mg milligram milligrams",
    "microgram": "mcg ug µg microgram micrograms",
    "nanogram": "ng nanogram nanograms",
    "gram": "g gram grams",
    "kilogram": "kg kilogram kilograms kilos",
    "iu": "iu unit units",  # “international units”
    "milliliter": "ml milliliter milliliters millilitre millilitres",
    "liter": "liter liters litre litres",
    "centimeter": "cm centimeter centimeters centimetre centimetres",
    "meter": "meter meters metre metres",
    "kilometer": "km kilometers",
    "mile": "miles mile",
    "hertz": "hz hertz",
    "second": "seconds second",
    "minute": "minutes minute mins min",
    "hour": "hours hour",
    "day": "days day",
    "week": "weeks week",
    "month": "months month",
    "year": "years year",
}
# Words come folded, which turns the micro sign into a Greek letter.
UNIT_TERMS = {fold(written): term for term, spellings in _UNITS.items() for written in spellings.split()}
LONGEST_NUMBER = 20  # words
_FRACTIONS = {"and a half": 0.5, "and one half": 0.5, "and a quarter": 0.25, "and three quarters": 0.75}
_FOLD = "fold"
_AFTER_ONE = [[scale] for scale in _SCALES]
NUMBER_STARTS = (frozenset(_ONES) | frozenset(_TENS)) - {"zero", "one"}


def number_of(token: str) -> float | None:
    """Return the value of a numeral such as `1,000`, `2.5` or `80k`, without unit and sign, else None."""
    match = _WRITTEN.fullmatch(token)
    if match is None or len(token) > 18:
        return None
    value = float(match[1].replace(",", ""))
    return value * _SUFFIXES[match[2]] if match[2] else value


def spelled(words: list[str]) -> tuple[float, int] | None:
    """Return the number that `words` begin with, spelled out or in digits, and how many words it takes, else None.

    `["two", "hundred", "and", "fifty", "people"]` gives (250.0, 4), `["10", "million"]` gives (1e7, 2), and
    `["two", "and", "a", "half", "times"]` gives (2.5, 4).
    """
    if words[0] == "one" and words[1:2] not in _AFTER_ONE and not _fraction(words, 1):
        return None  # it is a pronoun far more often
    total = current = 0.0
    taken = index = 0
    has_ones = False
    while index < len(words) and index < LONGEST_NUMBER:
        word = words[index]
        written = number_of(word) if word[:1].isdecimal() else None
        if word in _SCALES and taken:
            scale = _SCALES[word]
            if scale == 100:
                current *= 100
            else:
                total, current = total + current * scale, 0.0
            has_ones = False
        elif taken and words[index - 1] not in _SCALES and (fraction := _fraction(words, index)):
            current, has_ones = current + fraction, True
            index += 2
        elif has_ones:
            break
        elif written is not None and not taken:
            current, has_ones = written, True
        elif word in _TENS and not current % 100:
            current += _TENS[word]
        elif word in _ONES and (not current % 100 or (_ONES[word] < 10 and current % 100 >= 20)):
            current, has_ones = current + _ONES[word], True
        elif word == "and" and taken and words[index - 1] in _SCALES and index + 1 < len(words):
            if words[index + 1] not in _ONES and words[index + 1] not in _TENS:
                break
            index += 1
            continue
        else:
            break
        index += 1
        taken = index
    return (total + current, taken) if taken else None


def _fraction(words: list[str], index: int) -> float:
    """Return what “and a half” and the like at `index` add to the number before, 0 if nothing like it is there."""
    return _FRACTIONS.get(" ".join(words[index : index + 3]), 0.0)


def is_times(word: str, *, is_joined: bool) -> bool:
    """Return whether a word after a number makes it a factor, as in “3 times” and “3-fold”; `is_joined`: in “3x”."""
    return word in {"times", _FOLD} or (word == "x" and is_joined)


def factor_of(word: str) -> tuple[float, int] | None:
    """Return the factor that a word such as “tenfold” means and the length of the number in it, else None."""
    number = word.removesuffix(_FOLD)
    if number == word or number not in NUMBER_STARTS:
        return None
    value = spelled([number])
    return (value[0], len(number)) if value else None


def number_term(value: float) -> str:
    """Return the term of a value: `10`, `2.5`, `10000000`."""
    return str(int(value)) if value == int(value) and value < 1e15 else f"{value:g}"
