"""Received podcast and video feeds: what they say of a show and its episodes; nothing is fetched, nothing is written."""

from .durations import parse_duration
from .parse import SIZE_LIMIT, read
from .types import Feed, FeedEpisode, FeedError, FeedProblem, TranscriptLink

__all__ = [
    "SIZE_LIMIT",
    "Feed",
    "FeedEpisode",
    "FeedError",
    "FeedProblem",
    "TranscriptLink",
    "parse_duration",
    "read",
]
