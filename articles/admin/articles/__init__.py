"""Admin pages of articles and topics."""
