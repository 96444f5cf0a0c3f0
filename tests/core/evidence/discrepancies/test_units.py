"""Amounts in other units, as fractions, or per weight: which are the same, and which aren't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.evidence import Transcript
from articles.core.evidence.discrepancies.missing import TranscriptPassage, missing_parts
from articles.core.evidence.discrepancies.quantities import measures, quantities_in
from articles.core.evidence.indexing.tokens import words_of
from articles.core.recordings.transcripts import Cue

CONVERTED = [
    ("feet", "meters", lambda value: value * 0.3048),
    ("miles", "km", lambda value: value * 1.609344),
    ("inches", "cm", lambda value: value * 2.54),
    ("pounds", "kg", lambda value: value * 0.45359237),
    ("gallons", "liters", lambda value: value * 3.785412),
    ("square feet", "m²", lambda value: value * 0.09290304),
    ("acres", "hectares", lambda value: value * 0.40468564),
    ("degrees Fahrenheit", "°C", lambda value: (value - 32) / 1.8),
    ("mg/lb", "milligrams per kilogram", lambda value: value * 2.2046226),
]
SAME = [
    ("70 square feet", "seventy sq ft"),
    ("6.5 square meters", "seventy square feet"),
    ("40 °C", "a hundred and four degrees Fahrenheit"),
    ("104°F", "forty degrees Celsius"),
    ("40 degrees", "forty degrees Celsius"),
    ("40 °C", "about a hundred and four degrees"),
    ("5 mg/kg", "five milligrams per kilogram"),
    ("5 mg/kg", "for each kilogram, five milligrams"),
    ("5 milligrams per kilogram", "about 2.3 milligrams for every pound"),
    ("half a gram", "five hundred milligrams"),
    ("half a gram", "half of a gram"),
    ("half an hour", "thirty to forty minutes"),
    ("half an hour", "maybe thirty, it varies"),
    ("half an hour", "take an hour, or half of that"),
    ("one and a half hours", "ninety minutes"),
    ("an hour and a quarter", "75 minutes"),
    ("a quarter of a teaspoon", "1/4 teaspoon"),
    ("1/4 teaspoon", "a quarter teaspoon"),
    ("¼ teaspoon", "0.25 teaspoons"),
    ("1½ cups", "one and a half cups"),
    ("1 1/2 cups", "one and a half cups"),
    ("19 mm", "a three quarter inch"),
    ("1.88 m or 188 cm", "1.88 meters"),
    ("188 cm", "six feet two inches"),
    ("1 hour and 30 minutes", "ninety minutes"),
    ("90 minutes", "an hour and thirty minutes"),
    ("120 to 180 minutes", "two to three hours"),
    ("240 ml", "eight ounces"),
    ("20 years", "two decades"),
    ("2,000 square feet", "two thousand feet"),
    ("two thirds of a mile", "about a kilometer"),
    ("100 mg/dL", "a hundred milligrams per deciliter"),
]
OTHER = [
    ("70 square meters", "seventy square feet"),
    ("70 m²", "seventy sq ft"),
    ("40 °F", "forty degrees Celsius"),
    ("104 °C", "a hundred and four degrees Fahrenheit"),
    ("45 °C", "a hundred and four degrees Fahrenheit"),
    ("5 mg/lb", "five milligrams per kilogram"),
    ("5 milligrams per kilogram", "five mg per pound"),
    ("half a gram", "half a milligram"),
    ("half a gram", "two grams"),
    ("half a gram", "a gram and a half"),
    ("half an hour", "three hours"),
    ("a quarter of a teaspoon", "a quarter of a cup"),
    ("three quarters of an inch", "half an inch"),
    ("1/4 cup", "half a cup"),
    ("½ teaspoon", "two teaspoons"),
    ("20 kilograms", "twenty pounds"),
    ("5 gallons", "five liters"),
    ("100 mg/mL", "a hundred milligrams per deciliter"),
    ("400 millimeters", "four hundred nanometers"),
    ("2 kg", "nine pounds"),
]
WORDS = ["half", "a", "of", "quarter", "third", "three", "2", "1/4", "½", "feet", "square", "degrees", "c", "mg/kg", "per", "pound", "and", "hundred", "$", "to", "hour"]  # fmt: skip


def missing(claim, said):
    passage = f"For the kettle we say {said}, which the cook wrote down."
    return missing_parts(f"The kettle is about {claim}.", TranscriptPassage(words_of(passage, is_english=True)))


@pytest.mark.parametrize(("claim", "said"), SAME)
def test_the_same_amount_is_said(claim, said):
    assert missing(claim, said) == ()


@pytest.mark.parametrize(("claim", "said"), OTHER)
def test_another_amount_is_missing(claim, said):
    assert missing(claim, said) == (claim,)


@given(st.sampled_from(CONVERTED), st.integers(34, 500))
def test_an_amount_that_was_converted_and_rounded_is_said(units, value):
    here, there, convert = units
    converted = round(convert(value), 1)

    assert missing(f"{converted:g} {there}", f"{value} {here}") == ()
    assert missing(f"{value} {here}", f"{converted:g} {there}") == ()


@given(st.sampled_from(CONVERTED), st.integers(34, 500))
def test_the_same_number_with_another_unit_is_missing(units, value):
    here, there, _ = units

    assert missing(f"{value} {here}", f"{value} {there}") == (f"{value} {here}",)
    assert missing(f"{value} {there}", f"{value} {here}") == (f"{value} {there}",)


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_words_are_read_and_say_themselves(text):
    words = words_of(text, is_english=True)
    found = list(measures(words, text))

    assert all(0 <= one.first <= one.last < len(words) for one in found)
    assert all(amount.value >= 0 for amount in quantities_in(words))
    assert missing_parts(text, TranscriptPassage(words)) == ()


def test_an_amount_in_another_system_occurs_in_the_recording():
    transcript = Transcript([Cue(0.0, 20.0, "", "The kettle stands on seventy square feet of the cook’s floor.")])

    def absent(claim):
        return [found.text for found in transcript.check(f"The cook’s kettle stands on {claim}.", 0).discrepancies]

    assert absent("6.5 square meters of the floor") == []
    assert absent("16.5 square meters of the floor") == ["16.5"]
