"""Reads plain lines with times, and lyrics."""
