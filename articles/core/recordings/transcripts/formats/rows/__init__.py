"""Reads rows with times: JSON and tables."""
