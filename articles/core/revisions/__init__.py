"""Two texts of one article: what changed, who wrote what, and merging both."""
