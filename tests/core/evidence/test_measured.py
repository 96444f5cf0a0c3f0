import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.evidence import CHECKER_VERSION, measured
from articles.core.evidence.measured import Measured, MeasuredSet, Share

SET = {
    "name": "recordings",
    "claims": 83,
    "shows": 2,
    "recordings": 21,
    "false_alarms": [1, 51],
    "wrong_flagged": [18, 18],
    "nearby_flagged": [3, 5],
    "flags_right": [22, 23],
}


@pytest.mark.parametrize(
    ("part", "whole", "percent", "interval"),
    [  # Wilson's score interval as in R: prop.test(part, whole, correct=FALSE)$conf.int
        (0, 51, 0, (0, 8)),
        (1, 51, 2, (0, 11)),
        (3, 5, 60, (23, 89)),
        (18, 18, 100, (82, 100)),
        (50, 100, 50, (40, 60)),
        (0, 0, 0, (0, 100)),
    ],
)
def test_a_share_comes_with_the_range_in_which_it_lies(part, whole, percent, interval):
    assert (Share(part, whole).percent, Share(part, whole).interval) == (percent, interval)


@given(st.integers(0, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_range_includes_the_share_and_is_narrower_with_more_claims(counts):
    part, whole = counts
    low, high = Share(part, whole).interval

    assert 0 <= low <= Share(part, whole).percent <= high <= 100
    wider_low, wider_high = Share(part * 10, whole * 10).interval
    assert high - low >= wider_high - wider_low


def test_figures_are_loaded_as_the_benchmark_writes_them(tmp_path):
    path = tmp_path / "measured.json"
    path.write_text(json.dumps({"checker_version": CHECKER_VERSION - 1, "measured_on": "2026-11-30", "sets": [SET]}))

    figures = measured.load(path)

    shares = [Share(1, 51), Share(18, 18), Share(3, 5), Share(22, 23)]
    of_set = MeasuredSet("recordings", 83, 2, 21, *shares)
    assert figures == Measured(CHECKER_VERSION - 1, date(2026, 11, 30), (of_set,))
    assert not figures.is_current


def test_the_stored_figures_are_of_real_articles_and_of_our_test_set():
    assert [of_set.name for of_set in measured.load().sets] == ["recordings", "invented"]
