"""Updating an outdated revision to the published text."""
