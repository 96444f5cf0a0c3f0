"""The decision at the bottom of the review page: its form, and what is kept until it is sent."""
