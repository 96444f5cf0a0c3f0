"""People working on the same text: comments, correction requests, review locks, presence, verification."""
