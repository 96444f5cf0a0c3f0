"""Compares two texts and takes a part of what changed; data only, no HTML, no database."""

from .compare import compare, runs_between
from .partial import Parts, apply, apply_to, prefill_note
from .tokens import Token, tokenise
from .types import (
    Change,
    Cited,
    Comparison,
    Kind,
    Piece,
    Retiming,
    Run,
    Runs,
    Scope,
    Section,
    SectionComparison,
    Source,
    Text,
    new_text,
    old_text,
)

__all__ = [
    "Change",
    "Cited",
    "Comparison",
    "Kind",
    "Parts",
    "Piece",
    "Retiming",
    "Run",
    "Runs",
    "Scope",
    "Section",
    "SectionComparison",
    "Source",
    "Text",
    "Token",
    "apply",
    "apply_to",
    "compare",
    "new_text",
    "old_text",
    "prefill_note",
    "runs_between",
    "tokenise",
]
