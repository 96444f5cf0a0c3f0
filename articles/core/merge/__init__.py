"""Merges two texts that began as one, section by section; what both changed is left to a person."""

from .three_way import merge, resolve
from .types import Choice, Choices, Clash, Merge, MergedSection, Order, Origin, Part, Place, Value, Written

__all__ = [
    "Choice",
    "Choices",
    "Clash",
    "Merge",
    "MergedSection",
    "Order",
    "Origin",
    "Part",
    "Place",
    "Value",
    "Written",
    "merge",
    "resolve",
]
