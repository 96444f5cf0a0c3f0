"""Characters that nobody sees, and digits of other scripts: converters and phones leave them around timestamps."""

import re
import unicodedata

# Zero-width characters and marks of direction; joiners (U+200C, U+200D) are part of words in some scripts.
_ZERO_WIDTH = "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
UNSEEN = f"{_ZERO_WIDTH}{_SPACES}"  # for character classes

# In a time, joiners, variation selectors, fillers and tags mean nothing either.
_IN_TIMES = "\u115f\u1160\u180b-\u180f\u200c\u200d\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e01ef"

_GONE = re.compile(f"[{_ZERO_WIDTH}]")
_GONE_IN_TIMES = re.compile(f"[{_ZERO_WIDTH}{_IN_TIMES}]")
_WIDE = re.compile(f"[{_SPACES}\x85\u2028\u2029]")


def seen(text: str) -> str:
    """Return `text`, which may be a time, without characters that nobody sees, and with ordinary spaces."""
    return text if text.isascii() else _WIDE.sub(" ", _GONE_IN_TIMES.sub("", text))


def seen_address(address: str) -> str:
    """Return a link's address without zero-width characters and surrounding white space."""
    return address if address.isascii() else _GONE.sub("", address).strip()


def plain_digits(text: str) -> str:
    """Return `text` with the digits 0 to 9 instead of those of other scripts, and full-width characters as usual ones."""
    if text.isascii():
        return text
    normal = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(character, character)) for character in normal)
