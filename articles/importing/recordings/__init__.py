"""Imports episodes files and feeds as recordings."""
