"""Received transcripts become cues."""
