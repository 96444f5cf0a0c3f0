"""The public pages of an article: its text, history, citation report, how to cite it, and drafts shown by link."""
