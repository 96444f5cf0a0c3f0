"""The evidence panel next to the text: claims, lint issues and suggested timestamps."""
