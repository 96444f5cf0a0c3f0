"""Who may do what, and what moderators do to records: permissions, erasure, redaction, topics, profiles."""
