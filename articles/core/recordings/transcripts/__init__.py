"""Received transcript formats: each is read into cues, and what could not be read is listed with its place."""

from .reading import read
from .search import Found, search
from .types import Cue, Format, Reading, TranscriptError, TranscriptProblem

__all__ = ["Cue", "Format", "Found", "Reading", "TranscriptError", "TranscriptProblem", "read", "search"]
