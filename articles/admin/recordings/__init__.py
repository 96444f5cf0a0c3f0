"""Shows, episodes, chapters, transcripts and editions in the admin."""
