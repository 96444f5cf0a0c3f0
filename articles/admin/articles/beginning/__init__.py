"""The pages on which an article can be begun from an episode, from a template, or from a text that was received."""
