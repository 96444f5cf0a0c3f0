"""Newlines as forms send them and as texts keep them."""


def normalise_newlines(text: str) -> str:
    """Forms send CRLF (WHATWG HTML, 4.10.22.4); texts are kept, and places in them counted, with LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
