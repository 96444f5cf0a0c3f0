"""An episode's chapters: as one field (lines, or Podcasting 2.0 JSON) and as a table, and as a download.

Only one of field and table may be changed at a time.
"""

from .lines import ChapterLinesForm, ChapterLinesMixin
from .table import ChapterInline
