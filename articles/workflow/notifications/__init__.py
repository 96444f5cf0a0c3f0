"""Notices: in the inbox at once, and by mail as each person wants it, with retries for mails that failed."""

from .delivery import deliver, retry_failed
from .links import url_of
from .mailboxes import next_digest, set_frequency
from .notices import notify, watchers
from .outcomes import deliver_outcomes, forget_expired, outcome_words
