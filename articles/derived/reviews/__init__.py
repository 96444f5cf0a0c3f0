"""What the site says of reviews: who reviewed, and in which state a published text is."""
