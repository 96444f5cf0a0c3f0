"""Citation checks and what follows from them: status, labels, risk, lint issues and statistics."""
