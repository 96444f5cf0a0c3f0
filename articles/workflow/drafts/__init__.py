"""Drafts up to the review queue: start, save, submit, withdraw, discard, rebase; and the versions that are kept of them."""

from .discarding import discard
from .rebasing import rebase
from .saving import create_article, new_draft, restore, restore_version, save_draft, start_draft
from .submission import submit, submit_draft, withdraw
