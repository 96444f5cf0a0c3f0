"""Published pages as they are stored, their structured data and what surrounds them."""
