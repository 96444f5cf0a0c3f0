from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.timeline import lay_out, longest_gap, miniature, wrap
from articles.core.recordings.timeline.layout import LABEL_ROWS, LABEL_WIDTH, Marker, Segment

CHAPTERS = [(0, "Start", False), (250, "Sponsor: Beds", True), (500, "Waste", False)]


def test_chapters_are_segments_to_scale():
    timeline = lay_out(1000, CHAPTERS, [("c-600", 600)])

    assert timeline.segments == (
        Segment(0.0, 25.0, "00:00", "Start", False, False),
        Segment(25.0, 25.0, "04:10", "Sponsor: Beds", True, False),
        Segment(50.0, 50.0, "08:20", "Waste", False, True),
    )


def test_markers_are_in_time_order_with_their_chapter():
    timeline = lay_out(1000, CHAPTERS, [("c-600", 600), ("c-10", 10), ("c-1000", 1000)])

    assert timeline.markers == (
        Marker(1.0, "00:10", "c-10", "Start", 0, "start"),
        Marker(60.0, "10:00", "c-600", "Waste", 0, "start"),
        Marker(100.0, "16:40", "c-1000", "Waste", 0, "end"),
    )
    assert timeline.rows == 1


def test_crowded_labels_step_down_and_are_then_omitted():
    timeline = lay_out(1000, [], [(f"c-{s}", s) for s in range(500, 506)])

    assert [marker.row for marker in timeline.markers] == [None, None, 3, 2, 1, 0]
    assert timeline.rows == LABEL_ROWS


def test_a_time_cited_twice_has_one_label():
    timeline = lay_out(1000, [], [("c-500", 500), ("c-500-2", 500)])

    assert [(marker.x, marker.row) for marker in timeline.markers] == [(50.0, None), (50.0, 0)]


def test_without_chapters_the_recording_is_one_segment():
    assert lay_out(3661, [], []).segments == (Segment(0.0, 100.0, "00:00", "", False, False),)


def test_anything_past_the_end_is_omitted():
    timeline = lay_out(100, [(0, "All", False), (100, "After", False)], [("c-101", 101)])

    assert (len(timeline.segments), len(timeline.markers), timeline.rows) == (1, 0, 0)


def test_a_recording_without_duration_is_refused():
    with pytest.raises(ValueError, match="must be positive"):
        lay_out(0, [], [])


def test_a_marker_has_the_status_of_its_citation():
    timeline = lay_out(1000, CHAPTERS, [("c-600", 600)], {"c-600": ("found", "found in the transcript")})

    assert [(marker.state, marker.status_text) for marker in timeline.markers] == [("found", "found in the transcript")]
    assert (timeline.used_count, timeline.chapter_count) == (1, 2)


def test_a_wrapped_timeline_continues_where_the_previous_line_ends():
    lines = wrap(4800, [(0, "Start", False), (2000, "Sponsor", True), (3000, "End", False)], [("a", 60), ("b", 3600)])

    assert [(line.begin, line.duration) for line in lines] == [("00:00", "40:00"), ("40:00", "1:20:00")]
    assert [[segment.title for segment in line.segments] for line in lines] == [
        ["Start", "Sponsor"],
        ["Sponsor", "End"],
    ]
    assert [[(marker.x, marker.label) for marker in line.markers] for line in lines] == [
        [(2.5, "01:00")],
        [(50.0, "1:00:00")],
    ]


def test_longest_gap_is_none_without_gaps():
    assert longest_gap(1000, [(0, None), (900, None)]).start_seconds == 60
    assert longest_gap(100, [(0, None)]) is None


def test_a_miniature_is_three_paths():
    assert miniature(1000, CHAPTERS, [600]) == {
        "used": "M500 4h497v12h-497z",
        "unused": "M0 4h247v12h-247z",
        "markers": "M600 0v20",
    }


seconds = st.integers(-10, 20_000)


@given(
    st.integers(1, 15_000),
    st.lists(st.tuples(seconds, st.text(max_size=5), st.booleans()), max_size=20),
    st.lists(seconds, max_size=30, unique=True),
)
def test_wrapping_loses_no_marker(duration, chapters, moments):
    lines = wrap(duration, chapters, [(str(at), at) for at in moments])

    inside = sorted(at for at in moments if 0 <= at <= duration)
    assert [marker.anchor for line in lines for marker in line.markers] == [str(at) for at in inside]


@given(
    st.integers(1, 15_000),
    st.lists(st.tuples(seconds, st.text(max_size=5), st.booleans()), max_size=20),
    st.lists(st.tuples(st.text(max_size=5), seconds), max_size=60),
)
def test_everything_is_on_the_timeline_and_no_labels_collide(duration, chapters, markers):
    timeline = lay_out(duration, chapters, markers)

    assert sum(segment.width for segment in timeline.segments) == pytest.approx(100, abs=0.3)
    assert all(0 <= marker.x <= 100 for marker in timeline.markers)
    assert len(timeline.markers) == sum(0 <= s <= duration for _, s in markers)
    labels = [
        (marker.x, marker.x - LABEL_WIDTH * (marker.alignment == "end"), marker.row)
        for marker in timeline.markers
        if marker.row is not None
    ]
    assert all(0 <= left <= 100 - LABEL_WIDTH for _, left, _ in labels)
    for (_, left, row), (x, other, below) in permutations(labels, 2):
        assert row != below or abs(left - other) >= LABEL_WIDTH - 1e-9
        assert row >= below or not left < x < left + LABEL_WIDTH, "the line of a lower label runs through a higher one"
