"""Merges two texts that began as one, section by section; what both changed is left to a person."""

from .three_way import merge, resolve
from .types import Clash, Written

__all__ = [
    "Clash",
    "Written",
    "merge",
    "resolve",
]
