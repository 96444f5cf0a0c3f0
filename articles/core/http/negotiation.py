"""Which representation of a response a client gets: its coding, or none because the client has it (RFC 9110)."""

import re
from collections.abc import Container

CODINGS = ("br", "gzip")  # the first of equals is preferred
# One accepted coding with its weight (RFC 9110, section 12.5.3).
_CODING = re.compile(r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?", re.IGNORECASE)
_ETAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def best_coding(accepted: str, available: Container[str] = CODINGS) -> str:
    """Return the one of `CODINGS` that an Accept-Encoding header prefers and that is available, "" for none.

    Parts of the header that don't conform to RFC 9110 are ignored.
    """
    weights = {}
    for part in accepted.split(","):
        if match := _CODING.fullmatch(part):
            weights[match[1].lower()] = float(match[2] or 1)
    default = weights.get("*", 0.0)
    choices = [coding for coding in CODINGS if coding in available]
    best = max(choices, key=lambda coding: weights.get(coding, default), default="")
    return best if best and weights.get(best, default) else ""


def has_it(if_none_match: str, etag: str) -> bool:
    """Return whether an If-None-Match header names `etag` (with its quotation marks); weak tags count, too."""
    return if_none_match.strip() == "*" or etag in _ETAG.findall(if_none_match)
