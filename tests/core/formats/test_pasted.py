"""Pasted texts are cleaned as imported ones are; images in a text get addresses."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.formats import clean_pasted, place_of
from articles.core.formats.cleanup.images import with_own_images
from tests.support.samples.texts import bodies

PICTURE = base64.b64encode(b"picture\xfb\xff").decode()


def keep(data):
    if data != b"picture\xfb\xff":
        raise ValueError("No image.")
    return "/media/x.webp"


def cleaned(text):
    result = clean_pasted(text, keep, video_id="abcdefghijk")
    return result.text, [problem.code for problem in result.problems]


@pytest.mark.parametrize(
    ("text", "expected", "codes"),
    [
        ("It fails \\[00:06:31\\].", "It fails [00:06:31].", ["escaped"]),
        ("It fails [6:31](https://youtu.be/abcdefghijk?t=391).", "It fails [00:06:31].", ["linked"]),
        ("It fails [00:\u200b06:31].", "It fails [00:06:31].", ["characters"]),
        ("\\## Heading\n\nText.", "## Heading\n\nText.", ["escaped"]),
        ("##\u00a0Heading\u200b\n\nText.", "## Heading\n\nText.", ["characters"]),
        ("<h2>A\nheading</h2>\n\nText.", "## A heading\n\nText.", ["html"]),
        ("It <b>fails</b>.", "It **fails**.", ["html"]),
        ("The <b> tag, and <span>.", "The <b> tag, and <span>.", ["html", "html"]),
        ("The \\<b> and \\</em> tags, \\&lt;.", "The \\<b> and \\</em> tags, \\&lt;.", []),
        (f"![map](data:image/png;base64,{PICTURE})", "![map](/media/x.webp)", ["image"]),
        (f"![][1]\n\n[1]: <data:image/png;base64,{PICTURE}>", "![][1]\n\n[1]: </media/x.webp>", ["image"]),
        (f'<img src="data:image/png;base64,{PICTURE}" alt="map">', "![map](/media/x.webp)", ["html", "image"]),
        ("![map](data:image/png;base64,AAAA)", "![map](data:image/png;base64,AAAA)", ["image-refused"]),
        (f"`data:image/png;base64,{PICTURE}`", f"`data:image/png;base64,{PICTURE}`", []),
        (
            "`\\[00:06:31\\]` and [map](https://a.example/x) [00:06:31].",
            "`\\[00:06:31\\]` and [map](https://a.example/x) [00:06:31].",
            [],
        ),
        ("\\# not a heading", "\\# not a heading", []),
    ],
)
def test_what_was_meant_is_pasted(text, expected, codes):
    assert cleaned(text) == (expected, codes)


PIECES = [
    "[00:06:31]", "\\[00:06:31\\]", "[6:31](https://youtu.be/abcdefghijk?t=391)", "\u200b", "##", "## ", "\\## ", "<b>", "</b>",
    "<h2>x</h2>", "<br>", "`", "```\n", "\n", "\n\n", " ", "text", "[[a|b]]", '<img src="https://a.example/x">', "<!--", "-->",
    "<a href='https://a.example'>b</a>", "\\", "[", "]", "(", ")", "<div>", "</div>", "> ", "- ", "    ", "\t", "【00:06:31】", "|",
    "*", "<sup>", "</sup>", "<p>", "</p>", "<li>", f"![a](data:image/png;base64,{PICTURE})", "![a](data:image/png;base64,AAAA)",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_cleaning_again_changes_nothing(text):
    once, _ = cleaned(text)

    assert cleaned(once)[0] == once


@given(bodies)
def test_a_text_without_anything_to_report_stays_as_it_is(text):
    text = text.replace("\r\n", "\n")
    result = clean_pasted(text, keep)

    assert result.text == text or result.problems


VALID = st.lists(
    st.sampled_from(
        ["The sea rises [00:06:31]. ", "[e2 00:06:31-00:07:10] ", "[[tides|the tides]] ", "`\\[6:31\\]` ", "**bold** ",
         "[map](https://a.example/x) ", "![map](/media/x.webp) ", "\n\n", "\n\n- item\n", "\n\n> quote\n", "\n\n## Heading\n\n",
         "\n\n```\n<b>\\[6:31\\]\n```\n\n", "at 6:31 am, 3:1. ", "<https://a.example/y> ", "1 < 2 & 3 "]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@given(VALID)
def test_a_valid_text_stays_as_it_is(text):
    assert cleaned(text) == (text, [])


@given(st.lists(st.sampled_from(["word ", "line\n", f"data:image/png;base64,{PICTURE} "]), max_size=8).map("".join))
def test_what_follows_an_image_keeps_its_place(text):
    places = tuple(
        (offset, text.count("\n", 0, offset) + 5, offset - text.rfind("\n", 0, offset))
        for offset in (0, *(index + 1 for index, sign in enumerate(text) if sign == "\n"))
    )
    result = with_own_images(text, places, keep, lambda *problem: None)

    words = [index for index in range(len(text)) if text.startswith(("word", "line"), index)]
    moved = [index for index in range(len(result.text)) if result.text.startswith(("word", "line"), index)]
    assert [place_of(result.places, result.text, index) for index in moved] == [
        place_of(places, text, index) for index in words
    ]
