"""Lays out a recording as a timeline of chapters and citations, and finds the stretches without citations."""

from .coverage_gaps import DRAWN_SECONDS, gaps, longest_gap, sponsor_stretches
from .layout import Timeline, lay_out, miniature, wrap
