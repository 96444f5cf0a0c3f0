"""Erasing a text where the law requires it, and what was written about it or quotes it."""

from .erasure import compact_after_commit, erase, protect, release
from .redaction import redact
