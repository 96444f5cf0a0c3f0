"""Shortens texts for columns, messages and previews."""


def shorten(text: str, length: int) -> str:
    """Return the text, cut to `length` characters including a final “…” if it is longer."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def shorten_at_word(text: str, length: int) -> str:
    """Return the text; if longer than `length` characters, cut it there, drop the last, perhaps partial word, add “ …”.

    A first word longer than `length` is itself cut.
    """
    return text if len(text) <= length else f"{text[:length].rsplit(' ', 1)[0].rstrip(' ,;:')} …"


def printable_line(text: str) -> str:
    """Return the text on one line, with unprintable characters, such as terminal control codes (ECMA-48), as �."""
    return "".join(character if character.isprintable() else "�" for character in " ".join(text.split()))
