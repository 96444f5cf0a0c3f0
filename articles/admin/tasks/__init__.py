"""Tasks of the background: the list, and the page of each with its progress and its file."""
