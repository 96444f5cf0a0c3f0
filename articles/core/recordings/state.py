"""A recording as readers see it and as evidence uses it: one value, and the digests of it and of its cues.

The value is plain data (JSON), so that it can be stored and shown as it was: strings, whole seconds, lists.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

State = Mapping[str, object]

# Every part of the value; the columns have their names.
PARTS = (
    "show",
    "title",
    "slug",
    "published_on",
    "duration_seconds",
    "page_url",
    "audio_url",
    "youtube_id",
    "allows_excerpts",
    "allows_transcript",
    "people",
    "chapters",
    "editions",
    "transcript",
)

# Parts that came later, with what they were until then: while they are, they are left out of digests, which approvals
# and logs from before cover.
ADDED: State = {"allows_transcript": False, "people": ""}


def digest(state: State) -> str:
    """Return the SHA-256 (64 hex digits) of the canonical JSON of `state`, which has exactly the `PARTS`.

    Raises ValueError for a part that is missing or unknown: it would be covered by no review.
    """
    if set(state) != set(PARTS):
        raise ValueError(f"Not the parts of a recording: {sorted(set(state) ^ set(PARTS))}")
    covered = {name: value for name, value in state.items() if name not in ADDED or value != ADDED[name]}
    canonical = json.dumps(covered, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def cues_digest(cues: Iterable[Sequence[object]]) -> str:
    """Return the SHA-256 (64 hex digits) of a transcript: one JSON list per line and cue, [start, end, speaker, text]."""
    hashed = hashlib.sha256()
    for cue in cues:
        hashed.update(json.dumps(list(cue), ensure_ascii=False).encode() + b"\n")
    return hashed.hexdigest()
