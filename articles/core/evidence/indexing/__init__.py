"""The terms of a text, and where a transcript says each."""
