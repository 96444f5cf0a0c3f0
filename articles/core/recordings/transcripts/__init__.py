"""Reads transcript formats into cues and lists what could not be read, with its position."""

from .cue_search import search, terms_left_out
from .cue_text import typed_text
from .decoding import decode
from .plausibility import doubts_about_episode
from .reading import read
from .types import Cue, DoubtfulTranscriptError, Reading, TranscriptError, TranscriptProblem
from .writing import WRITERS
