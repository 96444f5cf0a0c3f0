"""Episodes: their list, their page with its timeline, and what cites them."""
