"""Locations on the editor's screen."""

from dataclasses import dataclass

LEAD_CARD = "card-lead"
LEAD_FIELD = "id_lead"


@dataclass(frozen=True)
class Place:
    """A range of text in a field of a card. `label` is the card's heading; offset and length are in characters."""

    card: str
    field: str
    label: str
    offset: int
    length: int
    line: int
    column: int
