"""An article's history: its revisions, versions of a draft, restoring and reverting."""
