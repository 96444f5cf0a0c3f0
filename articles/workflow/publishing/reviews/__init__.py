"""A moderator's decisions on submitted revisions, and the approvals that a text needs."""

from .deciding import approve, approve_again, reject, request_changes
from .later_reviews import confirm, review_whole, why_no_confirmation, why_no_review
from .parts import accept_in_part, mark_reasons
from .required import ApprovalProgress, progress_by_key, progress_of, require_complete, require_last
