"""Pairs the elements that two sequences have in common, in order, within a budget of steps."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import TypeVar

from rapidfuzz.distance import LCSseq

T = TypeVar("T", bound=Hashable)
Pair = tuple[int, int]

CELLS_PER_STEP = 256  # One step takes about a third of a microsecond, as do this many cells of LCSseq's matrix.


def longest_increasing(values: Sequence[int]) -> list[int]:
    """Return the indices of a longest strictly increasing subsequence, in n log n (Fredman 1975)."""
    tails: list[int] = []
    tail_indices: list[int] = []
    predecessors: list[int] = []
    for index, value in enumerate(values):
        position = bisect_left(tails, value)
        predecessors.append(tail_indices[position - 1] if position else -1)
        if position == len(tails):
            tails.append(value)
            tail_indices.append(index)
        else:
            tails[position] = value
            tail_indices[position] = index
    chain: list[int] = []
    index = tail_indices[-1] if tail_indices else -1
    while index >= 0:
        chain.append(index)
        index = predecessors[index]
    return chain[::-1]


class Budget:
    """What a comparison may still spend of one thing, such as steps; `is_spent` once a request was refused."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.is_spent = False

    def take(self, amount: int) -> bool:
        """Deduct the amount and return true, or return false if too little is left."""
        if amount > self.left:
            self.is_spent = True
            return False
        self.left -= amount
        return True


def align(old: Sequence[T], new: Sequence[T], budget: Budget, *, cap: int | None = None) -> list[Pair]:
    """Return index pairs of equal elements, increasing on both sides.

    Equal ends are paired first, then the elements that occur once on both sides, then a longest common subsequence of
    each stretch between those, while the budget lasts. A stretch that exceeds the budget, or needs more than `cap`
    edits, gets no pairs and sets `budget.is_spent`.
    """
    pairs: list[Pair] = []
    stretches = [(0, len(old), 0, len(new))]
    while stretches:
        i, i_end, j, j_end = stretches.pop()
        while i < i_end and j < j_end and old[i] == new[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and old[i_end - 1] == new[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            pairs.append((i_end, j_end))
        if i == i_end or j == j_end or not budget.take((i_end - i + j_end - j) // 4):
            continue
        anchors = unique_pairs(old[i:i_end], new[j:j_end])
        if not anchors:
            edit = _shortest_edit(old[i:i_end], new[j:j_end], budget, cap)
            pairs += [(i + first, j + second) for first, second in edit]
            continue
        for first, second in anchors:
            pairs.append((i + first, j + second))
        bounds = [(-1, -1), *anchors, (i_end - i, j_end - j)]
        for (first, second), (third, fourth) in pairwise(bounds):
            stretches.append((i + first + 1, i + third, j + second + 1, j + fourth))
    return sorted(pairs)


def unique_pairs(old: Sequence[T], new: Sequence[T]) -> list[Pair]:
    """Pair the elements that occur exactly once on each side (patience diff), as many as move forward on both."""
    old_counts, new_counts = Counter(old), Counter(new)
    new_positions = {element: index for index, element in enumerate(new) if new_counts[element] == 1}
    pairs = [
        (index, new_positions[element])
        for index, element in enumerate(old)
        if old_counts[element] == 1 and element in new_positions
    ]
    return [pairs[index] for index in longest_increasing([second for _, second in pairs])]


def _shortest_edit(old: Sequence[T], new: Sequence[T], budget: Budget, cap: int | None) -> list[Pair]:
    """Return the pairs of a shortest edit, leaving out elements that only one side has before aligning."""
    in_old, in_new = set(old), set(new)
    rows = [index for index, element in enumerate(old) if element in in_new]
    columns = [index for index, element in enumerate(new) if element in in_old]
    a, b = [old[index] for index in rows], [new[index] for index in columns]
    if not a or not b or not budget.take(1 + len(a) * len(b) // CELLS_PER_STEP):
        return []
    blocks = LCSseq.opcodes(a, b).as_matching_blocks()
    if cap is not None and len(a) + len(b) - 2 * sum(block.size for block in blocks) > cap:
        budget.is_spent = True
        return []
    return [(rows[block.a + offset], columns[block.b + offset]) for block in blocks for offset in range(block.size)]
