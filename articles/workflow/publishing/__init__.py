"""What becomes public, and what no longer is: reviews, publishing, reverting, unpublishing."""

from .publishing import (
    FROZEN,
    move_pointer,
    publish,
    publish_received,
    require_approved,
    require_not_replaced,
    require_note_by_second_person,
    take_down,
    unpublish,
)
from .reverting import revert, why_not_revertible
