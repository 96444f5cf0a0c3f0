"""Finds what is wrong with an installation and says what to do: `settings`, `database`, `files` and `work`; `run` runs
their checks.
"""

from .run import diagnose
from .types import Finding

__all__ = ["Finding", "diagnose"]
