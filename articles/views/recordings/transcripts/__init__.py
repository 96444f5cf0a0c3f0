"""The public page of a transcript, and the parts of it that the admin's shares."""
