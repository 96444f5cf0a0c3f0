"""Shared by all pages of the admin: base classes, what lists can be filtered by, and helpers of its own pages."""
