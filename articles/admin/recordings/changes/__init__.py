"""Changes to recordings: their list, comparison and decision."""
