"""Pairs the sentences of two texts: equal ones first, then edited ones."""

import re
from collections import Counter
from functools import lru_cache

from articles.core.language.words import UNSPACED

from .alignment import Budget, Pair, align
from .segment import Cut

_WINDOW = 12  # sentences; how far to look for the most similar one in a long stretch
_SMALL = 30  # sentences; up to so many, all pairs of a stretch are compared
_ALIKE = 0.5  # share of words in common (`alike`) from which two sentences are one, edited
_ALONE = 0.3  # the same if they are the only two that the stretch consists of
_SURE = 0.8  # the same above which no more similar sentence is looked for
_KNOWN_BY = 4000  # characters; a sentence of many hundred words is recognised by its first ones
_MARK = re.compile(r"\[[^\[\]\n]{0,60}\d:\d\d[^\[\]\n]{0,200}\]")
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def pair_pieces(old: Cut, new: Cut, budget: Budget, *, with_edited: bool) -> list[Pair]:
    """Return index pairs in order: equal pieces and, if `with_edited`, those that share about half their words."""
    pairs = align(old.pieces, new.pieces, budget)
    if not with_edited:
        return pairs
    all_pairs: list[Pair] = []
    i = j = 0
    for first, second in [*pairs, (len(old.pieces), len(new.pieces))]:
        if i < first and j < second:
            all_pairs += _pair_edited(old.pieces, new.pieces, (i, first), (j, second))
        all_pairs.append((first, second))
        i, j = first + 1, second + 1
    return all_pairs[:-1]


def _pair_edited(old: list[str], new: list[str], rows: Pair, columns: Pair) -> list[Pair]:
    is_alone = rows[1] - rows[0] == columns[1] - columns[0] == 1
    least = _ALONE if is_alone else _ALIKE
    if max(rows[1] - rows[0], columns[1] - columns[0]) > _SMALL:
        return _pair_nearest(old, new, rows, columns)
    # Maximise the total likeness of pairs in order; `best[i][j]` is the maximum for the sentences from i and j on.
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


def _pair_nearest(old: list[str], new: list[str], rows: Pair, columns: Pair) -> list[Pair]:
    """Pair each sentence with the most similar of the next few: linear, for a stretch rewritten from end to end."""
    pairs: list[Pair] = []
    j = columns[0]
    for i in range(*rows):
        best, match = _ALIKE, -1
        for candidate in range(j, min(j + _WINDOW, columns[1])):
            likeness = alike(old[i], new[candidate])
            if likeness >= best and (match < 0 or likeness > best):
                best, match = likeness, candidate
            if likeness > _SURE:
                break
        if match >= 0:
            pairs.append((i, match))
            j = match + 1
    return pairs


def words(sentence: str) -> tuple[str, ...]:
    """Return the words of a sentence in lower case, without its citations."""
    return tuple(_WORD.findall(_MARK.sub(" ", sentence).lower()))


def alike(first: str, second: str) -> float:
    """Return the share of words two sentences have in common, in [0, 1], comparing the first four letters of each."""
    fewer, more = _features(first[:_KNOWN_BY]), _features(second[:_KNOWN_BY])
    total = fewer.total() + more.total()
    if not total:
        return float(first[:1] == second[:1] and not _has_word(first) and not _has_word(second))
    if len(more) < len(fewer):
        fewer, more = more, fewer
    return 2 * sum(min(count, more[word]) for word, count in fewer.items() if word in more) / total


@lru_cache(maxsize=2048)
def _has_word(sentence: str) -> bool:
    return _WORD.search(sentence) is not None


@lru_cache(maxsize=2048)
def _features(sentence: str) -> Counter[str]:
    plain = _UNSPACED.sub(lambda match: f" {match.group()} ", _MARK.sub(" ", sentence))
    return Counter(word[:4].lower() for word in _WORD.findall(plain))
