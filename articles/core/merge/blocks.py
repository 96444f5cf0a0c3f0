"""Merges three bodies by the hunks of both sides, and three orders of keys by what moved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from articles.core.diff.blocks import Reading, compare_bodies
from articles.core.diff.order import insert_behind, moved_keys

from .types import Origin


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the base and what each side made of it."""

    base: str
    ours: str
    theirs: str

    @property
    def origin(self) -> Origin | None:
        """Who changed it; None where both did, and not alike."""
        return origin_of(self.base, self.ours, self.theirs)


@dataclass(frozen=True, slots=True)
class _Hunk:
    start: int
    end: int
    text: str
    is_ours: bool


def origin_of(base: object, ours: object, theirs: object) -> Origin | None:
    """Tell who changed a value; None where both did, and not alike."""
    if ours == theirs:
        return "same" if ours == base else "both"
    if theirs == base:
        return "ours"
    return "theirs" if ours == base else None


def merge_bodies(base: str, ours: str, theirs: str, readings: tuple[Reading, Reading]) -> list[Region]:
    """Return regions in order; joined side by side they are the three bodies.

    Changes of the two sides that share a character of the base, or that add something at one point of it, are
    one region. Neighbouring sentences are apart: one may be changed by us and the next by them.
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
            hunks[index].start < end or hunks[index].start == hunks[index].end == start == end
        ):
            end = max(end, hunks[index].end)
            index += 1
        regions.append(_unchanged(base[done:start]))
        sides = [
            _applied(base, start, end, [hunk for hunk in hunks[first:index] if hunk.is_ours is is_ours])
            for is_ours in (True, False)
        ]
        regions.append(Region(base[start:end], *sides))
        done = end
    regions.append(_unchanged(base[done:]))
    return [region for region in regions if region.base or region.ours or region.theirs]


def _hunks(base: str, side: str, reading: Reading, *, is_ours: bool) -> list[_Hunk]:
    """Return the hunks in order; sentences removed and others put in their place are one."""
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


def _unchanged(text: str) -> Region:
    return Region(text, text, text)


def _applied(base: str, start: int, end: int, hunks: list[_Hunk]) -> str:
    parts = []
    for hunk in hunks:
        parts += [base[start : hunk.start], hunk.text]
        start = hunk.end
    return "".join([*parts, base[start:end]])


def merge_orders(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], kept: Collection[str]
) -> tuple[list[str], list[str]]:
    """Return the merged order of the `kept` keys twice, or two orders where the sides moved things apart.

    What only one side has stands behind its nearest predecessor there. Where both sides added something at one
    point, the one whose first key is smaller comes first, whichever side it is on.
    """
    alive = set(kept)
    in_both = alive & set(ours) & set(theirs)
    mine, yours = ([key for key in side if key in in_both] for side in (ours, theirs))
    if mine != yours:
        before = [key for key in base if key in in_both]
        old = set(before)
        mine, yours = ([key for key in side if key in old] for side in (mine, yours))
        mine, yours = _merged(before, mine, yours)
    orders = [_completed(order, ours, theirs, alive) for order in (mine, yours)]
    return orders[0], orders[1]


def _merged(base: list[str], ours: list[str], theirs: list[str]) -> tuple[list[str], list[str]]:
    if ours == base:
        return theirs, theirs
    if theirs in (base, ours):
        return ours, ours
    moved = moved_keys(base, ours), moved_keys(base, theirs)
    one, other = _replayed(ours, theirs, *moved), _replayed(theirs, ours, *moved[::-1])
    return (one, one) if one == other else (ours, theirs)


def _replayed(order: list[str], pattern: list[str], own: set[str], moved: set[str]) -> list[str]:
    """Return `order` with what `moved` in the pattern moved likewise."""
    staying = [key for key in order if key not in moved]
    return insert_behind(staying, pattern, moved, anchors=set(staying) - own)


def _completed(order: list[str], ours: Sequence[str], theirs: Sequence[str], alive: set[str]) -> list[str]:
    places = {key: place for place, key in enumerate(order, 1)}
    groups: dict[int, list[list[str]]] = {}
    anchored: dict[str, int] = {}
    for side in (ours, theirs):
        place = 0
        for key in side:
            place = places.get(key, place)
            if key in alive and key not in places:
                anchored[key] = min(place, anchored.get(key, place))
    for side in (ours, theirs):
        own: dict[int, list[str]] = {}
        for key in side:
            if key in anchored:
                own.setdefault(anchored[key], []).append(key)
        for place, keys in own.items():
            groups.setdefault(place, []).append(keys)
    result: list[str] = []
    for place, key in enumerate(["", *order]):
        result += [key] if place else []
        result += dict.fromkeys(added for keys in sorted(groups.get(place, [])) for added in keys)
    return result
