"""Received transcript formats: each is read into cues, and what could not be read is listed with its place."""

from .reading import read
from .search import search
from .types import Cue, Reading, TranscriptError, TranscriptProblem

__all__ = ["Cue", "Reading", "TranscriptError", "TranscriptProblem", "read", "search"]
