"""The checks themselves, one module per subject."""
