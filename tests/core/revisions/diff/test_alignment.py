"""Alignment of long stretches in which every element is repeated."""

import random
import time

from rapidfuzz.distance import LCSseq

from articles.core.language.tags import direction
from articles.core.revisions.diff import Text, compare
from articles.core.revisions.diff.alignment import Budget, align
from articles.core.revisions.diff.blocks import Reading


def tangled(length, edits):
    """Return random words of a small vocabulary, and the same words with `edits` of them replaced."""
    rng = random.Random(4)  # noqa: S311  (test data)
    words = [f"word{number}" for number in range(40)]
    old = rng.choices(words, k=length)
    new = list(old)
    for position in rng.sample(range(length), edits):
        new[position] = rng.choice(words)
    return old, new


def test_align_finds_a_longest_common_subsequence_where_nothing_is_unique():
    old, new = tangled(300, 60)
    budget = Budget(1_000)

    pairs = align(old, new, budget)

    assert len(pairs) == LCSseq.similarity(old, new)
    assert not budget.is_spent


def test_align_handles_a_thousand_edits_within_the_budget_of_a_comparison():
    old, new = tangled(5_000, 1_000)
    budget = Reading().steps

    pairs = align(old, new, budget)

    assert len(pairs) >= 4_000
    assert not budget.is_spent


def test_align_gives_up_beyond_the_cap():
    old, new = tangled(300, 60)
    budget = Budget(1_000)

    assert len(align(old, new, budget, cap=20)) < 40  # only their equal ends
    assert budget.is_spent


def test_align_skips_a_stretch_that_would_take_too_long():
    old, new = tangled(30_000, 20_000)
    budget = Reading().steps
    started = time.process_time()

    align(old, new, budget)

    assert budget.is_spent
    assert time.process_time() - started < 1


def test_nko_runs_from_right_to_left():
    assert direction("", "nqo") == "rtl"


def test_text_without_words_is_compared_in_proportion_to_its_length():
    def seconds(count):
        old = "> " + "---\n@" * count
        middle = len(old) // 2
        started = time.process_time()
        compare(Text(lead=old), Text(lead=f"{old[:middle]} new {old[middle + 9 :]}"))
        return time.process_time() - started

    assert seconds(12_000) < 9 * seconds(3_000) + 0.5
