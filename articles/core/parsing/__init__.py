"""Guards of what is read from others: numbers of any length, and markup that would exhaust a parser."""
