"""What is said about all citations of a recording at once, and that it is never said by chance."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.evidence import CANT_TELL, NOT_CHECKED, NOT_FOUND, SAID_ELSEWHERE, SAID_HERE, SAID_NEARBY
from articles.core.evidence.source_issues import (
    CLOSE,
    FEWEST,
    HOURS_TOO_LATE,
    LEAST_SHIFT,
    MINUTES_AS_HOURS,
    OTHER_RECORDING,
    PAST_END,
    ROUND,
    SHIFTED,
    Checked,
    Reading,
    find_issue,
)

LENGTH = 5400
SAID = tuple(range(120, 5000, 240))  # where twenty claims are said


def cited(moments, said=SAID, *, others=0, seed=0):
    """Citations at `moments` of claims that are said at `said`, with `others` random candidates each."""
    chance = random.Random(seed)  # noqa: S311  (examples)
    found = []
    for moment, second in zip(moments, said, strict=True):
        wrong = tuple((chance.uniform(0, LENGTH), 0.9) for _ in range(others))
        verdict = SAID_HERE if abs(moment - second) <= 20 else SAID_ELSEWHERE
        found.append(Checked(moment, verdict, ((second, 1.0), *wrong)))
    return found


def test_an_article_that_is_right_has_no_issue():
    assert find_issue(cited(SAID, others=4), LENGTH) is None


@given(st.integers(-119, 7200).filter(lambda shift: abs(shift) >= LEAST_SHIFT), st.integers(0, 4), st.integers())
def test_a_shift_is_found_with_its_offset(shift, others, seed):
    issue = find_issue(cited([second + shift for second in SAID], others=others, seed=seed), LENGTH)

    assert issue.kind == SHIFTED
    assert abs(issue.reading.offset_seconds + shift) <= ROUND + CLOSE
    assert issue.explained == tuple(range(len(SAID)))


@pytest.mark.parametrize("shift", [-600, -90, 137, 1234, 3600, 7200])
def test_the_offset_is_exact_where_the_moments_are(shift):
    said = [second + 600 for second in SAID]

    issue = find_issue(cited([second + shift for second in said], said), LENGTH + 600)

    assert issue.reading == Reading(SHIFTED, -shift)


@given(st.randoms(use_true_random=False), st.integers(0, 4))
def test_random_citations_have_none(chance, others):
    moments = [chance.randrange(LENGTH) for _ in SAID]

    assert find_issue(cited(moments, others=others, seed=chance.random()), LENGTH) is None


@given(st.permutations(SAID), st.integers(0, 4))
def test_shuffled_citations_have_none(moments, others):
    shifted = [moment - second for moment, second in zip(moments, SAID, strict=True)]
    if max(map(shifted.count, shifted)) >= FEWEST:  # the order happens to be one that shifts
        return

    assert find_issue(cited(moments, others=others), LENGTH) is None


@given(
    st.lists(
        st.builds(
            Checked,
            st.integers(0, 400_000),
            st.sampled_from([SAID_HERE, SAID_NEARBY, SAID_ELSEWHERE, NOT_FOUND, CANT_TELL, NOT_CHECKED]),
            st.lists(st.tuples(st.floats(0, 9000), st.floats(0, 1)), max_size=5).map(tuple),
        )
    ),
    st.none() | st.integers(0, 9000),
)
def test_it_never_raises_and_explains_only_what_is_there(checked, seconds):
    issue = find_issue(checked, seconds)

    if issue is not None:
        assert set(issue.explained) <= set(range(len(checked)))


def test_an_offset_from_one_timestamp_on_explains_only_those_after_it():
    moments = [second if second < 2400 else second + 3600 for second in SAID]

    issue = find_issue(cited(moments, others=3), LENGTH)

    assert issue.reading == Reading(SHIFTED, -3600)
    assert issue.explained == tuple(index for index, second in enumerate(SAID) if second >= 2400)


def test_hours_that_differ_are_left_out():
    moments = [second % 3600 + 3600 * (1 + index % 3) for index, second in enumerate(SAID[:14])]

    issue = find_issue(cited(moments, SAID[:14]), LENGTH)

    assert issue.kind == HOURS_TOO_LATE
    assert issue.reading.read(3 * 3600 + 754) == 754


def test_minutes_written_as_hours_are_read_as_minutes():
    issue = find_issue(cited([second * 60 for second in SAID if second >= 60]), LENGTH)

    assert issue.kind == MINUTES_AS_HOURS
    assert issue.reading.read((34 * 60 + 10) * 60) == 34 * 60 + 10
    assert issue.reading.read(754) is None


def test_a_teaser_doesnt_make_minutes_of_hours():
    """All timestamps of a long recording, read so, lie in its first two minutes, which say a little of everything."""
    checked = [Checked(3600 + second, SAID_ELSEWHERE, ((second // 60 + 60, 0.9),)) for second in SAID]

    assert find_issue(checked, 9000) is None


def test_citations_of_one_moment_count_once():
    checked = [Checked(4000 + index, SAID_ELSEWHERE, ((400 + index, 1.0),)) for index in range(30)]

    assert find_issue(checked, LENGTH) is None


def test_a_recording_in_which_hardly_anything_is_said_is_another_one():
    checked = [Checked(second, NOT_FOUND) for second in SAID[:-4]] + cited(SAID[-4:], SAID[-4:])

    issue = find_issue(checked, None)

    assert issue.kind == OTHER_RECORDING
    assert issue.explained == tuple(range(len(SAID) - 4))
    assert find_issue(checked[:5], None) is None


def test_what_the_transcript_cant_have_past_the_end_counts_as_not_found_but_not_its_gaps():
    late = [Checked(LENGTH + second, CANT_TELL) for second in SAID[:8]]
    gaps = [Checked(second, CANT_TELL) for second in SAID[:8]]
    missing = [Checked(second, NOT_FOUND) for second in SAID[8:]]

    issue = find_issue([*late, *missing], LENGTH)

    assert (issue.kind, issue.explained) == (OTHER_RECORDING, tuple(range(len(SAID))))
    assert find_issue([*gaps, *missing], LENGTH) is None


@pytest.mark.parametrize(
    ("nowhere", "unclear", "elsewhere", "expected"),
    [
        (12, 4, 4, OTHER_RECORDING),  # 12 of 16 that are clear, although of 20 it is too few
        (11, 4, 5, OTHER_RECORDING),  # 11 of 16
        (10, 4, 6, None),  # 10 of 16
        (11, 3, 0, OTHER_RECORDING),  # 14 were checked
        (11, 0, 0, None),  # too few were checked
        (12, 6, 2, None),  # too many that aren't
    ],
)
def test_a_few_citations_of_which_the_check_cant_tell_say_nothing_for_the_recording(
    nowhere, unclear, elsewhere, expected
):
    verdicts = [NOT_FOUND] * nowhere + [CANT_TELL] * unclear + [SAID_HERE] * elsewhere
    checked = [Checked(second, verdict) for second, verdict in zip(SAID, verdicts, strict=False)]

    issue = find_issue(checked, LENGTH)

    assert (issue and issue.kind) == expected


def test_what_cant_be_read_otherwise_lies_past_the_end():
    checked = [Checked(LENGTH + 100 * second, NOT_CHECKED) for second in SAID] + cited([90, 500], [90, 500])

    issue = find_issue(checked, LENGTH)

    assert (issue.kind, issue.reading) == (PAST_END, None)
    assert issue.explained == tuple(range(len(SAID)))
    assert find_issue(checked, None) is None
    assert find_issue(checked[: FEWEST - 1], LENGTH) is None


def test_ten_thousand_citations_take_no_time():
    checked = [Checked(7200 + second, SAID_ELSEWHERE, ((second % LENGTH, 1.0),)) for second in range(10_000)]

    assert find_issue(checked, LENGTH) is not None
