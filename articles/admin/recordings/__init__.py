"""Shows, episodes, chapters, transcripts and editions."""
