"""Lets the citations of a stored page lead into an edition, and says beside a mark that the edition lacks it."""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape

LinkAt = Callable[[int, int | None], str | None]

NOT_THERE = "not in this edition"

# Our own HTML: an attribute's value is quoted, a link holds no link.
_LINK = re.compile(r'<a(?P<attributes>(?: [\w-]+="[^"]*")+)>(?P<inside>.*?)</a>', re.DOTALL)
_ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
_HREF = re.compile(r' href="[^"]*"')
_CHOICE = re.compile(r' data-edition="([^"]*)"(?: aria-current="true")?')


def show_in_edition(html: str, links: Mapping[str, LinkAt], key: str = "") -> str:
    """Return the page with its citations (`data-episode`, `data-start`, `data-end`) leading into an edition.

    `links` gives for an episode's reference the edition's address of a moment, None where it lacks the moment: then
    the link stays as it is and the words “not in this edition” follow. Episodes without an entry stay as they are.
    What a reader sees of the time stays that of the reference clock. In the choice of editions, `key` becomes current.
    """

    def rewritten(match: re.Match[str]) -> str:
        attributes = match["attributes"]
        if " data-edition=" in attributes:
            return match[0].replace(attributes, _chosen(attributes, key), 1)
        if " data-start=" not in attributes or " data-episode=" not in attributes:
            return match[0]
        values = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        link_at = links.get(values["data-episode"])
        if link_at is None or not values["data-start"].isdecimal():
            return match[0]
        end = values.get("data-end", "")
        address = link_at(int(values["data-start"]), int(end) if end.isdecimal() else None)
        if address is None:
            return f'{match[0]} <span class="not-in-edition">{NOT_THERE}</span>'
        changed = _HREF.sub(lambda _: f' href="{escape(address)}"', attributes, count=1)
        return f"<a{changed}>{match['inside']}</a>"

    return _LINK.sub(rewritten, html)


def _chosen(attributes: str, key: str) -> str:
    """The attributes of a link in the choice of editions, which is the current one if it has the key."""

    def marked(match: re.Match[str]) -> str:
        is_current = unescape(match[1]) == key
        return f' data-edition="{match[1]}"' + (' aria-current="true"' if is_current else "")

    return _CHOICE.sub(marked, attributes)
