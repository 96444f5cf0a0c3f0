"""Converts Markdown from elsewhere: each module handles one kind of foreign notation."""
