"""Looks things up in the evidence panel."""

from articles.admin.evidence.claims import Claim
from articles.admin.evidence.flags import ShownIssue


def claims_in(panel):
    return [item for item in panel.items if isinstance(item, Claim)]


def flags_in(panel):
    """The lint issues that aren't dismissed."""
    return [item for item in panel.items if isinstance(item, ShownIssue) and item.is_flagged]
