"""Reads the units of English numbers, also composed ones such as “square feet” and “mg/kg”, and converts between them."""

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from articles.core.evidence.indexing.tokens import Word, words_of

_SPELLINGS = """
kilometer kilometre kilometres; kilogram kilo kgs;
nanometer nm nanometers nanometre nanometres; millimeter mm millimeters millimetre millimetres;
foot feet ft; inch inches; yard yards; acre acres; hectare hectares ha; sqm; sqft; m2; ft2;
pound pounds lb lbs; ounce ounces oz;
teaspoon teaspoons tsp; tablespoon tablespoons tbsp; cup cups; pint pints; quart quarts; gallon gallons;
deciliter deciliters decilitre decilitres dl;
degree degrees; celsius centigrade; fahrenheit; millisecond milliseconds; decade decades; century centuries
"""
# The units that only count after a number; those that always count are the words' own.
_NAMES = {
    written.term: unit.split()[0] for unit in _SPELLINGS.split(";") for written in words_of(unit, is_english=True)
}
_POWERS = {"squar": 2, "sq": 2, "cubic": 3}
_SHORT_AREAS = {"sqm": "meter", "m2": "meter", "sqft": "foot", "ft2": "foot"}
_LETTERS = {"c": "celsius", "f": "fahrenheit"}
_SCALES = frozenset(_LETTERS.values())
_PER = frozenset(("per", "each", "every", "a", "an", "for"))
_DIVISORS = frozenset(("kilogram", "pound", "ounce", "liter", "deciliter", "milliliter", "gallon"))
_DEGREE = "degree"
_BETWEEN = frozenset(("to", "or"))  # the numbers of a range: both have the unit of the last one
# How many of another unit a unit is, so that “1,000 mg” and “a gram” are the same.
_OF_UNIT = {
    "times": ("percent", 100.0),
    "microgram": ("milligram", 0.001),
    "nanogram": ("milligram", 1e-6),
    "gram": ("milligram", 1e3),
    "kilogram": ("milligram", 1e6),
    "liter": ("milliliter", 1e3),
    "deciliter": ("milliliter", 100.0),
    "nanometer": ("meter", 1e-9),
    "millimeter": ("meter", 0.001),
    "centimeter": ("meter", 0.01),
    "kilometer": ("meter", 1e3),
    "inch": ("foot", 1 / 12),
    "yard": ("foot", 3.0),
    "mile": ("foot", 5280.0),
    "ounce": ("pound", 1 / 16),
    "tablespoon": ("teaspoon", 3.0),
    "cup": ("teaspoon", 48.0),
    "pint": ("teaspoon", 96.0),
    "quart": ("teaspoon", 192.0),
    "gallon": ("teaspoon", 768.0),
    "millisecond": ("second", 0.001),
    "minute": ("second", 60.0),
    "hour": ("second", 3600.0),
    "day": ("second", 86_400.0),
    "week": ("second", 604_800.0),
    "year": ("month", 12.0),
    "decade": ("month", 120.0),
    "century": ("month", 1200.0),
}
_AREAS = {"acre": ("foot", 43_560.0), "hectare": ("meter", 10_000.0)}
# The customary units by the metric ones (NIST Handbook 44, appendix C), which agree with them only within rounding.
_METRIC = {"foot": ("meter", 0.3048), "pound": ("milligram", 453_592.37), "teaspoon": ("milliliter", 4.928_922)}
_ROUNDED = 0.08  # by which numbers that were converted and rounded may differ, relative to one of them
_ROUNDED_DEGREES = {"celsius": 0.6, "fahrenheit": 1.1}  # twice as much for tens


class Unit(NamedTuple):
    """A unit as it is written at [start:end): its name, 2 for “square”, 3 for “cubic”, else 0, and what it is per, or ""."""

    name: str
    start: int
    end: int
    power: int = 0
    per: str = ""


class Quantity(NamedTuple):
    """A number with a unit, in the unit that all of its kind and system are compared in: 2 h are 7,200 s."""

    name: str
    power: int
    per: str
    value: float


def unit_at(words: Sequence[Word], number: int) -> Unit | None:
    """Return the unit of the number at this index of `words`: a sign before it, the words after it, or after its range."""
    if number and words[number - 1].is_unit and words[number - 1].end - words[number - 1].start == 1:
        sign = words[number - 1]
        if unit := unit_from(words, number + 1):
            return unit
        return Unit(sign.term, sign.start, sign.end)
    if unit := unit_from(words, number + 1):
        return unit
    last = _range_end(words, number)
    if last is not None:
        return unit_at(words, last)
    after = words[number + 2 : number + 3]
    return Unit(after[0].term, after[0].start, after[0].end) if after and after[0].is_unit else None


def _range_end(words: Sequence[Word], number: int) -> int | None:
    """Return the index of the number that ends the range which another begins: “two to three”, “2–3”."""
    following = words[number + 1 : number + 3]
    if following and following[0].is_number and following[0].start - words[number].end == 1:
        return number + 1
    is_range = len(following) == 2 and following[0].term in _BETWEEN and following[1].is_number
    return number + 2 if is_range else None


