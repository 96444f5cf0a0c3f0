"""Working together on a text: comments, correction requests, review locks, presence, judgements."""
