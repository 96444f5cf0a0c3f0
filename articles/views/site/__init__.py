"""The pages that are of no single article or recording: home, the pages about the site, and its record."""
