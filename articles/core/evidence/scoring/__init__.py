"""How much of a claim is said around each moment, and how likely that makes it."""
