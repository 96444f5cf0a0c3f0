"""Imports texts as articles."""
