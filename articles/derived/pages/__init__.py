"""Stored public pages, their structured data, timelines and related articles."""
