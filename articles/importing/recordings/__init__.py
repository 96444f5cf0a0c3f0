"""Received episodes and feeds become recordings."""
