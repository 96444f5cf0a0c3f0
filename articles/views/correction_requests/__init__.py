"""Corrections that readers suggest: the form, and the page that says what came of one."""
