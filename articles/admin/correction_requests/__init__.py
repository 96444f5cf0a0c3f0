"""Readers’ correction requests in the admin: the list, the page of one, the answer."""
