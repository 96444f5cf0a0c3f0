"""Splits two bodies into unchanged stretches and hunks, each of which can be accepted on its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter

from .alignment import Budget, Pair, align
from .pairing import pair_pieces
from .segment import Cut, blocks, sentences

SENTENCE_LIMIT = 400_000
"""Characters of changed blocks, both sides together, that are compared by sentence; the rest is compared by block."""
TOKEN_LIMIT = 500_000
"""Characters of changed sentences or blocks that are compared word by word; the rest is shown as replaced."""
LONGEST_READ = 20_000
"""Most characters of a sentence or block that is compared word by word."""
MOST_LINES = 100_000
"""Most lines of a body; a longer one becomes a single hunk from its first change to its last."""
MOST_HUNKS = 3_000
"""Most hunks of one comparison; a body with more becomes a single hunk from its first change to its last."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of both bodies: `old == new` where nothing changed, otherwise one hunk.

    `old_core` and `new_core` are its sentences without the gaps around them; both are "" where only a gap changed.
    `is_edit` means that one sentence became the other; otherwise `old_core` was removed and `new_core`, which is
    unlike it, was added. `is_block` means that these are whole blocks whose likeness wasn't checked.
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
    """What one comparison may still spend: alignment steps, characters and hunks."""

    def __init__(self) -> None:
        self.steps = Budget(600_000)
        self.sentence_characters = Budget(SENTENCE_LIMIT)
        self.token_characters = Budget(TOKEN_LIMIT)
        self.hunks = Budget(MOST_HUNKS)

    @property
    def is_coarse(self) -> bool:
        """Whether some part was too large or too tangled to compare as finely as the rest."""
        return any(
            budget.is_spent for budget in (self.steps, self.sentence_characters, self.token_characters, self.hunks)
        )

    def may_read(self, *texts: str) -> bool:
        """Deduct the texts and return true if they may be compared by word."""
        if any(len(text) > LONGEST_READ for text in texts):
            self.token_characters.is_spent = True
            return False
        return self.token_characters.take(sum(map(len, texts)))


def compare_bodies(old: str, new: str, reading: Reading) -> list[Stretch]:
    """Return stretches whose old sides join to `old` and whose new sides join to `new`.

    Equal blocks anchor the comparison; between them, sentences are compared. A hunk is one sentence that was
    edited, added or removed, or a gap on its own. Applying any selection of hunks gives a readable text.
    """
    if old == new:
        return [Stretch(old, new, sentence_count=_sentence_count(old))] if old else []
    if max(old.count("\n"), new.count("\n")) > MOST_LINES:
        return _one_hunk(old, new, reading)
    old_cut, new_cut = blocks(old), blocks(new)
    pairs = align(old_cut.pieces, new_cut.pieces, reading.steps)
    # Wherever a pair doesn't directly follow the one before it, there is a changed stretch between them.
    breaks = sum((i + 1, j + 1) != following for (i, j), following in pairwise(pairs))
    if breaks >= reading.hunks.left:
        return _one_hunk(old, new, reading)
    stretches = _stretches(old_cut, new_cut, pairs, reading)
    if _count_hunks(stretches) > reading.hunks.left:
        reading.sentence_characters.left = 0
        stretches = _stretches(old_cut, new_cut, pairs, reading)
    if not reading.hunks.take(_count_hunks(stretches)):
        return _one_hunk(old, new, reading)
    return list(_join_unchanged(stretches))


def _stretches(old: Cut, new: Cut, pairs: list[Pair], reading: Reading) -> list[Stretch]:
    stretches: list[Stretch] = []
    i = j = 0
    for first, second in [*pairs, (len(old.pieces), len(new.pieces))]:
        stretches += _compare_between(_text_between(old, i, first), _text_between(new, j, second), reading)
        if first < len(old.pieces):
            stretches.append(Stretch(old.pieces[first], old.pieces[first]))
        i, j = first + 1, second + 1
    return stretches


def _count_hunks(stretches: list[Stretch]) -> int:
    return sum(stretch.is_changed for stretch in stretches)


