"""Characters that nobody sees: converters and phones leave them around timestamps, headings and links."""

import re

# Zero-width characters and marks of direction; joiners (U+200C, U+200D) are part of words in some scripts.
_ZERO_WIDTH = "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
UNSEEN = f"{_ZERO_WIDTH}{_SPACES}"  # for character classes

_GONE = re.compile(f"[{_ZERO_WIDTH}]")
_WIDE = re.compile(f"[{_SPACES}]")


def seen(text: str) -> str:
    """Return `text` without zero-width characters, and with unusual spaces as ordinary ones."""
    return text if text.isascii() else _WIDE.sub(" ", _GONE.sub("", text))


def seen_address(address: str) -> str:
    """Return a link's address without zero-width characters and surrounding white space."""
    return address if address.isascii() else _GONE.sub("", address).strip()
