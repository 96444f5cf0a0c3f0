"""Saving a draft: by hand, on its own, against another window's text, or after the session ended."""
