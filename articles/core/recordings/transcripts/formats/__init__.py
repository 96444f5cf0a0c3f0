"""The transcript formats. The one with the highest score reads a file; the first of several."""

from .arrows import SIGNATURE, SUBRIP, WEBVTT
from .comma_pairs import SBV, SUBVIEWER
from .foreign import refuse_binary, refuse_text
from .lines.lyrics import LYRICS
from .lines.plain import PLAIN
from .rows.json_rows import JSON
from .rows.tables import TABLE
from .ttml import TTML, YOUTUBE_XML
from .types import CERTAIN, TranscriptFormat

FORMATS: tuple[TranscriptFormat, ...] = (WEBVTT, TTML, YOUTUBE_XML, JSON, TABLE, LYRICS, SUBRIP, SBV, SUBVIEWER, PLAIN)
