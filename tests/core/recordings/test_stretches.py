"""The stretches that an article's sections begin from, and the keys that name them."""

import uuid
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.stretches import EPISODE_MAX, OPEN_END, PARTS_MAX, Stretch, key_of, stretch_of, stretches

MARKED = [(0, "Hello", False), (60, "Sponsor: Ropes", True), (90, "Tides", False), (600, "Moon", False)]
STARTS = st.lists(st.integers(0, 40_000), unique=True, max_size=300).map(sorted)


def test_each_chapter_but_advertising_is_a_stretch_up_to_the_next_one():
    assert stretches(MARKED, 3600) == [
        Stretch(0, 60, "Hello"),
        Stretch(90, 600, "Tides"),
        Stretch(600, 3600, "Moon"),
    ]


@pytest.mark.parametrize("length", [None, 0, 600])
def test_the_last_chapter_is_open_if_the_length_is_unknown_or_wrong(length):
    last = stretches(MARKED, length)[-1]

    assert last == Stretch(600, OPEN_END, "Moon")
    assert last.known_end is None
    assert stretches(MARKED, 601)[-1].known_end == 601


@pytest.mark.parametrize(
    ("length", "minutes", "count"),
    [
        (1, 5, 1),
        (300, 5, 1),
        (301, 5, 2),
        (3600, 5, 12),
        (3601, 10, 7),
        (8202, 15, 10),
        (43_200, 60, 12),
        (90_000, 60, 25),
    ],
)
def test_without_chapters_the_parts_are_of_equal_length_and_few(length, minutes, count):
    parts = stretches([], length)

    assert len(parts) == count
    assert {part.end_seconds - part.start_seconds for part in parts[:-1]} <= {minutes * 60}
    assert parts[-1].end_seconds == length
    assert all(part.title == "" for part in parts)


@pytest.mark.parametrize("length", [None, 0])
def test_without_chapters_and_length_there_are_none(length):
    assert stretches([], length) == []


@given(STARTS, st.none() | st.integers(0, 50_000))
def test_stretches_follow_one_another_without_overlap(starts, length):
    parts = stretches([(start, f"Chapter {start}", False) for start in starts], length)

    assert len(parts) == len(starts) or not starts
    assert all(part.start_seconds < part.end_seconds for part in parts)
    for before, after in pairwise(parts):
        assert before.end_seconds == after.start_seconds
    if not starts and length and length <= 3600 * PARTS_MAX:
        assert len(parts) <= PARTS_MAX


@given(st.integers(1, EPISODE_MAX), st.integers(0, OPEN_END - 1), st.integers(1, OPEN_END))
def test_a_key_says_which_stretch_it_is_of(episode, start, length):
    stretch = Stretch(start, min(start + length, OPEN_END))
    key = key_of(episode, stretch)

    assert stretch_of(key) == (episode, stretch)
    assert key.version == 8
    assert key.variant == uuid.RFC_4122
    assert uuid.UUID(str(key)) == key


@given(st.uuids(version=4) | st.uuids(version=5) | st.integers(0, 2**128 - 1).map(lambda number: uuid.UUID(int=number)))
def test_only_keys_made_for_a_stretch_name_one(key):
    found = stretch_of(key)

    assert found is None or key_of(*found) == key
    if key.version != 8:
        assert found is None


@pytest.mark.parametrize(
    ("episode", "stretch"),
    [
        (0, Stretch(0, 1)),
        (EPISODE_MAX + 1, Stretch(0, 1)),
        (1, Stretch(5, 5)),
        (1, Stretch(-1, 5)),
        (1, Stretch(0, OPEN_END + 1)),
    ],
)
def test_what_a_key_cannot_hold_is_refused(episode, stretch):
    with pytest.raises(ValueError, match="beyond"):
        key_of(episode, stretch)
