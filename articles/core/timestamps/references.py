"""Reads where reference links lead: `[words][label]`, with `[label]: https://…` on a line of its own."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .attempts import MARK_BODY
from .characters import seen

_DEFINITION = re.compile(
    r"^[ \t>]{0,8}\[(?P<label>(?!\^)[^\[\]\r\n]{1,100})\]:[ \t]*<?(?P<address>[^\s<>]{1,2000})", re.MULTILINE
)

_LINKED_MARK = re.compile(r"(?<![\\!\]])\[(?P<body>[^\[\]\r\n]{1,100})\]\[(?P<label>[^\[\]\r\n]{1,100})\]")


class DistantLink(NamedTuple):
    """A mark with a label, `[00:06:31][x]`, whose `address` another part of the text defines; `inline` is that link with
    its address."""

    start: int
    written: str
    address: str
    inline: str


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


def distant_links(text: str, targets: Mapping[str, str]) -> Iterator[DistantLink]:
    """Yield the marks of a part of a text whose labels only `targets`, those of the whole text, lead to the web.

    Each part is read on its own, so these are citations, followed by their label as text.
    """
    if not targets or "][" not in text:
        return
    own = link_targets(text)
    for match in _LINKED_MARK.finditer(text):
        label = label_of(match["label"])
        address = "" if label in own else targets.get(label, "")
        if address.startswith(("http://", "https://")) and MARK_BODY.fullmatch(seen(match["body"])):
            yield DistantLink(match.start(), match.group(), address, f"[{match['body']}]({address})")
