"""Converts newlines to the form in which texts are stored."""


def normalise_newlines(text: str) -> str:
    """Return the text with LF, with which offsets are counted; forms send CRLF (WHATWG HTML, 4.10.22.4)."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
