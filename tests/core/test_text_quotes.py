"""Passages named by their words and surroundings, found again in later texts."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.text_quotes import (
    ALONE,
    CONTEXT,
    Found,
    TextQuote,
    agreement,
    find,
    is_there,
    quote_at,
    spans_of,
)

TEXT = "A rope holds 5 t [00:06:31]. Knots hold **less than** that. Wet ropes hold even less."
words = st.text(alphabet="ab .\n[]:0é𝒳", max_size=80)


def passage(exact, text=TEXT):
    start = text.index(exact)
    return quote_at(text, start, start + len(exact))


def now(quote, text):
    found = find(quote, text)
    return found and (text[found.start : found.end], found.is_same)


@given(words, st.data())
def test_a_passage_is_where_it_was_in_the_same_text(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    assert find(quote_at(text, start, end), text) == Found(start, end)


@given(words, words, words, words)
def test_finding_never_fails_and_stays_in_the_text(exact, prefix, suffix, text):
    found = find(TextQuote(exact, prefix, suffix, 3), text)

    assert found is None or 0 <= found.start < found.end <= len(text)
    if found and found.is_same:
        assert text[found.start : found.end] == exact


@given(st.text(alphabet="xyz \n", max_size=60), st.text(alphabet="xyz \n", max_size=60))
def test_a_passage_follows_when_something_is_written_before_and_after_it(before, after):
    quote = passage("Knots hold **less than** that.")

    found = find(quote, before + TEXT + after)

    assert found == Found(len(before) + quote.start, len(before) + quote.start + len(quote.exact))


def test_the_surroundings_are_limited():
    assert quote_at("x" * 200, 100, 101) == TextQuote("x", "x" * CONTEXT, "x" * CONTEXT, 100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("But knots hold less than all that. They slip.", ("knots hold less than all that.", False)),
        (TEXT.replace("Knots hold **less than** that.", "A knot halves it."), ("A knot halves it.", False)),
        (TEXT.replace("[00:06:31]", "[00:06:40]"), ("Knots hold **less than** that.", True)),
        (TEXT.replace(" Knots hold **less than** that.", ""), None),
        ("", None),
    ],
)
def test_an_edited_passage_is_found_as_changed_and_a_deleted_one_is_not(text, expected):
    assert now(passage("Knots hold **less than** that."), text) == expected


def test_of_several_places_with_the_same_words_the_one_with_the_same_surroundings_is_meant():
    text = "Boil the water for ten minutes first. Then rest for ten minutes and drink."
    quote = quote_at(text, text.rindex("ten minutes"), text.rindex("ten minutes") + 11)
    later = "Never wait ten minutes. " + text

    assert find(quote, later).start == later.rindex("ten minutes")


def test_few_words_that_happen_to_be_elsewhere_are_not_the_passage():
    quote = passage("holds", "A rope holds five tons, as he says.")

    assert len("holds") < ALONE
    assert find(quote, "Nothing of this is about it, but a hook holds the line and so on.") is None


# Words as readers see them ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copied", "written"),
    [
        ("holds 5 t", "holds 5 t"),
        ("hold less\n than that.", "hold **less than** that."),
        ("5 t. Knots", "5 t [00:06:31]. Knots"),
        ("5 t 06:31. Knots hold", "5 t [00:06:31]. Knots hold"),
        ("WET ROPES", "Wet ropes"),
        ("less than that. Wet", "less than** that. Wet"),
    ],
)
def test_words_copied_from_a_page_are_found_in_the_source(copied, written):
    start = TEXT.index(written)

    assert spans_of(copied, TEXT) == [(start, start + len(written))]


def test_links_are_found_by_their_labels():
    text = "See [[hitch|the clove hitch]] and [the book](https://example.com/of/knots) on it."

    assert [text[start:end] for start, end in spans_of("the clove hitch and the book on", text)] == [
        "the clove hitch]] and [the book](https://example.com/of/knots) on"
    ]
    assert spans_of("example", text) == [(text.index("example"), text.index("example") + 7)]  # copied from the source


def test_words_that_occur_several_times_are_told_apart_by_what_is_around_them():
    text = "It holds. He says it holds. She says it holds too."

    assert len(spans_of("it holds", text)) == 2
    agreeing = [agreement(text, *span, "It holds. He says ", ". She") for span in spans_of("it holds", text)]
    assert agreeing == [5, 1]


@pytest.mark.parametrize("copied", ["", "  ", "not there", "…"])
def test_words_that_are_not_there_have_no_span(copied):
    assert spans_of(copied, TEXT) == []


@given(words, words)
def test_spans_are_in_the_text(copied, text):
    for start, end in spans_of(copied, text):
        assert 0 <= start < end <= len(text)
        assert 0 <= agreement(text, start, end, "a b", "b") <= 3


@pytest.mark.parametrize(
    ("exact", "text"), [("a", "a" * 300_000), ("ab " * 600, "ba " * 70_000), ("[" * 1_500, "[1:11" * 40_000)]
)
def test_long_and_repetitive_texts_take_no_long_time(exact, text):
    before = process_time()

    find(TextQuote(exact, "x" * CONTEXT, "y" * CONTEXT, 5), text)
    find(TextQuote("b" * 100_000, "x" * CONTEXT, "y" * CONTEXT, 5), text)

    assert process_time() - before < 3


@given(words, st.data())
def test_a_passage_is_there_in_the_same_text_and_not_without_its_words(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = quote_at(text, start, end)

    assert is_there(quote, text)
    assert not is_there(quote, text.replace(quote.exact, "\x01"))


@pytest.mark.parametrize(
    ("exact", "text", "expected"),
    [
        ("A rope", "A rope holds 5 t [00:06:31]. Wet ones less.", True),
        ("A rope", "The rope holds 5 t. A rope is strong.", False),  # the text began with these words
        ("Wet ropes hold even less.", "Wet ropes hold even less. More follows.", False),
        ("Wet ropes", TEXT.replace("hold **less than** that", "hold far **less than** that"), True),
        ("", TEXT, False),
    ],
)
def test_a_passage_is_there_only_between_what_was_on_both_sides(exact, text, expected):
    quote = passage(exact) if exact else TextQuote("", "A", "B", 1)

    assert is_there(quote, text) is expected
