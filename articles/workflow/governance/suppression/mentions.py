"""Finding a person's names in texts, and replacing them."""

import re
import unicodedata

from articles.workflow.history.names import WITHHELD


class Mentions:
    """Mentions of a person's names. A name of one word is compared with its capitals.

    Accents count the same however they are encoded: some keyboards and file systems write them as characters of their
    own.
    """

    def __init__(self, names):
        self._patterns = [
            re.compile(rf"(?<!\w){re.escape(_composed(name))}(?!\w)", re.IGNORECASE if " " in name else 0)
            for name in sorted(names, key=len, reverse=True)
        ]

    def are_in(self, text):
        return any(pattern.search(_composed(text)) for pattern in self._patterns)

    def withheld(self, text, longest=None):
        """Return `text` with “name withheld” for each name, in at most `longest` characters if anything changed."""
        composed = withheld = _composed(text)
        for pattern in self._patterns:
            withheld = pattern.sub(WITHHELD, withheld)
        return text if withheld == composed else withheld[:longest]


def _composed(text):
    return unicodedata.normalize("NFC", text)
