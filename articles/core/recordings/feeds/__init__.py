"""Reads what podcast and video feeds say about a show and its episodes. Fetches and writes nothing."""

from .parse import SIZE_LIMIT, parse_duration, read
from .types import Feed, FeedEpisode, FeedError, FeedProblem, TranscriptLink
