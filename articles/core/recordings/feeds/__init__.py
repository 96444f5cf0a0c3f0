"""Reads what podcast and video feeds say about a show and its episodes. Fetches and writes nothing."""

from .parse import parse_duration, read
from .types import SIZE_LIMIT, Feed, FeedEpisode, FeedError, FeedProblem, TranscriptLink
