"""Withholding a person's name from all records."""

from .names import suppress_name
