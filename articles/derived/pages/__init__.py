"""Public pages, their structured data, timelines and related articles."""
