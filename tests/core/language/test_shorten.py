"""Texts cut to a length: at a character, at a word, and on one line."""

import pytest

from articles.core.language.shorten import printable_line, shorten, shorten_at_word


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        ("", ""),
        ("harbours", "harbours"),
        ("harbour masters", "harbour…"),  # no space before the ellipsis
        ("harbourmaster", "harbour…"),
    ],
)
def test_shorten_counts_the_ellipsis(text, shortened):
    assert shorten(text, 8) == shortened


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        ("low water", "low water"),
        ("tide, which rises", "tide …"),
        ("harbourmaster", "harbourma …"),
    ],
)
def test_shorten_at_word_drops_the_last_unfinished_word(text, shortened):
    assert shorten_at_word(text, 9) == shortened


def test_printable_line_shows_control_characters():
    assert printable_line("a\n  b\x1b[31mc\t") == "a b�[31mc"
