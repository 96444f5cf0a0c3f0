"""Machine-readable resources: feeds, sitemaps, exports, the share image."""
