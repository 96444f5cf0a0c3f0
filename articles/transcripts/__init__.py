"""Received transcript formats: each is read into cues, and what could not be read is listed with its place."""

from .reading import read
from .searching import Found, search
from .values import Cue, Format, Reading, TranscriptError, TranscriptProblem

__all__ = ["Cue", "Format", "Found", "Reading", "TranscriptError", "TranscriptProblem", "read", "search"]
