"""Plain text: header lines, bare headings, and levels where the text shows them."""

import pytest

from articles.core.formats import plain_holds, read, write_text

TEXT = """From: harbour
The sea rises and falls, and this is how.

Why the tide turns

The moon pulls at the water [00:06:31].

It pulls twice a day.

Spring and neap

Sun and moon pull together [00:24:44]."""


def outline(article):
    return [(section.level, section.heading) for section in article.sections]


def test_plain_text_is_read():
    article = read(TEXT, "tides")

    assert article.show_handle == "harbour"
    assert article.title == "Why the tide turns"
    assert article.lead == "The sea rises and falls, and this is how."
    assert outline(article) == [(1, "Why the tide turns"), (1, "Spring and neap")]
    assert article.sections[0].body == "The moon pulls at the water [00:06:31].\n\nIt pulls twice a day."
    assert article.problems == ()
    assert article.kind == "text"


def test_title_line_sets_the_title():
    article = read("Title: Tides\n" + TEXT, "tides")

    assert (article.title, article.show_handle) == ("Tides", "harbour")


def test_file_name_is_the_title_if_there_are_no_headings():
    assert read("The sea rises.", "on_tides").title == "on tides"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Tides\n\nThe sea.\n\n## Moon\n\nPulls.\n\n### Pull\n\nHard.", [(1, "Moon"), (2, "Pull")]),
        ("Moon\n====\n\nPulls.\n\nPull\n----\n\nHard.", [(1, "Pull")]),
        (
            "1 Moon\n\nPulls.\n\n1.1 Pull\n\nHard.\n\n2 Sun\n\nToo.",
            [(1, "1 Moon"), (2, "1.1 Pull"), (1, "2 Sun")],
        ),
        ("1. Moon\n\nPulls.\n\n2. Sun\n\nToo.", [(1, "1. Moon"), (1, "2. Sun")]),
        ("Moon\n\n1. Pull\n\n2. Push\n\nThat is all.", [(1, "Moon")]),
        ("Moon.\n\n- Pull\n\n> Push\n\n| a |\n\nAt ten [00:01:02]\n\nThe end", []),
    ],
)
def test_headings_and_levels_are_recognised(text, expected):
    assert outline(read(text, "tides")) == expected


def test_text_is_written_as_it_was_read():
    article = read("Title: Tides\n" + TEXT, "tides")

    text = write_text(article)

    assert text == "From: harbour\nTitle: Tides\n\n" + TEXT.split("\n", 1)[1] + "\n"
    assert plain_holds(article)
    assert read(text, "tides") == article


def test_text_with_levels_is_written_with_hashes():
    article = read("Title: Tides\n\n## Moon\n\nPulls.\n\n### Pull?\n\nHard.", "tides")

    text = write_text(article)

    assert text == "Title: Tides\n\n# Moon\n\nPulls.\n\n## Pull?\n\nHard.\n"
    assert plain_holds(article)


def test_plain_holds_is_false_for_text_that_plain_text_cannot_hold():
    article = read("---\ntitle: Tides\n---\n## Moon\n\nIt `<b>` pulls.", "tides")

    assert plain_holds(article)
    assert not plain_holds(read(article_json("Some <b>words</b>."), "tides"))


def article_json(lead):
    return f'{{"format": "cited-article/1", "title": "Tides", "lead": "{lead}"}}'
