"""Single letters in claims and in titles of chapters."""

from articles.core.lint.chapter_titles import stems_of


def test_single_letters_are_no_words():
    assert list(stems_of("R-somnadil and S-somnadil", is_english=True).values()) == ["somnadil"]
