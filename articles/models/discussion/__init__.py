"""Discussion of a text: comments, suggested edits, readers' correction requests, links to drafts, quotations of erased text."""

from .comments import Comment
from .correction_requests import CorrectionRequest, FollowUp
from .margin import CommentedPassage, SuggestedEdit
from .quotations import Quotation
from .sharing import DraftLink, GuestComment
