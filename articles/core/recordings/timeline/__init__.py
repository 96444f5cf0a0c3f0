"""Lays out a recording as a timeline of chapters and citations, and finds the stretches without citations."""

from .coverage_gaps import Gap, gaps, longest_gap, sponsor_stretches
from .layout import LABEL_ROWS, LABEL_WIDTH, Marker, Segment, Timeline, lay_out, miniature, wrap

__all__ = [
    "LABEL_ROWS",
    "LABEL_WIDTH",
    "Gap",
    "Marker",
    "Segment",
    "Timeline",
    "gaps",
    "lay_out",
    "longest_gap",
    "miniature",
    "sponsor_stretches",
    "wrap",
]
