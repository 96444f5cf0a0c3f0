"""Points the citation links of a page at an edition, and marks those that the edition lacks."""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape

LinkAt = Callable[[int, int | None], str | None]

# The renderer's own HTML: attribute values are quoted, and links are never nested.
_LINK = re.compile(r'<a(?P<attributes>(?: [\w-]+="[^"]*")+)>(?P<inside>.*?)</a>', re.DOTALL)
_ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
_HREF = re.compile(r' href="[^"]*"')
_CHOICE = re.compile(r' data-edition="([^"]*)"(?: aria-current="true")?')


def show_in_edition(html: str, links: Mapping[str, LinkAt], key: str = "") -> str:
    """Return the page with its citations (`data-episode`, `data-start`, `data-end`) linking to an edition.

    `links` maps an episode's reference to a function that takes start and end in seconds and returns the edition's
    URL, or None if the edition lacks that time: then the link is unchanged and followed by “not in this edition”.
    Episodes without an entry are unchanged. Labels keep the reference clock's time. `key` becomes the current choice
    in the edition picker.
    """

    def mark_current(match: re.Match[str]) -> str:
        is_current = unescape(match[1]) == key
        return f' data-edition="{match[1]}"' + (' aria-current="true"' if is_current else "")

    def rewrite_link(match: re.Match[str]) -> str:
        attributes = match["attributes"]
        if " data-edition=" in attributes:
            return f"<a{_CHOICE.sub(mark_current, attributes)}>{match['inside']}</a>"
        if " data-start=" not in attributes or " data-episode=" not in attributes:
            return match[0]
        values = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        link_at = links.get(values["data-episode"])
        if link_at is None or not values["data-start"].isdecimal():
            return match[0]
        end = values.get("data-end", "")
        address = link_at(int(values["data-start"]), int(end) if end.isdecimal() else None)
        if address is None:
            return f'{match[0]} <span class="not-in-edition">not in this edition</span>'
        changed = _HREF.sub(lambda _: f' href="{escape(address)}"', attributes, count=1)
        return f"<a{changed}>{match['inside']}</a>"

    return _LINK.sub(rewrite_link, html)
