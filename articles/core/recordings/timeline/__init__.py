"""Lays a recording out as a strip: where its chapters and an article's citations lie, and what nothing draws on."""

from .gaps import Gap, gaps, longest_gap, sponsor_stretches
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
