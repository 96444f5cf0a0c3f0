"""Merges two texts with a common base, section by section; a person decides where both changed the same thing."""

from .resolution import resolve
from .three_way import merge
from .types import Conflict, Written
