"""Digests that chain records to the ones before them, so that a change to any of them is noticed."""

import hashlib
import json
from collections.abc import Mapping


def canonical_json(value: Mapping[str, object]) -> bytes:
    """`value` as UTF-8 JSON with sorted keys and no white space: the same value gives the same bytes (RFC 8785's aim).

    Raises TypeError for what JSON does not know, and ValueError for numbers that are none.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def digest(value: Mapping[str, object], predecessor: str = "") -> str:
    """SHA-256 (64 hexadecimal digits) over the predecessor's digest, a line feed and the canonical JSON of `value`."""
    return hashlib.sha256(predecessor.encode("ascii") + b"\n" + canonical_json(value)).hexdigest()
