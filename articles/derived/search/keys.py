"""Packs kind, article and position of a row into its key, so that databases return the most relevant rows first."""

PLACE_BITS = 20
OWNER_BITS = 36
PLACES = 1 << PLACE_BITS  # maximum rows of one kind per article
OWNERS = 1 << OWNER_BITS


def key(kind: int, owner: int, place: int) -> int:
    """Return the key of a row; raises OverflowError if `place` or `owner` doesn't fit."""
    if not (0 <= place < PLACES and 0 <= owner < OWNERS):
        raise OverflowError(f"Place {place} of {owner} doesn't fit into a key.")
    return (kind << OWNER_BITS | owner) << PLACE_BITS | place


def kind_of(key: int) -> int:
    """Return the kind of the row with this key."""
    return key >> OWNER_BITS + PLACE_BITS


def owner_of(key: int) -> int:
    """Return the article of the row with this key."""
    return key >> PLACE_BITS & OWNERS - 1


def bounds(kind: int, owner: int | None = None) -> tuple[int, int]:
    """Return the first and last key of a kind, or of one article's rows of a kind."""
    first, last = (0, OWNERS - 1) if owner is None else (owner, owner)
    return key(kind, first, 0), key(kind, last, PLACES - 1)


def bounds_of(key: int) -> tuple[int, int]:
    """Return the first and last key of the rows with the kind and article of the row with this key."""
    return key & ~(PLACES - 1), key | (PLACES - 1)
