"""Reads where reference links lead: `[words][label]`, with `[label]: https://…` on a line of its own."""

import re

from .attempts import MARK_BODY

_DEFINITION = re.compile(
    r"^[ \t>]{0,8}\[(?P<label>(?!\^)[^\[\]\r\n]{1,100})\]:[ \t]*<?(?P<address>[^\s<>]{1,2000})", re.MULTILINE
)


def link_targets(text: str) -> dict[str, str]:
    """Return the addresses that a text defines, by `label_of`; the first definition of a label counts.

    A mark at the start of a line, `[00:06:31]: words`, defines nothing.
    """
    targets: dict[str, str] = {}
    for match in _DEFINITION.finditer(text) if "]:" in text else ():
        if not MARK_BODY.fullmatch(match["label"]):
            targets.setdefault(label_of(match["label"]), match["address"])
    return targets


def label_of(written: str) -> str:
    """Return a label in the form in which labels are the same."""
    return " ".join(written.casefold().split())
