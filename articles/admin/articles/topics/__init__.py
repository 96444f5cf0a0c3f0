"""Topics: their list, and assigning them to articles."""
