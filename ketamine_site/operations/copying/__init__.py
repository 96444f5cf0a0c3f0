"""Copies a site's database into another one, such as from SQLite to PostgreSQL.

`source` opens the other database and keeps others from writing to it, `rows` copies and compares a table, `target`
suspends triggers and sets the numbers that are given next; `run` puts them together.
"""

from .run import copy
from .source import opened
from .types import CopyError

__all__ = ["CopyError", "copy", "opened"]
