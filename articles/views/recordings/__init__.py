"""The public pages of shows, episodes and transcripts."""
