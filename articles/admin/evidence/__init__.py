"""Evidence beside the text: claims, flags and suggested timestamps."""
