"""The review queue, the inbox and each person's own work."""
