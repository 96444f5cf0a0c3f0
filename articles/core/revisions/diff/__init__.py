"""Compares two texts and applies some of the changes between them: plain data, no HTML, no database."""

from .comparison import compare, runs_between
from .partial import apply, note_part, prefill_note
from .types import CitedSpan, Kind, Run, Section, Source, Text, kind_label, new_text, old_text
