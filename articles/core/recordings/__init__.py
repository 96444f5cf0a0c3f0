"""Recordings as values: transcripts, chapters, editions, feeds, the timeline, the share image."""
