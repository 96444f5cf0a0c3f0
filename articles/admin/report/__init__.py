"""The citation report."""
