"""The only writer of a revision's status and of an article's published pointer.

Every transition checks permission, compares and sets in one transaction, writes the log, and tells people after the
commit. What it refuses it explains: who did what, and when.
"""

from .deciding import accept_in_part, approve, confirm, reject, request_changes
from .drafting import bring_up_to_date, create_article, save_draft, start_draft, submit, withdraw
from .errors import Clashes, InvalidTransition, NotAllowed, NotReady, StaleDraft, WorkflowError
from .evidence import (
    confirm_citation,
    dismiss,
    exempt,
    withdraw_confirmation,
    withdraw_dismissal,
    withdraw_exemption,
)
from .publishing import AS_RECEIVED, publish, publish_received, unpublish
from .scheduling import publish_due, schedule, unschedule
from .steps import name_of
from .stewardship import erase, note_changed_recording, protect, release, suppress_name

__all__ = [
    "AS_RECEIVED",
    "Clashes",
    "InvalidTransition",
    "NotAllowed",
    "NotReady",
    "StaleDraft",
    "WorkflowError",
    "accept_in_part",
    "approve",
    "bring_up_to_date",
    "confirm",
    "confirm_citation",
    "create_article",
    "dismiss",
    "erase",
    "exempt",
    "name_of",
    "note_changed_recording",
    "protect",
    "publish",
    "publish_due",
    "publish_received",
    "reject",
    "release",
    "request_changes",
    "save_draft",
    "schedule",
    "start_draft",
    "submit",
    "suppress_name",
    "unpublish",
    "unschedule",
    "withdraw",
    "withdraw_confirmation",
    "withdraw_dismissal",
    "withdraw_exemption",
]