def _one_hunk(old: str, new: str, reading: Reading) -> list[Stretch]:
    """Return the lines both bodies begin and end with, and everything in between as one hunk."""
    reading.hunks.is_spent = True
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
    return list(
        _join_unchanged([Stretch(*first), Stretch(removed, added, removed, added, is_block=True), Stretch(*last)])
    )


def _text_between(cut: Cut, start: int, end: int) -> str:
    """Return the pieces from `start` to `end` with the gaps around and between them."""
    parts = [cut.gaps[start]]
    for index in range(start, end):
        parts += [cut.pieces[index], cut.gaps[index + 1]]
    return "".join(parts)


def _compare_between(old: str, new: str, reading: Reading) -> list[Stretch]:
    if old == new:
        return [Stretch(old, new)]
    is_fine = reading.sentence_characters.take(len(old) + len(new))
    old_cut, new_cut = (sentences(old), sentences(new)) if is_fine else (blocks(old), blocks(new))
    pairs = pair_pieces(old_cut, new_cut, reading.steps, with_edited=is_fine)
    return list(_Walk(old_cut, new_cut, is_coarse=not is_fine).steps(pairs))


def _sentence_count(text: str) -> int:
    """Count the sentences of an unchanged stretch; in a very long one, its paragraphs."""
    return text.count("\n\n") + 1 if text.count("\n") > MOST_LINES else len(sentences(text).pieces)


def _join_unchanged(stretches: list[Stretch]) -> Iterator[Stretch]:
    """Join unchanged neighbours, and count their sentences once."""
    for is_changed, group in groupby(stretches, key=attrgetter("is_changed")):
        if is_changed:
            yield from group
        elif text := "".join(stretch.old for stretch in group):
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
        """Yield the pieces without a partner, with the gaps around them."""
        old, new = self._old, self._new
        last = old.gaps[i_end], new.gaps[j_end]
        ends_apart = last[0] != "" or "".join(old.pieces[max(i, i_end - 1) : i_end])[-1:] in ("。", "！", "？")
        while i < i_end or j < j_end:
            first = old.gaps[i], new.gaps[j]
            is_mixed = i < i_end and j < j_end
            if first[0] == first[1] and (not is_mixed or (ends_apart and not self._is_coarse)):
                yield Stretch(*first)
                yield from self._alone(range(i, i_end), range(j, j_end))
                return
            if last[0] == last[1] and (not is_mixed or (first[1] != "" and not self._is_coarse)):
                yield from self._alone(range(i, i_end), range(j, j_end), with_gap_before=True)
                break
            # Replace piece by piece, however unlike; where a side has no pieces, its only gap goes with the first.
            before, after = "".join(old.pieces[i : min(i + 1, i_end)]), "".join(new.pieces[j : min(j + 1, j_end)])
            is_code = old.is_code[i : i + 1] != [False] and new.is_code[j : j + 1] != [False]
            if is_mixed:
                yield Stretch(first[0] + before, first[1] + after, before, after, is_code, is_block=self._is_coarse)
                i, j = i + 1, j + 1
                continue
            whole_old = first[0] + before + (old.gaps[i + 1] if before else "")
            whole_new = first[1] + after + (new.gaps[j + 1] if after else "")
            yield Stretch(whole_old, whole_new, before, after, is_code, is_block=self._is_coarse)
            yield from self._alone(range(i + 1, i_end), range(j + 1, j_end))
            return
        yield Stretch(*last)

    def _alone(self, removed: range, added: range, *, with_gap_before: bool = False) -> Iterator[Stretch]:
        """Yield the removed and the added pieces, each with the gap after it, or before it."""
        for cut, places in ((self._old, removed), (self._new, added)):
            for at in places:
                piece = cut.pieces[at]
                text = cut.gaps[at] + piece if with_gap_before else piece + cut.gaps[at + 1]
                sides = (text, "", piece, "") if cut is self._old else ("", text, "", piece)
                yield Stretch(*sides, cut.is_code[at], is_block=self._is_coarse)
