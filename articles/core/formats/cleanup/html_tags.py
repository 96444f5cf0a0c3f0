"""Converts raw HTML in imported texts, because our Markdown would show its tags as text."""

import re
from functools import lru_cache

from articles.core.language.messages import LazyMessage, lazy_message

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
    "h1 h2 h3 h4 h5 h6 main nav ol p section summary table tbody td tfoot th thead tr ul",
    "inline": "abbr cite dfn font ins kbd mark q samp small span sub time tt u var wbr",
    "drawing": "svg circle clippath defs ellipse g line lineargradient mask path polygon polyline rect stop use",
    "shown": "audio body button canvas embed form head html input link meta object option pre script select "
    "style textarea video",
    "single": "br hr div sup iframe img",
}
_KIND = {name: kind for kind, names in _ELEMENTS.items() for name in names.split()}
KNOWN = frozenset(_EMPHASIS) | frozenset(_KIND)

# These come in pairs, so that one alone is a word about HTML. (The end of a paragraph, an item or a cell may be missing.)
_PAIRED = (
    frozenset(_EMPHASIS)
    | {name for name, kind in _KIND.items() if kind in ("block", "inline")}
    - {"dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr"}
    | {"sup"}
)
_LINE_LIMIT = 1000
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|e|o|a)\s*</sup", re.IGNORECASE)


def attribute(attributes: str, name: str) -> str:
    """Return the value of an attribute, "" if it is missing."""
    match = re.search(rf"(?:^|\s){name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", attributes, re.IGNORECASE)
    return next((value for value in match.groups() if value is not None), "") if match else ""


def tag_removed(name: str) -> LazyMessage:
    return lazy_message("<%(name)s> was removed; its text was kept.", name=name)


def replace(match: re.Match[str], *, is_line: bool) -> tuple[str, LazyMessage | None]:
    """Return the text that replaces one of the KNOWN tags other than `<a>` and `<div>`, and the reason.

    The reason is None if the replacement isn't reported, as for closing tags. `is_line` says that the tag may break the
    line (not in a heading or a table).
    """
    name = match["name"].lower()
    closing = bool(match["slash"])
    kind = _KIND.get(name, "")
    removed = None if closing else tag_removed(name)
    if kind == "shown" or (name in _PAIRED and not _is_paired(match.string, name)):
        shown = lazy_message("<%(name)s> is shown as text: remove it or format it as code.", name=name)
        return match[0], None if closing else shown
    if name == "br":
        return _line_break(match) if is_line else " ", lazy_message("<br> became a line break.")
    if name == "hr":
        return "\n\n---\n\n" if is_line else " ", lazy_message("<hr> became a horizontal rule.")
    if name in _EMPHASIS:
        if not _is_complete_pair(match, name):
            return "", removed
        return _EMPHASIS[name], None if closing else _converted(name)
    if name == "sup":
        text, start = match.string, match.start()
        is_exponent = not closing and text[start - 1 : start].isalnum() and not _ORDINAL.match(text, match.end())
        return "^" if is_exponent else "", removed
    if name == "iframe":
        if closing:
            return "", None
        source = attribute(match["attributes"], "src")
        link = f"<{source}>" if re.fullmatch(r"https?://[^\s<>]+", source) else source
        return link, lazy_message("An embedded frame became a plain link.")
    if name == "img":
        image = _image(match["attributes"])
        if image.startswith("!["):
            return image, _converted(name)
        return image, lazy_message("An image that readers can’t load was removed: upload it.")
    if kind == "drawing":
        return "", lazy_message("A drawing was removed.") if name == "svg" and not closing else None
    if kind == "block":
        return _block(name, closing) if is_line else " ", removed
    return "", removed


def _converted(name: str) -> LazyMessage:
    return lazy_message("<%(name)s> was converted to Markdown.", name=name)


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


@lru_cache(maxsize=64)
def _is_paired(text: str, name: str) -> bool:
    """Return whether an element of this name both begins and ends somewhere in the text."""
    return all(re.search(rf"<{slash}{name}[\s/>]", text, re.IGNORECASE) for slash in ("", "/"))


def _is_complete_pair(match: re.Match[str], name: str) -> bool:
    """Return whether the tags with this name are paired on the line and the tag has no attributes."""
    text = match.string
    line = text[line_start(text, match.start()) : _line_end(text, match.end())].lower()
    return line.count(f"<{name}>") == line.count(f"</{name}>") and match["attributes"] == ""


def _block(name: str, closing: bool) -> str:
    if name in ("td", "th", "dd", "summary"):
        return " "
    if name == "li" and not closing:
        return "\n- "
    return "\n" if name in ("li", "tr", "dt") else "\n\n"


def _image(attributes: str) -> str:
    source = attribute(attributes, "src")
    alt_text = attribute(attributes, "alt").replace("]", ")").replace("[", "(")
    return f"![{alt_text}]({source})" if re.fullmatch(r"(?:(?:https?:)?//|data:image/)[^\s<>()]+", source) else alt_text
