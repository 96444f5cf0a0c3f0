"""What a text gives: its parts, HTML, images and links, and its citations."""
