import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.outline import build, make_anchors, normalise_levels


def test_build_numbers_the_tree():
    rows = [(1, "Tides", "tides"), (2, "Moon", "moon"), (2, "Sun", "sun"), (1, "Waves", "waves")]

    tides, waves = build(rows)

    assert [(node.index, node.number, node.heading) for node in (tides, waves)] == [
        (0, "1", "Tides"),
        (3, "2", "Waves"),
    ]
    assert [(node.number, node.level, node.anchor) for node in tides.children] == [
        ("1.1", 2, "moon"),
        ("1.2", 2, "sun"),
    ]


@pytest.mark.parametrize(
    ("levels", "normalised"),
    [
        ([], []),
        ([1, 2, 2, 3, 1], [1, 2, 2, 3, 1]),
        ([2, 4, 4, 3, 2], [1, 2, 2, 2, 1]),
        ([3, 2, 1], [1, 1, 1]),
        ([1, 6], [1, 2]),
    ],
)
def test_normalise_levels_skips_none(levels, normalised):
    assert normalise_levels(levels) == normalised


def test_make_anchors_are_readable_and_unique():
    headings = [
        "Spring & neap tides",
        "Tides",
        "tides",
        "Tides 2",
        "C-section",
        "C",
        "Fn 1",
        "潮の満ち引き",
        "!?",
        "",
    ]

    assert make_anchors(headings) == [
        "spring-neap-tides",
        "tides",
        "tides-2",
        "tides-2-2",
        "section-c-section",
        "section-c",
        "section-fn-1",
        "潮の満ち引き",
        "section",
        "section-2",
    ]


def test_make_anchors_cut_long_headings_between_words():
    assert make_anchors(["tide " * 40]) == ["-".join(["tide"] * 16)]


@given(st.lists(st.integers(1, 9)))
def test_normalised_levels_are_a_tree_and_stay_unchanged(levels):
    normalised = normalise_levels(levels)

    assert normalised[:1] in ([], [1])
    assert all(after <= before + 1 for before, after in itertools.pairwise(normalised))
    assert normalise_levels(normalised) == normalised


@given(st.lists(st.one_of(st.text(), st.sampled_from(["Tides", "tides 2", "c-1"]))))
def test_anchors_are_unique_and_free(headings):
    anchors = make_anchors(headings)

    assert len(set(anchors)) == len(headings)
    assert not [anchor for anchor in anchors if not anchor or anchor.startswith(("c-", "fn-", "fnref-"))]
