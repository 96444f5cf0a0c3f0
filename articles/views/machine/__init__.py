"""What programs read: feeds, sitemaps, exports, the share image."""
