"""Converts raw HTML in imported texts, because our Markdown would show its tags as text."""

import re
from dataclasses import dataclass

TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:\s[^<>]*)?)/?>")

_EMPHASIS = {
    "b": "**",
    "strong": "**",
    "i": "*",
    "em": "*",
    "s": "~~",
    "del": "~~",
    "strike": "~~",
    "code": "`",
}
# How the elements that aren't handled individually below are treated.
_ELEMENTS = {
    "block": "address article aside blockquote center dd details dl dt figcaption figure footer header li "
    "main nav ol p section summary table tbody td tfoot th thead tr ul",
    "inline": "abbr cite dfn font ins kbd mark q samp small span sub time tt u var wbr",
    "drawing": "svg circle clippath defs ellipse g line lineargradient mask path polygon polyline rect stop use",
    "shown": "audio body button canvas embed form head html input link meta object option pre script select "
    "style textarea video",
    "single": "br hr div sup iframe img",
}
_KIND = {name: kind for kind, names in _ELEMENTS.items() for name in names.split()}
KNOWN = frozenset(_EMPHASIS) | frozenset(_KIND)

_LINE_LIMIT = 1000
_FRAME = "An embedded frame became a plain link."
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|e|o|a)\s*</sup", re.IGNORECASE)


@dataclass(frozen=True)
class Replacement:
    """The text that replaces a tag; `reason` is "" if it isn't reported, as for closing tags."""

    text: str
    reason: str


def attribute(attributes: str, name: str) -> str:
    """Return the value of an attribute, "" if it is missing."""
    match = re.search(rf"(?:^|\s){name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", attributes, re.IGNORECASE)
    return next((value for value in match.groups() if value is not None), "") if match else ""


def replace(match: re.Match[str], *, is_line: bool) -> Replacement | None:
    """Return the replacement for a tag other than `<a>` and `<div>`; None to leave it as text, unreported.

    `is_line` says that the tag may break the line (not in a heading or a table).
    """
    name = match["name"].lower()
    text, end = match.string, match.end()
    closing = bool(match["slash"])
    if name not in KNOWN:
        return None
    kind = _KIND.get(name, "")
    if kind == "shown":
        return Replacement(match[0], "" if closing else f"<{name}> is shown as text: remove it or format it as code.")
    if name == "br":
        return Replacement(_line_break(match) if is_line else " ", "<br> became a line break.")
    if name == "hr":
        return Replacement("\n\n---\n\n" if is_line else " ", "<hr> became a horizontal rule.")
    if name in _EMPHASIS:
        return _emphasis(match, name)
    if name == "sup":
        is_exponent = (
            not closing and end and text[match.start() - 1 : match.start()].isalnum() and not _ORDINAL.match(text, end)
        )
        return Replacement("^" if is_exponent else "", "" if closing else "<sup> was removed; its text was kept.")
    if name == "iframe":
        return Replacement("" if closing else _link(attribute(match["attributes"], "src")), "" if closing else _FRAME)
    if name == "img":
        return Replacement(
            _image(match["attributes"]), "<img> was converted to Markdown; check that the image may be shown."
        )
    if kind == "drawing":
        return Replacement("", "A drawing was removed." if name == "svg" and not closing else "")
    if kind == "block":
        return Replacement(
            _block(name, closing) if is_line else " ",
            "" if closing else f"<{name}> was removed; its text was kept.",
        )
    return Replacement("", "" if closing else f"<{name}> was removed; its text was kept.")


def line_start(text: str, offset: int) -> int:
    """Return the start of the line with `offset`; on a long line, a thousand characters before it."""
    return text.rfind("\n", max(0, offset - _LINE_LIMIT), offset) + 1 or max(0, offset - _LINE_LIMIT)


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset, offset + _LINE_LIMIT)
    return end if end >= 0 else min(len(text), offset + _LINE_LIMIT)


def _line_break(match: re.Match[str]) -> str:
    """Return a hard break inside a line, nothing on a line of its own."""
    text = match.string
    before = text[line_start(text, match.start()) : match.start()].strip(" \t>")
    end = _line_end(text, match.end())
    after = text[match.end() : end].strip()
    if not before or (not after and end == len(text)):
        return ""
    return "\\" if not after else "\\\n"


def _emphasis(match: re.Match[str], name: str) -> Replacement:
    """Replace a tag with Markdown emphasis if its pair is complete and on one line, otherwise with nothing."""
    text = match.string
    line = text[line_start(text, match.start()) : _line_end(text, match.end())].lower()
    is_complete = line.count(f"<{name}>") == line.count(f"</{name}>") and match["attributes"] == ""
    reason = (
        ""
        if match["slash"]
        else f"<{name}> was converted to Markdown."
        if is_complete
        else f"<{name}> was removed; its text was kept."
    )
    return Replacement(_EMPHASIS[name] if is_complete else "", reason)


def _block(name: str, closing: bool) -> str:
    if name in ("td", "th", "dd", "summary"):
        return " "
    if name == "li" and not closing:
        return "\n- "
    return "\n" if name in ("li", "tr", "dt") else "\n\n"


def _link(address: str) -> str:
    return f"<{address}>" if re.fullmatch(r"https?://[^\s<>]+", address) else address


def _image(attributes: str) -> str:
    source, alt_text = (
        attribute(attributes, "src"),
        attribute(attributes, "alt").replace("]", ")").replace("[", "("),
    )
    return f"![{alt_text}]({source})" if re.fullmatch(r"https://[^\s<>()]+", source) else alt_text
