"""Received transcript formats: each is read into cues, and what could not be read is listed with its place."""

from articles.transcripts.reading import read
from articles.transcripts.searching import Found, search
from articles.transcripts.values import Cue, Format, Reading, TranscriptError, TranscriptProblem

__all__ = ["Cue", "Format", "Found", "Reading", "TranscriptError", "TranscriptProblem", "read", "search"]
