"""The results of fetching: a resource, or the reason why there is none."""

import time
from dataclasses import dataclass

from articles.core.language.messages import LazyMessage
from articles.core.language.shorten import printable_line, shorten


class FetchError(Exception):
    """A URL could not be fetched; the message is a sentence with the URL and the reason.

    `insecure` is the http address that an https address redirects to, if that is the reason, otherwise "".
    """

    def __init__(self, message: LazyMessage, insecure: str = "") -> None:
        super().__init__(message)
        self.insecure = insecure


class Refused(Exception):
    """The reason why a URL can't be fetched, without the URL."""

    def __init__(self, reason: LazyMessage) -> None:
        super().__init__(reason)


@dataclass(frozen=True)
class Fetched:
    """A resource: its URL after redirects, decompressed bytes, and the charset of its media type ("" if not given)."""

    url: str
    data: bytes
    charset: str = ""


def seconds_left(deadline: float) -> float:
    """Return the seconds until `deadline` (`time.monotonic()`). Raises TimeoutError if there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def display_address(text: object) -> str:
    """Return `text` on one line, cut to 120 characters, for a message."""
    return shorten(printable_line(str(text)), 120)
