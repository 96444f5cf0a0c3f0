"""What was meant as a citation, heading or link in an imported text: read and reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.formats import read
from articles.core.timestamps import Mark, find_intended, find_marks

TIME_WORDS = [
    "at",
    "ca",
    "about",
    "approx",
    "time",
    "timecode",
    "timestamp",
    "tc",
    "ts",
    "min",
    "minute",
    "video",
    "from",
    "see",
    "um",
    "ab",
    "bei",
    "siehe",
    "zeit",
]


def received(text):
    return read(f"---\ntitle: Tides\nvideoId: abcdefghijk\n---\n\nFrom: [[harbour]] <br/>\n\n{text}", "tides")


@pytest.mark.parametrize(
    ("text", "expected", "code"),
    [
        ("It turns \\[00:06:31\\].", "It turns [00:06:31].", "escaped"),
        ("It turns \\[00:06:31].", "It turns [00:06:31].", "escaped"),
        ("It turns \\[e2 6:31 \\- 7:10\\].", "It turns [e2 00:06:31-00:07:10].", "escaped"),
        ("It turns \\[00:75:12\\].", "It turns [00:75:12].", "escaped"),
        ("It turns [\u00a000:06:31\u00a0].", "It turns [00:06:31].", "characters"),
        ("It turns [\u200b00:06:31].", "It turns [00:06:31].", "characters"),
        ("It turns [\u200e00:06:31\u200e].", "It turns [00:06:31].", "characters"),
        ("It turns [00:\u206006:31\u202f– 07:10].", "It turns [00:06:31-00:07:10].", "characters"),
        ("It turns [\ufeff00:06:31].", "It turns [00:06:31].", "characters"),
        ("It turns [03:54.1].", "It turns [00:03:54].", "time-fraction"),
        ("It turns [e2 03:54.1 - 1:04:10.25, 70:01].", "It turns [e2 00:03:54-01:04:10, 01:10:01].", "time-fraction"),
        ("It turns [06:31](https://youtu.be/abcdefghijk?t=391) often.", "It turns [00:06:31] often.", "linked"),
        ("It turns [06:31](https://youtu.be/abcdefghijk?t=400).", "It turns [00:06:40].", "time-differs"),
        (
            "It turns [06:31][y].\n\n[y]: https://youtu.be/abcdefghijk?t=391",
            "It turns [00:06:31].\n\n[y]: https://youtu.be/abcdefghijk?t=391",
            "linked",
        ),
        ("[John 3:16](https://youtu.be/abcdefghijk?t=391) turns.", "John 3:16 [00:06:31] turns.", "time-differs"),
        ("**[06:31](#t=06:31)** It turns.", "**[00:06:31]** It turns.", "linked"),
        ("It turns [1:20](#).", "It turns [00:01:20].", "linked"),
        ("See [map](\u200bhttps://a.example/).", "See [map](https://a.example/).", "characters"),
        ("See [map](https://a.exam\u200bple/\u00a0).", "See [map](https://a.example/).", "characters"),
    ],
)
def test_what_was_meant_is_read_and_reported(text, expected, code):
    article = received(text)

    assert article.lead == expected
    assert [(problem.line, problem.code) for problem in article.problems] == [(8, code)]


@pytest.mark.parametrize(
    "text",
    [
        "It turns [06:31](https://youtu.be/zzzzzzzzzzz?t=391).",
        "It turns [06:31][y].\n\n[y]: https://youtu.be/zzzzzzzzzzz?t=391",
        "It turns [6m31s].",
        "Code `\\[00:06:31\\]`.",
        "Text\n\n    \\[00:06:31\\]",
        "See \\[map\\].",
        "Persian [نمی\u200cخواهم](https://fa.example/نمی\u200cخواهم).",
        "It turns [03:54.1](https://a.example/).",
    ],
)
def test_the_rest_stays_as_written(text):
    article = received(text)

    assert (article.lead, article.problems) == (text, ())


@pytest.mark.parametrize(
    "line",
    ["##\u00a0My heading", "##\u200b My heading", "\ufeff## My heading", "\u00a0## My heading", "##\u3000My heading"],
)
def test_a_heading_with_unseen_characters_is_a_heading(line):
    article = received(f"Lead.\n\n{line}\n\nIt turns [00:06:31].")

    assert [(section.heading, section.body) for section in article.sections] == [("My heading", "It turns [00:06:31].")]
    assert [(problem.line, problem.text, problem.code) for problem in article.problems] == [(10, line, "characters")]


def test_a_fraction_of_a_second_is_dropped():
    (mark,) = find_marks("[03:54.1]")

    assert isinstance(mark, Mark)
    assert (mark.moments[0].start_seconds, mark.moments[0].text) == (234, "03:54.1")


def test_a_linked_time_may_be_defined_in_another_section():
    article = received("It turns [06:31][y].\n\n## Moon\n\nIt pulls.\n\n[y]: https://youtu.be/abcdefghijk?t=391")

    assert (article.lead, [problem.code for problem in article.problems]) == ("It turns [00:06:31].", ["linked"])


@given(
    word=st.from_regex(r"[A-Z][a-z]{1,8}(-[A-Z][a-z]{1,8})?", fullmatch=True),
    around=st.sampled_from(["{}", "({})", "**{}**", "`{}`", "\\\\[{}\\\\]", "[{}]"]),
    minutes=st.integers(0, 99),
    seconds=st.integers(0, 9999),
)
def test_no_word_of_a_linked_label_is_lost(word, around, minutes, seconds):
    label = around.format(f"{word} {minutes}:16")
    article = received(f"It turns [{label}](https://youtu.be/abcdefghijk?t={seconds}) often.")

    assert article.lead.startswith("It turns ")
    assert article.lead.endswith(" often.")
    assert word in article.lead or word.lower() in TIME_WORDS
    assert find_intended(article.lead) == []
