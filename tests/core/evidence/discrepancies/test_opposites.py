"""Which words are opposites of each other, whatever their endings."""

import pytest

from articles.core.evidence.discrepancies.opposites import are_opposites
from articles.core.evidence.indexing.tokens import words_of


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("increases decreasing", True),
        ("ineffective effectively", True),
        ("hypoxia hyperoxia", True),
        ("overestimate underestimated", True),
        ("impossible possible", True),
        ("illogical logic", True),
        ("in out", True),
        ("better worse", True),
        ("increase increasing", False),
        ("inform form", False),
        ("improve provide", False),
        ("under understand", False),
        ("better bitter", False),
        ("discover cover", False),
    ],
)
def test_opposites_are_told_from_words_that_look_alike(words, expected):
    first, second = (word.term for word in words_of(words, is_english=True))

    assert (are_opposites(first, second), are_opposites(second, first)) == (expected, expected)
