"""Deriving again: what follows when something public changes, and what an earlier version of the site derived."""
