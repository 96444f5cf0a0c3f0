"""Reads transcript formats into cues and lists what could not be read, with its position."""

from .cue_search import search
from .reading import read
from .types import Cue, Reading, TranscriptError, TranscriptProblem
