"""Finds what two sequences have in common, in order, within a budget of steps."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T", bound=Hashable)
Pair = tuple[int, int]


def longest_increasing(values: Sequence[int]) -> list[int]:
    """Return the indices of a longest strictly increasing subsequence, in n log n (Fredman 1975)."""
    tails: list[int] = []
    tail_indices: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        place = bisect_left(tails, value)
        before.append(tail_indices[place - 1] if place else -1)
        if place == len(tails):
            tails.append(value)
            tail_indices.append(index)
        else:
            tails[place] = value
            tail_indices[place] = index
    chain: list[int] = []
    index = tail_indices[-1] if tail_indices else -1
    while index >= 0:
        chain.append(index)
        index = before[index]
    return chain[::-1]


class Budget:
    """Steps that a comparison may still take; `is_spent` once one was refused."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.is_spent = False

    def take(self, steps: int) -> bool:
        """Take the steps if they are there."""
        if steps > self.steps:
            self.is_spent = True
            return False
        self.steps -= steps
        return True


def align(old: Sequence[T], new: Sequence[T], budget: Budget, *, cap: int = 400) -> list[Pair]:
    """Return index pairs of equal elements, increasing on both sides.

    The ends first, then what occurs once on both sides, then Myers' shortest edit between those (E. W. Myers,
    An O(ND) difference algorithm, 1986), of at most `cap` edits and while the budget lasts. A stretch that is
    out of reach has no pairs, and the budget says so.
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
        anchors = _anchors(old[i:i_end], new[j:j_end])
        if not anchors:
            shortest = _shortest(old[i:i_end], new[j:j_end], budget, cap)
            pairs += [(i + first, j + second) for first, second in shortest]
            continue
        for first, second in anchors:
            pairs.append((i + first, j + second))
        bounds = [(-1, -1), *anchors, (i_end - i, j_end - j)]
        for (first, second), (third, fourth) in pairwise(bounds):
            stretches.append((i + first + 1, i + third, j + second + 1, j + fourth))
    return sorted(pairs)


def _anchors(old: Sequence[T], new: Sequence[T]) -> list[Pair]:
    old_counts, new_counts = Counter(old), Counter(new)
    places = {element: index for index, element in enumerate(new) if new_counts[element] == 1}
    pairs = [
        (index, places[element]) for index, element in enumerate(old) if old_counts[element] == 1 and element in places
    ]
    return [pairs[index] for index in longest_increasing([second for _, second in pairs])]


def _shortest(old: Sequence[T], new: Sequence[T], budget: Budget, cap: int) -> list[Pair]:
    """Return the pairs of a shortest edit; elements that only one side has are left out beforehand."""
    in_old, in_new = set(old), set(new)
    rows = [index for index, element in enumerate(old) if element in in_new]
    columns = [index for index, element in enumerate(new) if element in in_old]
    a, b = [old[index] for index in rows], [new[index] for index in columns]
    if not a or not b:
        return []
    if len(a) == 1 or len(b) == 1:
        first, second = (0, b.index(a[0])) if len(a) == 1 else (a.index(b[0]), 0)
        return [(rows[first], columns[second])]
    return [(rows[first], columns[second]) for first, second in _myers(a, b, budget, cap)]


def _myers(a: Sequence[T], b: Sequence[T], budget: Budget, cap: int) -> list[Pair]:
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(len(a) + len(b), cap) + 1):
        if not budget.take(2 * edits + 1):
            return []
        trace.append(furthest.copy())
        for diagonal in range(-edits, edits + 1, 2):
            if diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1]):
                x = furthest[diagonal + 1]
            else:
                x = furthest[diagonal - 1] + 1
            y = x - diagonal
            start = x
            while x < len(a) and y < len(b) and a[x] == b[y]:
                x, y = x + 1, y + 1
            if x - start > 64 and not budget.take((x - start) // 8):
                return []
            furthest[diagonal] = x
            if x >= len(a) and y >= len(b):
                return _walk_back(trace, len(a), len(b))
    budget.is_spent = True
    return []


def _walk_back(trace: list[dict[int, int]], x: int, y: int) -> list[Pair]:
    pairs: list[Pair] = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest = trace[edits]
        diagonal = x - y
        if diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1]):
            diagonal += 1
        else:
            diagonal -= 1
        before_x = furthest[diagonal]
        before_y = before_x - diagonal
        while x > max(before_x, 0) and y > max(before_y, 0):
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = before_x, before_y
    return pairs
