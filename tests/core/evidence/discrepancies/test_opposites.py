"""Which words are opposites of each other, whatever their endings."""

import pytest

from articles.core.evidence.discrepancies.opposites import are_opposites, say_opposites
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


def terms(text):
    return [word.term for word in words_of(text, is_english=True)]


@pytest.mark.parametrize(
    ("quoted", "said", "expected"),
    [
        ("we run into fresh water", "we run out of fresh water", True),
        ("turn the lamp on at night", "we turn off that old lamp each night", True),
        ("put it back in before the first guests come", "take it, put it out, then the guests come", True),
        ("herring into the barrel", "herring out of the barrel", True),
        ("the price went up in winter", "in winter, we know, the price of it goes down", True),
        ("the boats drifted together", "those boats all drifted apart", True),
        ("it fell behind the others by noon", "it then fell ahead of the others", True),
        ("come into the harbour", "come in the harbour", False),
        ("we went in and out of it", "we went out and in of it", False),
        ("the price goes up in winter", "the price of it went up all winter", False),
        ("they put in the work and come out", "they put the work in and come out", False),
        ("they took up the carpet", "they took that old carpet down", False),
        ("it burned up at once", "it burned down", False),
    ],
)
def test_particles_turn_verbs_around(quoted, said, expected):
    assert (say_opposites(terms(quoted), terms(said)), say_opposites(terms(said), terms(quoted))) == (
        expected,
        expected,
    )
