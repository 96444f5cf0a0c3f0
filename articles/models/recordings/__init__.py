"""Recordings: shows, their episodes, and each episode's chapters, transcript cues and editions."""

from .changes import RecordingChange
from .chapters import Chapter
from .cues import Cue
from .editions import Edition, Stretch
from .episodes import Episode
from .shows import Show
