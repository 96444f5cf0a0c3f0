"""The only writer of a revision's status and of an article's published pointer.

Every transition checks permission, compares and sets in one transaction, writes the log, and tells people after the
commit. What it refuses it explains: who did what, and when.
"""

from .collaboration.verification import (
    confirm_citation,
    dismiss,
    exempt,
    withdraw_confirmation,
    withdraw_dismissal,
    withdraw_exemption,
)
from .drafts import create_article, rebase, save_draft, start_draft, submit, withdraw
from .governance.erasure import erase, note_changed_recording, protect, release, suppress_name
from .governance.profiles import articles_naming, render_all, render_naming, save_profile, take_profile_down
from .governance.redaction import redact
from .governance.topics import assign_topics, render_filed_under
from .publishing import AS_RECEIVED, publish, publish_received, unpublish
from .reviews import accept_in_part, approve, confirm, reject, request_changes
from .scheduling import publish_due, schedule, unschedule
from .transitions import (
    Clashes,
    InvalidTransition,
    NotAllowed,
    NotReady,
    StaleDraft,
    WorkflowError,
    is_collision,
    name_of,
)

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
    "articles_naming",
    "assign_topics",
    "confirm",
    "confirm_citation",
    "create_article",
    "dismiss",
    "erase",
    "exempt",
    "is_collision",
    "name_of",
    "note_changed_recording",
    "protect",
    "publish",
    "publish_due",
    "publish_received",
    "rebase",
    "redact",
    "reject",
    "release",
    "render_all",
    "render_filed_under",
    "render_naming",
    "request_changes",
    "save_draft",
    "save_profile",
    "schedule",
    "start_draft",
    "submit",
    "suppress_name",
    "take_profile_down",
    "unpublish",
    "unschedule",
    "withdraw",
    "withdraw_confirmation",
    "withdraw_dismissal",
    "withdraw_exemption",
]
