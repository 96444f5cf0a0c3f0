"""Finds out for each sentence of a text in which of the versions that it comes from it was written."""

from .origins import blame, descending