def unit_from(words: Sequence[Word], index: int) -> Unit | None:
    """Return the unit that begins with the word at this index."""
    first = index
    power = _POWERS.get(words[index].term, 0) if index < len(words) else 0
    index += power > 0
    if index >= len(words):
        return None
    word = words[index]
    name = word.term if word.is_unit else _NAMES.get(word.term)
    if name == _DEGREE and (scale := _scale(words[index + 1 : index + 2])):
        index += 1
        name, word = scale, words[index]
    elif name is None and index and words[index - 1].is_number and 0 < word.start - words[index - 1].end <= 2:
        name = _LETTERS.get(word.term)  # “104 °F”, not “401c”
    if name is None:
        return None
    if name in _SHORT_AREAS:
        name, power = _SHORT_AREAS[name], 2
    per, end = _divisor(words, index + 1)
    return Unit(name, words[first].start, end or word.end, power, per)


def _scale(following: Sequence[Word]) -> str | None:
    """Return the scale of degrees that the following word, if any, names."""
    names = [_LETTERS.get(word.term) or _NAMES.get(word.term) for word in following]
    return names[0] if names and names[0] in _SCALES else None


def _divisor(words: Sequence[Word], index: int) -> tuple[str, int]:
    """Return what the unit that ends before this index is per, and the end of its word: "" and 0 if it isn't a rate."""
    at = index
    while at < len(words) and at < index + 3 and words[at].term in _PER:
        at += 1
    if at == len(words) or (at == index and words[at].start - words[at - 1].end != 1):
        return "", 0
    name = words[at].term if words[at].is_unit else _NAMES.get(words[at].term, "")
    return (name, words[at].end) if name in _DIVISORS else ("", 0)


def may_be_same(first: Unit, second: Unit) -> bool:
    """Return whether two units don't contradict each other: “degrees” may be °F, and “feet” square ones."""
    names = {first.name, second.name}
    is_same = len(names) == 1 or (_DEGREE in names and names & _SCALES)
    return bool(
        is_same
        and (first.power == second.power or not (first.power and second.power))
        and (first.per == second.per or not (first.per and second.per))
    )


def quantities(value: float, unit: Unit) -> Iterator[Quantity]:
    """Yield what a number with a unit may mean: “8 ounces” a weight or a volume, “90 degrees” °F or °C."""
    yield _quantity(value, unit)
    if unit.name == _DEGREE:
        yield from (_quantity(value, unit._replace(name=scale)) for scale in sorted(_SCALES))
    if unit.name == "ounce":
        yield _quantity(value * 2, unit._replace(name="tablespoon"))


def _quantity(value: float, unit: Unit) -> Quantity:
    if unit.name in _AREAS:
        name, factor = _AREAS[unit.name]
        return Quantity(name, 2, unit.per, round(value * factor, 9))
    name, factor = _OF_UNIT.get(unit.name, (unit.name, 1.0))
    per, divisor = _OF_UNIT.get(unit.per, (unit.per, 1.0))
    return Quantity(name, unit.power, per, round(value * factor ** (unit.power or 1) / divisor, 9))


def is_among(value: float, unit: Unit, said: Set[Quantity]) -> bool:
    """Return whether a number with a unit is among what is said, converted exactly, or within rounding by another system."""
    meant = list(quantities(value, unit))
    return any(one in said for one in meant) or any(_is_converted(value, one, other) for one in meant for other in said)


def equivalents(value: float, unit: Unit) -> frozenset[float]:
    """Return the numbers that a number with a unit is in other units of its system: 30 and 1,800 for 0.5 hours."""
    amount = _quantity(value, unit)
    factors = [factor for whole, factor in _OF_UNIT.values() if whole == amount.name]
    return frozenset((amount.value, *(round(amount.value / factor, 9) for factor in factors)))


def _is_converted(value: float, claimed: Quantity, said: Quantity) -> bool:
    if claimed.power != said.power or (claimed.name, claimed.per) == (said.name, said.per):
        return False
    if {claimed.name, said.name} == _SCALES:
        return _is_same_heat(claimed, said)
    (name, amount), (other, same) = _metric(claimed), _metric(said)
    if name != other or not amount:
        return False
    written = f"{value:.6g}".partition(".")[2]
    return abs(same / amount - 1) * value <= max(_ROUNDED * value, 0.5 * 10.0 ** -len(written))


def _metric(amount: Quantity) -> tuple[tuple[str, str], float]:
    name, factor = _METRIC.get(amount.name, (amount.name, 1.0))
    per, divisor = _METRIC.get(amount.per, (amount.per, 1.0))
    return (name, per), amount.value * factor ** (amount.power or 1) / divisor


def _is_same_heat(claimed: Quantity, said: Quantity) -> bool:
    """Return whether two temperatures are the same, or may be the same difference of temperatures."""
    if claimed.name == "celsius":
        converted = ((said.value - 32) / 1.8, said.value / 1.8)
    else:
        converted = (said.value * 1.8 + 32, said.value * 1.8)
    tolerance = _ROUNDED_DEGREES[claimed.name] * (1 if claimed.value % 10 else 2)
    return any(abs(claimed.value - value) <= tolerance for value in converted)
