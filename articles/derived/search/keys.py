"""How kind, article and place of a row make its key, so that the databases return the most telling rows first."""

PLACE_BITS = 20
OWNER_BITS = 36
PLACES = 1 << PLACE_BITS  # rows of one kind that an article may have
OWNERS = 1 << OWNER_BITS


def key(kind: int, owner: int, place: int) -> int:
    """Raises OverflowError where the place is none that fits."""
    if not (0 <= place < PLACES and 0 <= owner < OWNERS):
        raise OverflowError(f"Place {place} of {owner} has no room in a key.")
    return (kind << OWNER_BITS | owner) << PLACE_BITS | place


def of_kind(kind: int) -> tuple[int, int]:
    """The first and the last key of a kind."""
    return key(kind, 0, 0), key(kind, OWNERS - 1, PLACES - 1)


def of_owner(kind: int, owner: int) -> tuple[int, int]:
    """The first and the last key of one article's rows of a kind."""
    return key(kind, owner, 0), key(kind, owner, PLACES - 1)
