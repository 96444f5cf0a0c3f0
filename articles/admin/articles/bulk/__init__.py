"""Bulk actions of the list of articles: what each would do, a page that asks, and doing it item by item."""
