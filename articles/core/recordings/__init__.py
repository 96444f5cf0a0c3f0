"""Recordings as plain values: transcripts, chapters, editions, feeds, the timeline and the share image."""
