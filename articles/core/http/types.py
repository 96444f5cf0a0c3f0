"""The values of fetching: what was fetched, and why something was not."""

import time
from dataclasses import dataclass

from articles.core.language.shorten import printable_line, shorten


class FetchError(Exception):
    """An address that was not fetched; the message names it and says why, in a sentence."""


class Refused(Exception):
    """Why an address is not fetched, without its name."""


@dataclass(frozen=True)
class Fetched:
    """What was found: where (after redirects), its type in lower case without parameters, and its decoded bytes."""

    url: str
    content_type: str
    data: bytes


def seconds_left(deadline: float) -> float:
    """The seconds that are left; raises TimeoutError where there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def display_address(text: object) -> str:
    """`text` on one line, cut to 120 characters, for a message."""
    return shorten(printable_line(str(text)), 120)
