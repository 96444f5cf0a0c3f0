"""Search of published articles and, for editors, of transcripts; SQLite and PostgreSQL give the same results."""

from .articles import find
from .indexing import index, rebuild, refresh, rows_of, stored_rows_of
from .query import page_number
from .suggestions import suggest
from .transcripts import (
    TranscriptHit,
    episodes_saying,
    find_in,
    find_spoken,
    index_transcript,
    rebuild_transcripts,
    refresh_transcripts,
    windows_of,
)
