"""Chapters as Podcasting 2.0 JSON: what is read, what is left out and how it is said, and what is written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.chapters import ChapterLine, ChapterProblem, ChaptersError, read_json, write_json
from tests.core.recordings.test_chapter_lines import chapter_lists

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
rows = st.dictionaries(st.sampled_from(["startTime", "title", "toc", "img", "endTime"]), values) | values


def file_of(*rows, version="1.2.0"):
    return json.dumps({"version": version, "chapters": list(rows)}).encode()


def test_read_json_reads_starts_and_titles_in_time_order():
    data = file_of({"startTime": 313.96, "title": " How  sleep\nbegins "}, {"startTime": 0, "title": "Welcome"})

    read = read_json(data)

    assert read.chapters == (ChapterLine(0, "Welcome"), ChapterLine(313, "How sleep begins"))
    assert (read.problems, read.notes) == ((), ())


@pytest.mark.parametrize("start", [313, 313.2, "313", "313.2", "5:13", "00:05:13"])
def test_read_json_reads_starts_that_are_written_as_text(start):
    assert read_json(file_of({"startTime": start, "title": "Naps"})).chapters == (ChapterLine(313, "Naps"),)


def test_read_json_reads_a_text_with_a_byte_order_mark():
    assert read_json("\ufeff" + write_json([ChapterLine(0, "Welcome")])).chapters == (ChapterLine(0, "Welcome"),)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Naps", "Chapter 2: it is no object with a startTime and a title."),
        ({"title": "Naps"}, "Chapter 2: its startTime is no number of seconds."),
        ({"startTime": True, "title": "Naps"}, "Chapter 2: its startTime is no number of seconds."),
        ({"startTime": "soon", "title": "Naps"}, "Chapter 2: its startTime is no number of seconds."),
        (
            {"startTime": -1, "title": "Naps"},
            "Chapter 2: its startTime lies before the start, or is longer than any recording.",
        ),
        (
            {"startTime": float("nan"), "title": "Naps"},
            "Chapter 2: its startTime lies before the start, or is longer than any recording.",
        ),
        (
            {"startTime": 0.9, "title": "Naps"},
            "Chapter 2: chapter 1 starts at 00:00:00 too. Give one of them another time, or remove it.",
        ),
        (
            {"startTime": 3600, "title": "Naps"},
            "Chapter 2: 01:00:00 lies at or past the episode’s end (01:00:00). Mend the time, or the episode’s length.",
        ),
        ({"startTime": 5, "title": "n" * 301}, "Chapter 2: the title has 301 characters, 300 fit: shorten it."),
    ],
)
def test_read_json_names_the_chapter_and_what_to_do(row, message):
    read = read_json(file_of({"startTime": 0, "title": "Welcome"}, row), duration_seconds=3600)

    assert read.chapters == (ChapterLine(0, "Welcome"),)
    assert [str(problem) for problem in read.problems] == [message]


def test_read_json_keeps_what_was_received_beside_the_problem():
    problem = ChapterProblem(1, '{"title": "Naps"}', "its startTime is no number of seconds.", "Chapter")

    assert read_json(file_of({"title": "Naps"})).problems == (problem,)


def test_read_json_says_what_is_not_kept():
    data = file_of(
        {"startTime": 0, "title": "Welcome", "img": "https://example.org/a.png", "endTime": 60},
        {"startTime": 60, "title": "Naps", "img": "https://example.org/b.png", "url": ""},
        {"startTime": 70, "img": "https://example.org/c.png", "toc": False},
        {"startTime": 80},
        {"startTime": 90, "title": " "},
        version=1,
    )

    read = read_json(data)

    assert read.chapters == (ChapterLine(0, "Welcome"), ChapterLine(60, "Naps"))
    assert read.notes == (
        "The file’s version is 1, not 1.2.0: read as if it were.",
        "1 chapter not meant for lists (toc: false): left out (00:01:10).",
        "2 chapters without a title: left out (00:01:20, 00:01:30).",
        "1 chapter has an end of its own (endTime): not kept here.",
        "2 chapters have pictures (img): not kept here.",
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "line 1: the JSON cannot be read (Expecting value): mend it there."),
        (b'{\n"chapters": [}', "line 2: the JSON cannot be read (Expecting value): mend it there."),
        (b"\xff", "byte 1 is no UTF-8: save the file as UTF-8."),
        (b"[" * 100_000, "the JSON holds a number too long, or is nested too deep: mend it."),
        (b"9" * 5_000, "the JSON holds a number too long, or is nested too deep: mend it."),
        (b" " * (4 * 1024 * 1024 + 1), "the file is larger than 4 MB: no list of chapters is."),
        (b"[]", 'the JSON has no list "chapters": Podcasting 2.0 chapters have one at their top.'),
        (b'{"chapters": {}}', 'the JSON has no list "chapters": Podcasting 2.0 chapters have one at their top.'),
    ],
)
def test_read_json_says_why_a_file_has_no_chapters(data, message):
    with pytest.raises(ChaptersError) as refusal:
        read_json(data)

    assert str(refusal.value) == message


def test_read_json_keeps_no_character_that_cannot_be_stored():
    data = b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "A\\ud800B\\u0000C"}]}'

    assert read_json(data).chapters == (ChapterLine(0, "A\ufffdB\ufffdC"),)


def test_write_json_writes_the_format_with_the_episodes_title():
    text = write_json([ChapterLine(0, "Schön"), ChapterLine(313, "Naps")], title="On sleep", podcast_name="Night Talks")

    assert (
        text
        == """{
  "version": "1.2.0",
  "title": "On sleep",
  "podcastName": "Night Talks",
  "chapters": [
    {
      "startTime": 0,
      "title": "Schön"
    },
    {
      "startTime": 313,
      "title": "Naps"
    }
  ]
}
"""
    )


@given(chapter_lists)
def test_write_and_read_are_a_round_trip(chapters):
    chapters = [ChapterLine(c.start_seconds, c.title.replace("\x00", "?")) for c in chapters]

    read = read_json(write_json(chapters))

    assert read.problems == read.notes == ()
    assert list(read.chapters) == chapters


@given(st.binary() | st.text() | values.map(json.dumps))
def test_read_json_raises_nothing_but_its_own_error(data):
    try:
        read_json(data)
    except ChaptersError as error:
        assert str(error)  # noqa: PT017  (what is raised has words)


@given(st.lists(rows, max_size=6), st.none() | st.integers(1, 10_000))
def test_read_json_drops_no_chapter_without_saying_so(rows, duration_seconds):
    read = read_json(json.dumps({"version": "1.2.0", "chapters": rows}), duration_seconds=duration_seconds)

    left_out = sum(int(note.split()[0]) for note in read.notes if "left out" in note)
    assert len(read.chapters) + len(read.problems) + left_out == len(rows)
