"""Compares two bodies: stretches that stay, and hunks that are taken or left, each with its wording."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .alignment import Budget, Pair, align
from .pairing import pair_pieces
from .segment import Cut, blocks, sentences

SENTENCE_LIMIT = 400_000
"""Characters of changed blocks, both sides together, that are read sentence by sentence; more is coarse."""
TOKEN_LIMIT = 500_000
"""Characters of changed sentences or blocks that are read word by word; what is beyond is shown unread."""
LONGEST_READ = 20_000
"""Characters of one sentence or block that is read word by word."""
MOST_LINES = 100_000
"""Lines of one body that are told apart; one with more is one hunk from its first change to its last."""
MOST_HUNKS = 3_000
"""Hunks of one comparison; a body with more is one hunk from its first change to its last."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text of both bodies in order: `old == new` where nothing changed, else one hunk.

    `old_core` and `new_core` are its sentences without the gaps around them; both "" where only a gap changed.
    `is_edit`: the one became the other; otherwise one went and, where both are there, an unlike one came.
    `is_block`: they are whole blocks, and nobody looked whether they are alike.
    """

    old: str
    new: str
    old_core: str = ""
    new_core: str = ""
    is_code: bool = False
    is_edit: bool = False
    is_block: bool = False
    sentence_count: int = 0

    @property
    def is_changed(self) -> bool:
        """Whether this is a hunk."""
        return self.old != self.new


class Reading:
    """What one comparison may still spend: steps of alignment, and characters read by sentence."""

    def __init__(self) -> None:
        self.budget = Budget(600_000)
        self.characters = SENTENCE_LIMIT
        self.token_characters = TOKEN_LIMIT
        self.hunks = MOST_HUNKS
        self.is_coarse = False

    def may_cut(self, characters: int) -> bool:
        """Whether so much may be cut into sentences; takes it, or remembers that the comparison is coarse."""
        if characters > self.characters:
            self.is_coarse = True
            return False
        self.characters -= characters
        return True

    def may_read(self, *texts: str) -> bool:
        """Whether the texts may be read word by word; takes them, or remembers that the comparison is coarse."""
        characters = sum(map(len, texts))
        if characters > self.token_characters or any(len(text) > LONGEST_READ for text in texts):
            self.is_coarse = True
            return False
        self.token_characters -= characters
        return True


def compare_bodies(old: str, new: str, reading: Reading) -> list[Stretch]:
    """Return stretches whose old sides joined are `old` and whose new sides are `new`.

    Blocks that are the same hold the text together; between them sentences are compared. A hunk is one
    sentence that was edited, added or removed, or a gap alone. Any choice of hunks gives a readable text.
    """
    if old == new:
        return [Stretch(old, new, sentence_count=_sentence_count(old))] if old else []
    if max(old.count("\n"), new.count("\n")) > MOST_LINES:
        return _one_hunk(old, new, reading)
    old_cut, new_cut = blocks(old), blocks(new)
    pairs = align(old_cut.pieces, new_cut.pieces, reading.budget)
    reading.is_coarse = reading.is_coarse or reading.budget.is_spent
    # As many changed stretches as steps that do not follow the one before.
    breaks = sum((i + 1, j + 1) != following for (i, j), following in pairwise(pairs))
    if breaks >= reading.hunks:
        return _one_hunk(old, new, reading)
    found = _stretches(old_cut, new_cut, pairs, reading)
    if _count(found) > reading.hunks:
        reading.characters = 0
        found = _stretches(old_cut, new_cut, pairs, reading)
    if (count := _count(found)) > reading.hunks:
        return _one_hunk(old, new, reading)
    reading.hunks -= count
    return list(_gathered(found))


def _stretches(old: Cut, new: Cut, pairs: list[Pair], reading: Reading) -> list[Stretch]:
    found: list[Stretch] = []
    i = j = 0
    for first, second in [*pairs, (len(old.pieces), len(new.pieces))]:
        found += _between(_joined(old, i, first), _joined(new, j, second), reading)
        if first < len(old.pieces):
            found.append(Stretch(old.pieces[first], old.pieces[first]))
        i, j = first + 1, second + 1
    return found


def _count(stretches: list[Stretch]) -> int:
    return sum(stretch.is_changed for stretch in stretches)


def _one_hunk(old: str, new: str, reading: Reading) -> list[Stretch]:
    """Return the lines that both begin and end with, and all that is between as one hunk."""
    reading.is_coarse = True
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    shorter = min(len(before), len(after))
    start = end = 0
    while start < shorter and before[start] == after[start]:
        start += 1
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    parts = [
        ["".join(lines[:start]), "".join(lines[start : len(lines) - end]), "".join(lines[len(lines) - end :])]
        for lines in (before, after)
    ]
    first, (removed, added), last = zip(*parts, strict=True)
    return list(_gathered([Stretch(*first), Stretch(removed, added, removed, added, is_block=True), Stretch(*last)]))


def _joined(cut: Cut, start: int, end: int) -> str:
    """Return the pieces from `start` to `end` with the gaps around and between them."""
    parts = [cut.gaps[start]]
    for index in range(start, end):
        parts += [cut.pieces[index], cut.gaps[index + 1]]
    return "".join(parts)


def _between(old: str, new: str, reading: Reading) -> list[Stretch]:
    if old == new:
        return [Stretch(old, new)]
    is_fine = reading.may_cut(len(old) + len(new))
    old_cut, new_cut = (sentences(old), sentences(new)) if is_fine else (blocks(old), blocks(new))
    pairs = pair_pieces(old_cut, new_cut, reading.budget, with_edited=is_fine)
    return list(_Walk(old_cut, new_cut, is_coarse=not is_fine).steps(pairs))


def _sentence_count(text: str) -> int:
    """Count what is folded; in a text of very many lines its paragraphs."""
    return text.count("\n\n") + 1 if text.count("\n") > MOST_LINES else len(sentences(text).pieces)


def _gathered(stretches: list[Stretch]) -> Iterator[Stretch]:
    """Join neighbours that stay, and count their sentences once."""
    same: list[str] = []
    for stretch in stretches:
        if not stretch.is_changed:
            same.append(stretch.old)
            continue
        if text := "".join(same):
            yield Stretch(text, text, sentence_count=_sentence_count(text))
        same = []
        yield stretch
    if text := "".join(same):
        yield Stretch(text, text, sentence_count=_sentence_count(text))


class _Walk:
    """Turns pairs of pieces into stretches; every gap goes with one of its neighbours."""

    def __init__(self, old: Cut, new: Cut, *, is_coarse: bool) -> None:
        self._old, self._new, self._is_coarse = old, new, is_coarse

    def steps(self, pairs: list[tuple[int, int]]) -> Iterator[Stretch]:
        old, new = self._old, self._new
        i = j = 0
        for first, second in [*pairs, (len(old.pieces), len(new.pieces))]:
            lead: tuple[str, str] | None = None
            if i == first and j == second:
                lead = old.gaps[i], new.gaps[j]
            else:
                yield from self._cluster(i, first, j, second)
            if first == len(old.pieces):
                if lead:
                    yield Stretch(*lead)
                return
            before, after = old.pieces[first], new.pieces[second]
            is_edit = before != after
            if lead and not (is_edit and lead[0] != lead[1]):
                yield Stretch(*lead)
                lead = None
            old_gap, new_gap = lead or ("", "")
            yield Stretch(
                old_gap + before,
                new_gap + after,
                before,
                after,
                is_code=old.is_code[first] and new.is_code[second],
                is_edit=is_edit,
            )
            i, j = first + 1, second + 1

    def _cluster(self, i: int, i_end: int, j: int, j_end: int) -> Iterator[Stretch]:
        """Pieces without a partner, with the gaps around them."""
        old, new = self._old, self._new
        last = old.gaps[i_end], new.gaps[j_end]
        ends_apart = last[0] != "" or "".join(old.pieces[max(i, i_end - 1) : i_end])[-1:] in ("。", "！", "？")
        while i < i_end or j < j_end:
            first = old.gaps[i], new.gaps[j]
            is_mixed = i < i_end and j < j_end
            if first[0] == first[1] and (not is_mixed or (ends_apart and not self._is_coarse)):
                yield Stretch(*first)
                yield from (self._removed(at, "", old.gaps[at + 1]) for at in range(i, i_end))
                yield from (self._added(at, "", new.gaps[at + 1]) for at in range(j, j_end))
                return
            if last[0] == last[1] and (not is_mixed or (first[1] != "" and not self._is_coarse)):
                yield from (self._removed(at, old.gaps[at], "") for at in range(i, i_end))
                yield from (self._added(at, new.gaps[at], "") for at in range(j, j_end))
                break
            # One for another, unlike as they are; where one side has none, its only gap goes with the first.
            before, after = "".join(old.pieces[i : min(i + 1, i_end)]), "".join(new.pieces[j : min(j + 1, j_end)])
            is_code = old.is_code[i : i + 1] != [False] and new.is_code[j : j + 1] != [False]
            if is_mixed:
                yield Stretch(first[0] + before, first[1] + after, before, after, is_code, is_block=self._is_coarse)
                i, j = i + 1, j + 1
                continue
            if before:
                yield Stretch(
                    first[0] + before + old.gaps[i + 1], first[1], before, "", is_code, is_block=self._is_coarse
                )
                yield from (self._removed(at, "", old.gaps[at + 1]) for at in range(i + 1, i_end))
            else:
                yield Stretch(
                    first[0], first[1] + after + new.gaps[j + 1], "", after, is_code, is_block=self._is_coarse
                )
                yield from (self._added(at, "", new.gaps[at + 1]) for at in range(j + 1, j_end))
            return
        yield Stretch(*last)

    def _removed(self, at: int, before: str, after: str) -> Stretch:
        piece = self._old.pieces[at]
        return Stretch(before + piece + after, "", piece, "", self._old.is_code[at], is_block=self._is_coarse)

    def _added(self, at: int, before: str, after: str) -> Stretch:
        piece = self._new.pieces[at]
        return Stretch("", before + piece + after, "", piece, self._new.is_code[at], is_block=self._is_coarse)
