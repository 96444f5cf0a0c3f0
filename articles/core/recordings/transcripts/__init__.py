"""Reads transcript formats into cues and lists what could not be read, with its position."""

from .reading import read
from .search import search
from .types import Cue, Reading, TranscriptError, TranscriptProblem

__all__ = ["Cue", "Reading", "TranscriptError", "TranscriptProblem", "read", "search"]
