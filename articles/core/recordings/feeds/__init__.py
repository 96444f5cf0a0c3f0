"""Reads what podcast and video feeds say about a show and its episodes. Fetches and writes nothing."""

from .parse import read
from .types import SIZE_LIMIT, Feed, FeedEpisode, FeedError, FeedProblem, TranscriptLink
