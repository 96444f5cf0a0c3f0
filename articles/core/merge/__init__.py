"""Merges two texts that began as one, section by section; what both changed is left to a person."""

from .resolution import resolve
from .three_way import merge
from .types import Clash, Written

__all__ = [
    "Clash",
    "Written",
    "merge",
    "resolve",
]
