"""Chapters as Podcasting 2.0 JSON: what is read, what is skipped with which message, and what is written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.chapters import ChapterLine, ChaptersError, read_json, write_json
from articles.core.recordings.entries import EntryProblem
from tests.core.recordings.chapters.test_chapter_lines import chapter_lists

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


def test_read_json_removes_markup_from_titles():
    read = read_json(file_of({"startTime": 0, "title": "<b>Salt</b> &amp; <br/> *pumps*"}))

    assert read.chapters == (ChapterLine(0, "Salt & pumps"),)


@pytest.mark.parametrize(
    "start", [313, 313.2, "313", "313.2", "5:13", "00:05:13", "00:05:13.500", "0:5:13.2", "00:05:13:250"]
)
def test_read_json_reads_starts_written_as_text(start):
    assert read_json(file_of({"startTime": start, "title": "Naps"})).chapters == (ChapterLine(313, "Naps"),)


def test_read_json_reads_a_text_with_a_byte_order_mark():
    assert read_json("\ufeff" + write_json([ChapterLine(0, "Welcome")])).chapters == (ChapterLine(0, "Welcome"),)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Naps", "Chapter 2: it isn’t an object with a startTime and a title."),
        ({"title": "Naps"}, "Chapter 2: its startTime isn’t a number of seconds."),
        ({"startTime": True, "title": "Naps"}, "Chapter 2: its startTime isn’t a number of seconds."),
        ({"startTime": "soon", "title": "Naps"}, "Chapter 2: its startTime isn’t a number of seconds."),
        (
            {"startTime": -1, "title": "Naps"},
            "Chapter 2: its startTime is negative or longer than any recording.",
        ),
        (
            {"startTime": float("nan"), "title": "Naps"},
            "Chapter 2: its startTime is negative or longer than any recording.",
        ),
        (
            {"startTime": 0.9, "title": "Naps"},
            "Chapter 2: chapter 1 also starts at 00:00:00. Change or remove one of them.",
        ),
        (
            {"startTime": 3600, "title": "Naps"},
            "Chapter 2: 01:00:00 is at or after the end of the episode (01:00:00). Fix the time or the episode’s length.",
        ),
        ({"startTime": 5, "title": "n" * 301}, "Chapter 2: the title has 301 characters. Shorten it to at most 300."),
    ],
)
def test_read_json_reports_the_chapter_and_what_is_wrong(row, message):
    read = read_json(file_of({"startTime": 0, "title": "Welcome"}, row), duration_seconds=3600)

    assert read.chapters == (ChapterLine(0, "Welcome"),)
    assert [str(problem) for problem in read.problems] == [message]


def test_read_json_keeps_the_original_text_of_a_problem():
    problem = EntryProblem(1, '{"title": "Naps"}', "its startTime isn’t a number of seconds.", "Chapter")

    assert read_json(file_of({"title": "Naps"})).problems == (problem,)


def test_read_json_notes_what_is_not_kept():
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
        "The file’s version is 1; it was read as 1.2.0.",
        "1 chapter is hidden from lists (toc: false) and was skipped (00:01:10).",
        "2 chapters have no title and were skipped (00:01:20, 00:01:30).",
        "1 chapter has its own end time (endTime), which isn’t kept.",
        "2 chapters have images (img), which aren’t kept.",
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "line 1: invalid JSON (Expecting value). Fix it there."),
        (b'{\n"chapters": [}', "line 2: invalid JSON (Expecting value). Fix it there."),
        (b"\xff\0", "the file isn’t text in a known encoding. Save it as UTF-8."),
        (b"[" * 100_000, "the JSON contains a number that’s too long or is nested too deeply."),
        (b"9" * 5_000, "the JSON contains a number that’s too long or is nested too deeply."),
        (b" " * (4 * 1024 * 1024 + 1), "the file is larger than 4 MB, too large for a list of chapters."),
        (b"[]", 'the JSON has no "chapters" list, which Podcasting 2.0 chapters have at the top level.'),
        (b'{"chapters": {}}', 'the JSON has no "chapters" list, which Podcasting 2.0 chapters have at the top level.'),
    ],
)
def test_read_json_explains_why_a_file_has_no_chapters(data, message):
    with pytest.raises(ChaptersError) as refusal:
        read_json(data)

    assert str(refusal.value) == message


def test_read_json_replaces_characters_that_cannot_be_stored():
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
        assert str(error)  # noqa: PT017  (the error must have a message)


@given(st.lists(rows, max_size=6), st.none() | st.integers(1, 10_000))
def test_read_json_drops_no_chapter_silently(rows, duration_seconds):
    read = read_json(json.dumps({"version": "1.2.0", "chapters": rows}), duration_seconds=duration_seconds)

    skipped = sum(int(note.split()[0]) for note in read.notes if "skipped" in note)
    assert len(read.chapters) + len(read.problems) + skipped == len(rows)
