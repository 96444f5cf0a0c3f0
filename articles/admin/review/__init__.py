"""Reviewing a revision: comparison, decision, comments, merge, erasure."""
