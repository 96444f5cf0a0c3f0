"""Chapters as lines of text: what is read, what is refused, and the messages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.chapters import (
    ChapterLine,
    format_chapters,
    is_sponsor_title,
    parse_chapters,
    plain_title,
)
from articles.core.recordings.entries import EntryProblem

titles = (
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)
    .map(plain_title)
    .filter(lambda title: title and plain_title(title) == title)
)
chapter_lists = st.dictionaries(st.integers(0, 359_999), titles, max_size=12).map(
    lambda titles_by_start: [ChapterLine(start, title) for start, title in sorted(titles_by_start.items())]
)


def test_parse_chapters_reads_lines():
    text = "00:00:00 Welcome\n\n  5:13   How  sleep begins \n1:02:03 Questions"

    chapters, problems = parse_chapters(text)

    assert chapters == [
        ChapterLine(0, "Welcome"),
        ChapterLine(313, "How sleep begins"),
        ChapterLine(3723, "Questions"),
    ]
    assert problems == []


@pytest.mark.parametrize(
    "line",
    [
        "00:05:13 Naps",
        "5:13 Naps",
        "[00:05:13] Naps",
        "(5:13) Naps",
        "00:05:13 - Naps",
        "00:05:13 – Naps",
        "00:05:13\tNaps\r",
        "00:05:13.000 Naps",
        "00:05:13,999 Naps",
        "05:13: Naps",
        "00:05:13 - 00:07:20 Naps",
        "* **[05:13](#t=05:13)** Naps",
        "1. [5:13](https://youtu.be/abcdefghijk?t=313) Naps",
        "• (05:13) Naps",
        "00:05:13 - Naps<br />",
        "<p>00:05:13 <b>Naps</b></p>",
        "00:05:13 **Naps**",
        "00:05:13 [Naps](https://example.org/naps)",
    ],
)
def test_parse_chapters_reads_the_usual_notations(line):
    assert parse_chapters(line) == ([ChapterLine(313, "Naps")], [])


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Tides &amp; *moon*", "Tides & moon"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        ("snake_case and __init__", "snake_case and __init__"),
        ("I <3 tides", "I <3 tides"),
        ("A < B > C", "A < B > C"),
        ("[Rerun](2019)", "[Rerun](2019)"),
        ("10:30 News", "10:30 News"),
        ("AT&T", "AT&T"),
        ("<!-- ad -->Tides", "Tides"),
    ],
)
def test_titles_are_plain_text(title, plain):
    assert plain_title(title) == plain
    assert parse_chapters(f"00:05:13 {title}") == ([ChapterLine(313, plain)], [])


@pytest.mark.parametrize("piece", ["<a ", "<!--", "[", "[](", "**a ", "*a", "~~", "`", "&amp"])
def test_reading_a_title_is_linear(piece):
    started = time.process_time()
    plain_title(piece * (300_000 // len(piece)))

    assert time.process_time() - started < 2


def test_parse_chapters_sorts_by_time():
    chapters, problems = parse_chapters("00:20:00 Later\n00:10:00 Earlier")

    assert chapters == [ChapterLine(600, "Earlier"), ChapterLine(1200, "Later")]
    assert problems == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Naps", "Line 2: “Naps” doesn’t start with a time. Write it like 00:05:13 Title."),
        ("[00:05:13 Naps", "Line 2: “[00:05:13 Naps” doesn’t start with a time. Write it like 00:05:13 Title."),
        ("00:05:13", "Line 2: 00:05:13 has no title. Write it like 00:05:13 Title."),
        ("00:05:13 -", "Line 2: 00:05:13 has no title. Write it like 00:05:13 Title."),
        (
            "00:05:13:12 Naps",
            "Line 2: “00:05:13:12” has 4 fields; a timestamp has hours, minutes and seconds: write it like 00:05:13 Title.",
        ),
        ("5:13.5.2 Naps", "Line 2: “5:13.5.2” needs digits 0-9 separated by colons: write it like 00:05:13 Title."),
        ("00:05:71 Naps", "Line 2: Seconds go from 00 to 59; “00:05:71” has 71."),
        ("00:00:00 Naps", "Line 2: line 1 also starts at 00:00:00. Change or remove one of them."),
        (
            "01:00:00 Naps",
            "Line 2: 01:00:00 is at or after the end of the episode (01:00:00). Fix the time or the episode’s length.",
        ),
        ("00:05:13 " + "n" * 301, "Line 2: the title has 301 characters. Shorten it to at most 300."),
    ],
)
def test_parse_chapters_reports_the_line_and_what_to_do(line, message):
    chapters, problems = parse_chapters(f"00:00:00 Welcome\n{line}", duration_seconds=3600)

    assert chapters == [ChapterLine(0, "Welcome")]
    assert [str(problem) for problem in problems] == [message]


def test_parse_chapters_keeps_the_line_as_typed():
    assert parse_chapters("  no time ")[1] == [
        EntryProblem(1, "  no time ", "“no time” doesn’t start with a time. Write it like 00:05:13 Title.")
    ]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Sponsor: a mattress", True),
        ("Sponsors", True),
        ("SPONSORS & thanks", True),
        ("Sponsorship in sport", False),
        ("Our sponsors", False),
    ],
)
def test_is_sponsor_title(title, expected):
    assert is_sponsor_title(title) is expected
    assert ChapterLine(0, title).is_sponsor is expected


def test_format_chapters_writes_lines():
    text = format_chapters([ChapterLine(0, "Welcome"), ChapterLine(313, "- with a dash"), ChapterLine(3723, "End")])

    assert text == "00:00:00 Welcome\n00:05:13 - - with a dash\n01:02:03 End"


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59), st.sampled_from(["", ".2", ",25"]))
def test_a_time_with_hours_may_have_single_digits(hours, minutes, seconds, fraction):
    start = hours * 3600 + minutes * 60 + seconds

    assert parse_chapters(f"{hours}:{minutes}:{seconds}{fraction} Naps") == ([ChapterLine(start, "Naps")], [])


@pytest.mark.parametrize("written", ["16:9", "5:1.2"])
def test_a_time_without_hours_has_two_digits_of_seconds(written):
    (problem,) = parse_chapters(f"{written} Naps")[1]

    message = f"“{written}” needs two digits for minutes and for seconds: write it like 00:05:13 Title."
    assert str(problem.message) == message


@given(chapter_lists)
def test_format_and_parse_are_a_round_trip(chapters):
    assert parse_chapters(format_chapters(chapters)) == (chapters, [])


@given(st.text())
def test_parse_chapters_never_raises_and_drops_no_line(text):
    chapters, problems = parse_chapters(text)

    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.split()]
    assert len(chapters) + len(problems) == len(lines)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("0:05 How <dialog> works, 2 < 3", "How <dialog> works, 2 < 3"),
        ("0:05 The <b> tag", "The <b> tag"),
        ("<p><b><a href='?t=5'>0:05</a></b> Salt<br></p>", "Salt"),
        ("\u200e0:05\u00a0Salt", "Salt"),
        ("– 0:05 Salt", "Salt"),
        ("0:05 -> 1:00 Salt", "Salt"),
        ("0:05 --> Salt", "Salt"),
    ],
)
def test_only_markup_is_removed_around_times_and_titles(line, title):
    assert parse_chapters(line) == ([ChapterLine(5, title)], [])
