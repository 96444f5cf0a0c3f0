"""Merges three bodies by the hunks of both sides, and three orders of keys by their moves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from articles.core.revisions.diff.blocks import Reading, compare_bodies
from articles.core.revisions.diff.order import insert_behind, moved_keys


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the base and the text that each side has in its place."""

    base: str
    ours: str
    theirs: str

    @property
    def is_conflict(self) -> bool:
        """Whether the sides changed it differently."""
        return self.ours != self.theirs and self.base not in (self.ours, self.theirs)

    @classmethod
    def joining(cls, regions: Sequence["Region"]) -> "Region":
        """Return neighbouring regions as one."""
        sides = zip(*((region.base, region.ours, region.theirs) for region in regions), strict=True)
        return cls(*("".join(side) for side in sides))


@dataclass(frozen=True, slots=True)
class _Hunk:
    start: int
    end: int
    text: str
    is_ours: bool


def merge_bodies(base: str, ours: str, theirs: str, readings: tuple[Reading, Reading]) -> list[Region]:
    """Return regions in order; each of their three sides joins to one of the three bodies.

    Changes of both sides that overlap in the base, or add something at the same point of it, share a region.
    Neighbouring sentences don't, since we may have changed one and they the next, unless their words would run
    together.
    """
    hunks = sorted(
        [*_hunks(base, ours, readings[0], is_ours=True), *_hunks(base, theirs, readings[1], is_ours=False)],
        key=lambda hunk: (hunk.start, hunk.end),
    )
    regions: list[Region] = []
    done = index = 0
    while index < len(hunks):
        start, end = hunks[index].start, hunks[index].end
        first = index
        index += 1
        while index < len(hunks) and (
            hunks[index].start < end
            or hunks[index].start == hunks[index].end == start == end
            or (hunks[index].start == end and _run_together(hunks, index))
        ):
            end = max(end, hunks[index].end)
            index += 1
        regions.append(_unchanged(base[done:start]))
        sides = [
            _apply_hunks(base, start, end, [hunk for hunk in hunks[first:index] if hunk.is_ours is is_ours])
            for is_ours in (True, False)
        ]
        regions.append(Region(base[start:end], *sides))
        done = end
    regions.append(_unchanged(base[done:]))
    return [region for region in regions if region.base or region.ours or region.theirs]


def _hunks(base: str, side: str, reading: Reading, *, is_ours: bool) -> list[_Hunk]:
    """Return the hunks in order; removed sentences and those that replace them are one hunk."""
    hunks: list[_Hunk] = []
    first, end, takes_more = 0, 0, False
    for stretch in compare_bodies(base, side, reading):
        start, end = end, end + len(stretch.old)
        if not stretch.is_changed:
            takes_more = False
            continue
        if takes_more and not stretch.old:
            text = "".join(hunk.text for hunk in hunks[first:]) + stretch.new
            hunks[first:] = [_Hunk(hunks[first].start, end, text, is_ours)]
            continue
        if not (takes_more and not stretch.new and not hunks[-1].text):
            first = len(hunks)
        takes_more = not stretch.new
        hunks.append(_Hunk(start, end, stretch.new, is_ours))
    return hunks


def _run_together(hunks: Sequence[_Hunk], index: int) -> bool:
    """Return whether the text of hunk `index` would join the other side's text before it into one word."""
    after = hunks[index]
    start = after.start
    for hunk in reversed(hunks[:index]):
        if hunk.is_ours is after.is_ours:
            continue
        if hunk.end != start:
            return False
        if hunk.text:
            return hunk.text[-1:].isalnum() and after.text[:1].isalnum()
        start = hunk.start  # that side deleted the space between them in a hunk of its own
    return False


def _unchanged(text: str) -> Region:
    return Region(text, text, text)


def _apply_hunks(base: str, start: int, end: int, hunks: list[_Hunk]) -> str:
    parts = []
    for hunk in hunks:
        parts += [base[start : hunk.start], hunk.text]
        start = hunk.end
    return "".join([*parts, base[start:end]])


def merge_orders(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], kept: Collection[str]
) -> tuple[list[str], list[str]]:
    """Return the merged order of the `kept` keys twice, or ours and theirs where their moves contradict.

    A key that only one side has goes after its nearest predecessor on that side. Where both sides added keys at
    one point, the group with the smaller first key comes first, whichever side it is from.
    """
    kept_keys = set(kept)
    in_both = kept_keys & set(ours) & set(theirs)
    our_order, their_order = ([key for key in side if key in in_both] for side in (ours, theirs))
    if our_order != their_order:
        before = [key for key in base if key in in_both]
        in_base = set(before)
        our_order, their_order = ([key for key in side if key in in_base] for side in (our_order, their_order))
        our_order, their_order = _merge_moves(before, our_order, their_order)
    orders = [_insert_added(order, ours, theirs, kept_keys) for order in (our_order, their_order)]
    return orders[0], orders[1]


def _merge_moves(base: list[str], ours: list[str], theirs: list[str]) -> tuple[list[str], list[str]]:
    if ours == base:
        return theirs, theirs
    if theirs in (base, ours):
        return ours, ours
    moved = moved_keys(base, ours), moved_keys(base, theirs)
    onto_ours, onto_theirs = _replay_moves(ours, theirs, *moved), _replay_moves(theirs, ours, *moved[::-1])
    return (onto_ours, onto_ours) if onto_ours == onto_theirs else (ours, theirs)


def _replay_moves(order: list[str], pattern: list[str], own: set[str], moved: set[str]) -> list[str]:
    """Return `order` with the `moved` keys placed as in `pattern`."""
    staying = [key for key in order if key not in moved]
    return insert_behind(staying, pattern, moved, anchors=set(staying) - own)


def _insert_added(order: list[str], ours: Sequence[str], theirs: Sequence[str], kept_keys: set[str]) -> list[str]:
    positions = {key: position for position, key in enumerate(order, 1)}
    groups: dict[int, list[list[str]]] = {}
    anchored: dict[str, int] = {}
    for side in (ours, theirs):
        position = 0
        for key in side:
            position = positions.get(key, position)
            if key in kept_keys and key not in positions:
                anchored[key] = min(position, anchored.get(key, position))
    for side in (ours, theirs):
        side_groups: dict[int, list[str]] = {}
        for key in side:
            if key in anchored:
                side_groups.setdefault(anchored[key], []).append(key)
        for position, keys in side_groups.items():
            groups.setdefault(position, []).append(keys)
    result: list[str] = []
    for position, key in enumerate(["", *order]):
        result += [key] if position else []
        result += dict.fromkeys(added for keys in sorted(groups.get(position, [])) for added in keys)
    return result
