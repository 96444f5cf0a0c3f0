"""What a recording gives: its dependents, its voices, and how much of its transcript is shown."""
