"""Lays a recording out as a strip: where its chapters and an article's citations lie, and what nothing draws on."""

from .gaps import Gap, gaps, longest_gap
from .layout import LABEL_ROWS, LABEL_WIDTH, Pin, Segment, Tape, fold, lay_out, miniature

__all__ = [
    "LABEL_ROWS",
    "LABEL_WIDTH",
    "Gap",
    "Pin",
    "Segment",
    "Tape",
    "fold",
    "gaps",
    "lay_out",
    "longest_gap",
    "miniature",
]
