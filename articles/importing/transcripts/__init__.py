"""Imports transcripts for episodes."""
