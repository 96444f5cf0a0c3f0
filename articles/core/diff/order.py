"""Orders of keys: what moved between two of them, and orders between the two."""

from collections.abc import Collection, Iterable, Sequence

from .alignment import longest_increasing


def moved_keys(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Return the keys of both orders that do not stand between the same neighbours: as few as will do."""
    places = {key: place for place, key in enumerate(new)}
    common = [key for key in old if key in places]
    staying = longest_increasing([places[key] for key in common])
    return set(common) - {common[index] for index in staying}


def reorder(old: Sequence[str], new: Sequence[str], accepted: Collection[str]) -> list[str]:
    """Return `old` with the `accepted` keys moved, added or removed as in `new`.

    All keys accepted give `new`, none `old`. A key that comes in stands behind the nearest one before it in
    `new` that has its place already.
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
    """Return `order` with the `coming` keys, each behind its nearest predecessor in `pattern`.

    A predecessor is one of `anchors` or one that came in before; without one the key stands first.
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
