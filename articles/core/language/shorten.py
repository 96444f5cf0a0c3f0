"""Cuts a text to a length, so that it fits a column, a message or a preview."""


def shorten(text: str, length: int) -> str:
    """Return the text, cut to `length` characters with “…” as the last one if it is longer."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def shorten_at_word(text: str, length: int) -> str:
    """Return the text; if it is longer than `length`, cut there without the last, perhaps unfinished word, and “ …”.

    A first word longer than that is cut itself.
    """
    return text if len(text) <= length else f"{text[:length].rsplit(' ', 1)[0].rstrip(' ,;:')} …"


def printable_line(text: str) -> str:
    """Return the text on one line; what would command a terminal (ECMA-48, control sequences) is shown as �."""
    return "".join(character if character.isprintable() else "�" for character in " ".join(text.split()))
