"""Repairs of received Markdown: each module knows one kind of foreign notation."""
