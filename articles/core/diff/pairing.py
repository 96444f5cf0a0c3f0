"""Pairs the sentences of two texts: equal ones first, then those that were edited."""

import re
from collections import Counter
from functools import lru_cache

from .alignment import Budget, Pair, align
from .segment import Cut

_WINDOW = 12
_SMALL = 30
_ALIKE = 0.5
_ALONE = 0.3
_KNOWN_BY = 4000  # characters: a sentence of many hundred words is known by its first ones
_MARK = re.compile(r"\[[^\[\]\n]{0,60}\d:\d\d[^\[\]\n]{0,200}\]")
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def pair_pieces(old: Cut, new: Cut, budget: Budget, *, with_edited: bool) -> list[Pair]:
    """Return index pairs in order: equal pieces, and `with_edited` those that share about half of their words."""
    pairs = align(old.pieces, new.pieces, budget)
    if not with_edited:
        return pairs
    found: list[Pair] = []
    i = j = 0
    for first, second in [*pairs, (len(old.pieces), len(new.pieces))]:
        if i < first and j < second:
            found += _edited(old.pieces, new.pieces, (i, first), (j, second))
        found.append((first, second))
        i, j = first + 1, second + 1
    return found[:-1]


def _edited(old: list[str], new: list[str], rows: Pair, columns: Pair) -> list[Pair]:
    is_alone = rows[1] - rows[0] == columns[1] - columns[0] == 1
    least = _ALONE if is_alone else _ALIKE
    if max(rows[1] - rows[0], columns[1] - columns[0]) > _SMALL:
        return _nearest(old, new, rows, columns)
    # The best sum of likenesses in order; `best[i][j]` is that of the sentences from i and j on.
    height, width = rows[1] - rows[0], columns[1] - columns[0]
    likeness = [[alike(old[rows[0] + i], new[columns[0] + j]) for j in range(width)] for i in range(height)]
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i in range(height - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= least else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: list[Pair] = []
    i = j = 0
    while i < height and j < width:
        if likeness[i][j] >= least and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((rows[0] + i, columns[0] + j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _nearest(old: list[str], new: list[str], rows: Pair, columns: Pair) -> list[Pair]:
    """Pair each sentence with the likest of the next few: linear, for a stretch rewritten from end to end."""
    pairs: list[Pair] = []
    j = columns[0]
    for i in range(*rows):
        likest, place = _ALIKE, -1
        for candidate in range(j, min(j + _WINDOW, columns[1])):
            likeness = alike(old[i], new[candidate])
            if likeness >= likest and (place < 0 or likeness > likest):
                likest, place = likeness, candidate
            if likeness > 0.8:
                break
        if place >= 0:
            pairs.append((i, place))
            j = place + 1
    return pairs


def alike(first: str, second: str) -> float:
    """Return the share of words that two sentences have in common, from 0 to 1, by their first letters."""
    one, other = _features(first[:_KNOWN_BY]), _features(second[:_KNOWN_BY])
    total = one.total() + other.total()
    if not total:
        return float(_WORD.search(first) is None and _WORD.search(second) is None and first[:1] == second[:1])
    if len(other) < len(one):
        one, other = other, one
    return 2 * sum(min(count, other[word]) for word, count in one.items() if word in other) / total


@lru_cache(maxsize=2048)
def _features(sentence: str) -> Counter[str]:
    plain = _UNSPACED.sub(lambda match: f" {match.group()} ", _MARK.sub(" ", sentence))
    return Counter(word[:4].lower() for word in _WORD.findall(plain))
