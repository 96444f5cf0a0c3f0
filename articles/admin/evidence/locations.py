"""Where something stands on the editor's screen."""

from dataclasses import dataclass

LEAD_CARD = "card-lead"
LEAD_FIELD = "id_lead"


@dataclass(frozen=True)
class Place:
    """The card, the field in it, and the place in the field's text; `label` is the card's heading."""

    card: str
    field: str
    label: str
    offset: int
    length: int
    line: int
    column: int
