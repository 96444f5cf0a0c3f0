"""Stored public responses: what anonymous visitors get, complete, as the database was when they were rendered.

`keys` says what a response depends on besides the database, `triggers` counts the changes of what it shows, `stored`
finds and keeps responses, `recent` those of searches, `turns` has each rendered once, and `replica` says what a replica
of the database may be read for. ketamine_site/public.py serves them.
"""
