"""The library of uploaded images: found, described, and chosen for a text."""
