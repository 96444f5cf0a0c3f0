"""Reads transcript formats into cues and lists what could not be read, with its position."""

from .captions.cue_text import typed_text
from .cue_search import search, terms_left_out
from .decoding import decode
from .plausibility import doubts_about_episode, leaves_more_silent, silence_problems
from .reading import read
from .silence import silences
from .types import Cue, DoubtfulTranscriptError, Reading, TranscriptError, TranscriptProblem
from .writing import WRITERS
