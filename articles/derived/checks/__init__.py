"""Citation checks: what the machine found, the resulting status, labels, risk and statistics."""
