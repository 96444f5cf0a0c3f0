"""Compares two texts and takes a part of what changed; data only, no HTML, no database."""

from .compare import compare, runs_between
from .partial import apply, apply_to, prefill_note
from .tokens import tokenise
from .types import Cited, Kind, Retiming, Run, Section, Source, Text, new_text, old_text

__all__ = [
    "Cited",
    "Kind",
    "Retiming",
    "Run",
    "Section",
    "Source",
    "Text",
    "apply",
    "apply_to",
    "compare",
    "new_text",
    "old_text",
    "prefill_note",
    "runs_between",
    "tokenise",
]
