"""Corrections of an episode's transcript in the admin: their forms, what its page shows of them, and their addresses."""

from .pages import CorrectionPages
from .shown import Corrections
