"""What every transition is built from: locks, guards, four eyes, compare-and-set, the log entry."""

from .errors import (
    InvalidTransition,
    MergeConflicts,
    NotAllowed,
    NotReady,
    StaleDraft,
    WorkflowError,
    clock,
)
from .guards import name_of, require, require_editable, require_reason, why_protected
from .locking import (
    claim_slug,
    explain_collisions,
    is_collision,
    lock_article,
    refuse_second,
    transition,
)
from .log import contributes, copy_contributors, record, record_creation
from .statuses import Action, Status, compare_and_set, moved_on, set_status
