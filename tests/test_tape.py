from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.tape import LABEL_ROWS, LABEL_WIDTH, Pin, Segment, lay_out

CHAPTERS = [(0, "Start", False), (250, "Sponsor: Beds", True), (500, "Waste", False)]


def test_chapters_are_segments_to_scale():
    tape = lay_out(1000, CHAPTERS, [("c-600", 600)])

    assert tape.segments == (
        Segment(0.0, 25.0, "00:00", "Start", False, False),
        Segment(25.0, 25.0, "04:10", "Sponsor: Beds", True, False),
        Segment(50.0, 50.0, "08:20", "Waste", False, True),
    )


def test_pins_stand_in_time_order_with_their_chapter():
    tape = lay_out(1000, CHAPTERS, [("c-600", 600), ("c-10", 10), ("c-1000", 1000)])

    assert tape.pins == (
        Pin(1.0, "00:10", "c-10", "Start", 0, "start"),
        Pin(60.0, "10:00", "c-600", "Waste", 0, "middle"),
        Pin(100.0, "16:40", "c-1000", "Waste", 0, "end"),
    )
    assert tape.rows == 1


def test_labels_that_would_collide_take_the_next_row_and_then_none():
    tape = lay_out(1000, [], [(f"c-{s}", s) for s in range(500, 506)])

    assert [pin.row for pin in tape.pins] == [0, 1, 2, 3, None, None]
    assert tape.rows == LABEL_ROWS


def test_without_chapters_the_recording_is_one_segment():
    assert lay_out(3661, [], []).segments == (Segment(0.0, 100.0, "00:00", "", False, False),)


def test_what_lies_past_the_end_is_left_out():
    tape = lay_out(100, [(0, "All", False), (100, "After", False)], [("c-101", 101)])

    assert (len(tape.segments), len(tape.pins), tape.rows) == (1, 0, 0)


def test_a_recording_without_length_is_refused():
    with pytest.raises(ValueError, match="longer than 0 s"):
        lay_out(0, [], [])


seconds = st.integers(-10, 20_000)


@given(
    st.integers(1, 15_000),
    st.lists(st.tuples(seconds, st.text(max_size=5), st.booleans()), max_size=20),
    st.lists(st.tuples(st.text(max_size=5), seconds), max_size=60),
)
def test_everything_lies_on_the_strip_and_no_labels_collide(duration, chapters, pins):
    tape = lay_out(duration, chapters, pins)

    assert sum(segment.width for segment in tape.segments) == pytest.approx(100, abs=0.3)
    assert all(0 <= pin.x <= 100 for pin in tape.pins)
    assert len(tape.pins) == sum(0 <= s <= duration for _, s in pins)
    for row in range(tape.rows):
        lefts = [
            pin.x - {"start": 0, "middle": LABEL_WIDTH / 2, "end": LABEL_WIDTH}[pin.alignment]
            for pin in tape.pins
            if pin.row == row
        ]
        assert all(b - a >= LABEL_WIDTH - 0.001 for a, b in pairwise(lefts))
