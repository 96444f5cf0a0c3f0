"""Received texts become articles."""
