"""Editions of a recording: maps from the reference clock, which citations use, to an edition's clock."""

from .chapters import from_chapters, match_chapters
from .links import show_in_edition
from .offsets import EXAMPLE, format_stretches, parse_stretches
from .transcripts import from_transcripts
from .types import MapError, OffsetMap, Piece
