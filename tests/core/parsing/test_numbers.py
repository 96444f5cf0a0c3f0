"""Whole numbers in requests: one in ASCII digits up to a limit, or none, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.parsing.numbers import KEY_MAX, counted, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        (12, 12),
        (str(KEY_MAX), KEY_MAX),
        (str(KEY_MAX + 1), None),
        ("9" * 10_000, None),
        ("-1", None),
        ("+1", None),
        ("1_0", None),
        (" 1", None),
        ("1.0", None),
        ("٣", None),
        ("³", None),
        ("1\0", None),
        ("", None),
        (None, None),
    ],
)
def test_number_of_a_text(text, number):
    assert whole_number(text) == number


@given(st.text() | st.integers().map(str), st.integers(0, KEY_MAX))
def test_any_text_gives_a_number_within_the_limit_or_none(text, most):
    number = whole_number(text, most)

    assert number is None or (0 <= number <= most and int(text) == number)


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (12_345, "12,345 entries")]
)
def test_a_counted_noun_agrees_with_its_number(number, text):
    assert counted(number, "entry", "entries") == text
    assert counted(number, "file") == text.replace("entries", "files").replace("entry", "file")
