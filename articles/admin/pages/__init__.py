"""Shared by all pages of the admin: lists, what they can be filtered by, and helpers of its own pages."""
