"""The editor: writing, saving, previewing and checking a draft."""
