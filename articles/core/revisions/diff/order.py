"""Compares two orders of keys, and builds orders that take some of the moves."""

from collections.abc import Collection, Iterable, Sequence

from .alignment import longest_increasing


def moved_keys(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Return a smallest set of keys, present in both orders, whose move explains the difference."""
    new_positions = {key: place for place, key in enumerate(new)}
    common = [key for key in old if key in new_positions]
    staying = longest_increasing([new_positions[key] for key in common])
    return set(common) - {common[index] for index in staying}


def reorder(old: Sequence[str], new: Sequence[str], accepted: Collection[str]) -> list[str]:
    """Return `old` with the `accepted` keys moved, added or removed as in `new`.

    Accepting all keys gives `new`, accepting none gives `old`. An added or moved key goes after the nearest key
    before it in `new` that is already in place.
    """
    in_new, moved = set(new), moved_keys(old, new)
    settled = [key for key in old if key not in accepted or (key in in_new and key not in moved)]
    order = [key for key in settled if key in in_new and key not in moved]
    in_old, chosen = set(old), set(accepted)
    coming = [key for key in new if key in chosen and (key not in in_old or key in moved)]
    return insert_behind(settled, new, coming, anchors=order)


def insert_behind(
    order: Iterable[str], pattern: Sequence[str], coming: Collection[str], *, anchors: Collection[str]
) -> list[str]:
    """Return `order` with the `coming` keys, each inserted after its nearest predecessor in `pattern`.

    A predecessor is one of `anchors` or a key inserted earlier; a key without one goes first.
    """
    followers: dict[str, list[str]] = {"": []}
    anchor = ""
    known, wanted = set(anchors), set(coming)
    for key in pattern:
        if key in wanted:
            followers.setdefault(anchor, []).append(key)
        elif key in known:
            anchor = key
    result = list(followers[""])
    for key in order:
        result.append(key)
        if key:
            result += followers.get(key, [])
    return result
