"""How numbers, units and factors are read, however they are written."""

import pytest

from articles.core.evidence.indexing.numbers import number_term, spelled
from articles.core.evidence.indexing.tokens import words_of


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ten", (10.0, 1)),
        ("twenty five people", (25.0, 2)),
        ("two hundred and fifty people", (250.0, 4)),
        ("two thousand and the rest", (2000.0, 2)),
        ("1,500 lawyers", (1500.0, 1)),
        ("2.5 million", (2_500_000.0, 2)),
        ("three million four hundred thousand", (3_400_000.0, 5)),
        ("80k", (80_000.0, 1)),
        ("five ten", (5.0, 1)),
        ("people", None),
        ("two and a half times", (2.5, 4)),
        ("one and a half hours", (1.5, 4)),
        ("one and only", None),
        ("two and a half million people", (2_500_000.0, 5)),
        ("2 and three quarters", (2.75, 4)),
        ("two hundred and a half", (200.0, 2)),
        ("five and a quarterback", (5.0, 1)),
    ],
)
def test_numbers_have_one_form(words, expected):
    assert spelled(words.split()) == expected


def test_number_terms_are_short():
    assert [number_term(value) for value in (10.0, 2.5, 1e7)] == ["10", "2.5", "10000000"]


def test_words_carry_units_and_negations():
    words = words_of("It doesn't cost $40 or 10%, [laughs] e.g. studies.", is_english=True)

    assert [word.term for word in words if not word.is_stop] == ["cost", "dollar", "40", "10", "percent", "studi"]
    assert [word.start for word in words if word.is_negation] == [3]
    assert [word.term for word in words if word.is_unit] == ["dollar", "percent"]


@pytest.mark.parametrize("written", ["2.5 times", "two and a half times", "2.5-fold", "2.5x", "two and a half fold"])
def test_a_factor_has_one_form(written):
    words = words_of(f"It grew {written} in a week.", is_english=True)

    assert [(word.term, word.is_number, word.is_unit) for word in words[2:4]] == [
        ("2.5", True, False),
        ("times", False, True),
    ]


def test_the_parts_of_a_factor_in_one_word_are_where_they_are_written():
    text = "A tenfold rise at times, in modern times."

    words = words_of(text, is_english=True)

    assert [(word.term, text[word.start : word.end]) for word in words[1:3]] == [("10", "ten"), ("times", "fold")]
    assert [word.term for word in words if text[word.start : word.end] == "times"] == ["time", "time"]
