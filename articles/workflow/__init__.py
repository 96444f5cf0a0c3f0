"""The only writer of a revision's status and of an article's published pointer.

Every transition checks permissions, then compares and sets the status and writes the log in one transaction, and mails
people after the commit. A refusal explains why: who did what, and when.
"""

from .collaboration.judgements import (
    confirm_citation,
    dismiss,
    exempt,
    own_claims,
    withdraw_confirmation,
    withdraw_dismissal,
    withdraw_exemption,
)
from .collaboration.sharing import revoke, share
from .drafts import (
    create_article,
    discard,
    rebase,
    restore,
    restore_version,
    save_draft,
    start_draft,
    submit,
    withdraw,
)
from .drafts.versions import discard_versions
from .governance.approval_rules import delete_approval_rules, save_approval_rule
from .governance.erasing import erase, protect, redact, release
from .governance.passwords import issue_password, must_replace_password, replace_password
from .governance.profiles import change_accounts, delete_profiles, save_profile, take_profile_down
from .governance.ranks import (
    Rank,
    change_rank,
    confirm_rank,
    deactivate,
    has_history,
    is_name_taken,
    may_change_rank,
    may_edit,
    permission_names,
    reject_rank,
)
from .governance.suppression import suppress_name
from .governance.topics import assign_topics, delete_topics, save_topic
from .publishing import publish, publish_received, revert, unpublish, why_not_revertible
from .publishing.reviews import accept_in_part, approve, approve_again, confirm, reject, request_changes, review_whole
from .recordings import (
    change_episode,
    correct_cue,
    delete_recordings,
    discard_correction,
    get_or_create_show,
    remove_transcript,
    replace_transcript,
    save_episode,
    save_show,
    save_stretches,
    undo_correction,
)
from .scheduling import publish_due, schedule, unschedule
from .transitions import (
    InvalidTransition,
    NotAllowed,
    NotReady,
    StaleDraft,
    WorkflowError,
    is_collision,
    name_of,
    why_protected,
)
