import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.evidence import Transcript
from articles.core.evidence.discrepancies.readings import is_said, values_in
from articles.core.evidence.indexing.tokens import words_of
from articles.core.recordings.transcripts import Cue

ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}
ORDINALS |= {"twelve": "twelfth"} | {tens: f"{tens[:-1]}ieth" for tens in TENS}


def spell(number):
    """Return a whole number below a billion in English words, as people say it."""
    for scale, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = number % scale
            joint = " and " if scale == 100 and rest else " "
            return f"{spell(number // scale)} {name}{joint}{spell(rest) if rest else ''}".strip()
    if number >= 20:
        return f"{TENS[number // 10 - 2]} {ONES[number % 10] if number % 10 else ''}".strip()
    return ONES[number]


def values(text):
    return values_in(words_of(text, is_english=True))


@given(st.integers(2, 999_999_999))
def test_a_number_is_read_in_words_and_in_digits(number):
    for written in (spell(number), f"{number:,}", str(number)):
        assert number in values(f"and then {written} people came"), written


@given(st.integers(1100, 2099).filter(lambda year: year % 100 >= 10))
def test_a_year_is_read_as_people_say_it(year):
    said = f"it was in {spell(year // 100)} {spell(year % 100)} that"

    assert is_said(year, values(said))
    assert is_said(year, values(f"back in {spell(year % 100)}"))  # “in ninety eight”


@given(st.integers(2, 99), st.integers(0, 9))
def test_a_decimal_is_read_with_its_point(whole, tenth):
    assert float(f"{whole}.{tenth}") in values(f"about {spell(whole)} point {spell(tenth)} percent")


@given(st.integers(2, 99))
def test_an_ordinal_is_read_as_its_number(number):
    *before, last = spell(number).split()
    ordinal = ORDINALS.get(last, f"{last}th")

    assert number in values(f"the {' '.join([*before, ordinal])} time")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("half a million people", 500_000),
        ("one and a half years", 1.5),
        ("a hundred and twenty grams", 120),
        ("twenty oh five", 2005),
        ("a dozen eggs", 12),
        ("twice a week", 2),
        ("$1.5B", 1.5e9),
        ("80k users", 80_000),
        ("one or two hundred million", 2e8),
        ("a hundred and third", 103),
        ("thousand and fiftieth", 1050),
        ("between $100 or even $200 million", 1e8),
        ("30-45 minutes", 45),
        ("10 to 15%", 15),
        ("the nineteen nineties", 1990),
        ("the 1990s", 1990),
        ("the 21st century", 21),
        ("it weighs 2.5 kg", 2.5),
    ],
)
def test_other_ways_to_say_a_number(said, value):
    assert value in values(said)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("ten milligrams", 20),
        ("in 1998", 1989),
        ("two, and then very much later, fifty", 250),
        ("seven", 70),
        ("by 10, 15%", 25),
        ("by ten, fifteen percent", 25),
        ("20 or 30 of them", 50),
        ("two, three, maybe five", 10),
    ],
)
def test_a_number_that_is_not_said_is_not_read(said, value):
    assert not is_said(value, values(said))


@given(st.lists(st.sampled_from([*ONES, *TENS, "hundred", "million", "point", "half", "and", "7", "1,000.5"])))
def test_any_words_give_finite_numbers(words):
    assert all(math.isfinite(value) for value in values(" ".join(words)))


@given(
    st.lists(
        st.sampled_from(
            [
                "9" * 400,
                "1e400",
                "20.3",
                "10",
                "15",
                "hundred",
                "point",
                "half",
                "%",
                "mg",
                "°F",
                "/",
                "square",
                "feet",
                "per",
                "pound",
                "½",
            ]
        ),
        max_size=8,
    ).map(" ".join)
)
def test_numbers_of_any_size_can_be_compared(written):
    heard = Transcript([Cue(0, 10, "", f"the boats had {written} of salt in the harbour"), Cue(10, 20, "", written)])

    check = heard.check(f"The boats had {written} of salt in the harbour.", 0)

    assert 0 <= check.score <= 1
