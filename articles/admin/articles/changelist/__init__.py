"""The list of articles: its columns, filters and saved views."""
