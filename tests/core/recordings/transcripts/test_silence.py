from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.transcripts import Cue, leaves_more_silent, silence_problems
from articles.core.recordings.transcripts.silence import silences

pytestmark = pytest.mark.usefixtures("silences_count")

HELLO = Cue(1.0, 5.0, "", "Hello there, my friends.")
GOODBYE = Cue(6120.0, 6130.0, "", "Thanks and goodbye.")
TALK = [Cue(10.0 * number, 10.0 * number + 9, "", "The owls hunt at night.") for number in range(360)]


def reasons(problems):
    return [problem.reason for problem in problems]


def test_a_transcript_of_a_few_seconds_of_a_recording_is_reported():
    assert reasons(silence_problems([HELLO, GOODBYE], 6161)) == [
        (
            "Less than 1 % of the recording has cues. The longest stretch without any is from 00:05 to 1:42:00. "
            "What is cited there can’t be checked. Is the transcript complete?"
        )
    ]


@pytest.mark.parametrize(
    ("cues", "length", "expected"),
    [
        ([HELLO, GOODBYE], None, [(5.0, 6120.0)]),
        ([GOODBYE, HELLO], 7000, [(5.0, 6120.0), (6130.0, 7000)]),
        ([GOODBYE], None, [(0.0, 6120.0)]),
        (TALK, 3600, []),
        (TALK[:180] + TALK[192:], 3600, [(1799.0, 1920.0)]),
        (TALK[:180] + TALK[191:], 3600, []),  # 111 s
        ([Cue(0.0, 3600.0, "", "[Music]")], None, []),  # the only cue: nothing follows it
        ([Cue(0.0, 3000.0, "", "[Music]"), Cue(3000.0, 3010.0, "", "Hello.")], None, [(31.75, 3000.0)]),
        ([Cue(0.0, 600.0, "", "word " * 200), Cue(600.0, 610.0, "", "Hello.")], None, [(280.0, 600.0)]),
        ([Cue(0.0, 600.0, "", "word " * 500), Cue(600.0, 610.0, "", "Hello.")], None, []),
        ([Cue(0.0, 600.0, "", "字" * 2200), Cue(600.0, 610.0, "", "Hello.")], None, []),
        ([*TALK, Cue(3600.0, 4400.0, "", "And that’s it. " * 20)], 4400, [(3705.0, 4400)]),
    ],
)
def test_stretches_without_cues(cues, length, expected):
    assert silences(cues, length or 0.0) == expected


def test_only_what_gives_up_a_large_part_of_a_transcript_is_asked_about():
    pause, half = TALK[:180] + TALK[192:], TALK[:180]

    assert leaves_more_silent(half, TALK, 3600)
    assert leaves_more_silent(half, TALK, None)  # of unknown length
    assert not leaves_more_silent(pause, TALK, 3600)
    assert not leaves_more_silent(half, [], 3600)
    assert not leaves_more_silent(half, TALK[:170], 3600)


def test_a_gap_is_reported_at_the_cue_after_it():
    pause, half = TALK[:180] + TALK[192:], TALK[:180]

    assert [problem.cue for problem in silence_problems(pause, 3600)] == [181]
    assert reasons(silence_problems(half, 3600)) == [
        (
            "Only 49 % of the recording has cues: for 31 of its 60 min there are none, longest from 29:59 to 1:00:00. "
            "What is cited there can’t be checked. Is the transcript complete?"
        )
    ]


times = st.floats(0, 4e5, allow_nan=False)


@given(st.lists(st.builds(Cue, times, times, st.just(""), st.text())), times)
def test_stretches_are_long_in_order_and_apart(cues, length):
    found = silences(cues, length)

    assert all(end - start >= 120 for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert not any(start < cue.start_seconds < end for cue in cues for start, end in found)
