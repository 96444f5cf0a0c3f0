"""Parses XML, and recovers what can be read of a feed that isn't well-formed; every slip is listed with its line."""

import re
from bisect import bisect_right
from difflib import SequenceMatcher
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import quoteattr

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

from .types import FeedError, FeedProblem

ALIKE = 0.6  # similarity of two names from 0 to 1, one of which is a slip for the other
ITEM = re.compile(r"<(item|entry)(?=[\s>])(?:(?!<(?:item|entry)[\s>]).)*?</\1\s*>", re.DOTALL)
_START = re.compile(r"<(?:item|entry)(?=[\s>])")
ROOT = re.compile(r"<[A-Za-z_][\w:.-]*")
_END = re.compile(r"</(?:item|entry)\s*>")
_PLACE = "<items-go-here/>"
_PLACED = re.compile(r"(<items-go-here[^>]*>)")
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?)([A-Za-z_][\w:.-]*)[^<>]*?(/?)>", re.DOTALL)
_FIELDS = frozenset(["title", "guid", "id", "link", "pubDate", "published", "enclosure", "duration"])


class LineCounter:
    """Gives the line numbers, from 1, of ascending offsets in a text without counting any line twice."""

    def __init__(self, text: str, line: int = 1) -> None:
        self._text, self._line, self._offset = text, line, 0

    def at(self, offset: int) -> int:
        self._line += self._text.count("\n", self._offset, offset)
        self._offset = offset
        return self._line


def parse(text: str) -> Element:
    """Return the root element. Raises FeedError for entities, xml.etree's ParseError if it isn't well-formed."""
    try:
        root: Element = fromstring(text.encode("utf-8", "replace"), forbid_dtd=False, forbid_entities=True)
    except DefusedXmlException as error:
        raise FeedError(
            "the file declares its own entities, which a feed doesn’t need and which can exhaust memory. "
            "Remove the <!DOCTYPE …> at its start."
        ) from error
    except RecursionError as error:
        raise FeedError("its elements are nested too deeply for a feed.") from error
    return root


def recovered(text: str, error: ParseError) -> tuple[str, tuple[int, ...], list[FeedProblem]]:
    """Return the text with its head and each broken item as lxml recovers them, the items' numbers, and all slips.

    An item stays one: a tag that it doesn't close can't swallow the items after it. An item in which such a tag hides
    others is skipped, because it could say anything.
    """
    items = list(ITEM.finditer(text))
    line, column = error.position
    broken = f"line {line}, column {column + 1}: the XML is not well-formed ({reason_of(error)})"
    starts = [start.start() for start in _START.finditer(text)]
    problems: list[FeedProblem] = []
    head, tail, namespaces = _recovered_head(text[: starts[0]] if starts else "", problems)
    if not head or not items:
        raise FeedError(f"{broken}. Fix it there or fetch the feed again.")
    kept: dict[int, str] = {}
    lines = LineCounter(text, 0)
    for item in items:
        number = bisect_right(starts, item.start())
        try:
            parse(f"<x{namespaces}>{item[0]}</x>")
            kept[number] = item[0]
            continue
        except ParseError as failure:
            reason = reason_of(failure)
        place = lines.at(item.start())
        root, slips = _recover(item[0], place, number)
        if root is None or _hides_fields(root) or not _is_well_formed(root, namespaces):
            skipped = f"Line {place + 1}: the item is not well-formed ({reason}) and was skipped."
            problems.append(FeedProblem(number, "item", " ".join(item[0][:80].split()), skipped))
        else:
            kept[number] = etree.tostring(root, encoding="unicode")
            problems += slips
    lines = LineCounter(text)
    complete = {bisect_right(starts, item.start()) for item in items}
    for number in sorted(set(range(1, len(starts) + 1)) - complete):
        place = lines.at(starts[number - 1])
        problems.append(FeedProblem(number, "item", "", f"Line {place}: the item doesn’t end and was skipped."))
    ends = {item.end() for item in items}
    lines = LineCounter(text)
    for end in _END.finditer(text):
        if end.end() not in ends:
            reason = f"Line {lines.at(end.start())}: an item ends here that doesn’t begin; it was skipped."
            problems.append(FeedProblem(0, "item", "", reason))
    between = ITEM.sub("", text[items[0].start() :]) if len(items) == len(starts) else ""
    if left_out := [tag[0] for tag in ROOT.finditer(between)]:
        reason = "The channel’s own elements after its first item were left out."
        problems.append(FeedProblem(0, "xml", " ".join(left_out)[:80], reason))
    if not problems:
        problems.append(FeedProblem(0, "xml", "", f"The feed is broken outside its items: {broken}."))
    return head + "".join(kept.values()) + tail, tuple(kept), problems


def _recovered_head(head: str, problems: list[FeedProblem]) -> tuple[str, str, str]:
    """Return what comes before the first item, ending inside the channel, its end tags, and the declared namespaces.

    All are "" if there is no root element.
    """
    nothing = "", "", ""
    if not (start := ROOT.search(head)):
        return nothing
    root, slips = _recover(head[start.start() :] + _PLACE, head.count("\n", 0, start.start()), 0)
    place = None if root is None else root.find(f".//{{*}}{_PLACE[1:-2]}")
    if place is None:
        return nothing
    parents = list(place.iterancestors())
    channel = next((parent for parent in parents if _local(parent) in ("channel", "feed", "RDF")), parents[-1])
    channel.append(place)
    declared = "".join(
        f" xmlns{f':{prefix}' if prefix else ''}={quoteattr(uri)}" for prefix, uri in channel.nsmap.items()
    )
    before, _, after = _PLACED.split(etree.tostring(root, encoding="unicode"))
    # The head is cut off, so nothing in it is closed at its end.
    problems += [slip for slip in slips if not slip.reason.startswith(f"Line {head.count(chr(10)) + 1}: Premature end")]
    return before, after, declared


def _balanced(text: str, line: int, number: int) -> tuple[str, list[FeedProblem]]:
    """Return the text with end tags where an outer element ends, and without those that end nothing; and the slips.

    An end tag that is nearly the name of the open element is taken for it.
    """
    open_names: list[str] = []
    slips: list[FeedProblem] = []
    lines = LineCounter(text, line + 1)

    def note(match: re.Match[str], reason: str) -> None:
        slips.append(FeedProblem(number, "xml", match[0][:60], f"Line {lines.at(match.start())}: {reason}"))

    def replace(match: re.Match[str]) -> str:
        closing, name, empty = match.groups()
        if name is None or empty:
            return match[0]
        if not closing:
            open_names.append(name)
            return match[0]
        if name in open_names:
            inner = list(iter(open_names.pop, name))
            for unclosed in inner:
                note(match, f"<{unclosed}> isn’t closed; read as ending here.")
            return "".join(f"</{unclosed}>" for unclosed in inner) + match[0]
        if open_names and SequenceMatcher(None, open_names[-1].lower(), name.lower()).ratio() > ALIKE:
            note(match, f"</{name}> ends nothing; read as </{open_names[-1]}>.")
            return f"</{open_names.pop()}>"
        note(match, f"</{name}> ends nothing; it was removed.")
        return ""

    return _MARKUP.sub(replace, text), slips


def _recover(text: str, line: int, number: int) -> tuple[Any, list[FeedProblem]]:
    """Return the root element that lxml finds in broken XML (None if it finds none), and a problem for each slip.

    `line` is the number of lines before the text. Undeclared prefixes are left to the rest of the feed.
    """
    text, balanced = _balanced(text, line, number)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None, []
    slips = [
        FeedProblem(
            number, "xml", "", f"Line {line + slip.line}: {_slip_reason(slip.message)}; read as far as it goes."
        )
        for slip in parser.error_log
        if slip.type_name != "NS_ERR_UNDEFINED_NAMESPACE"
    ]
    return root, list(dict.fromkeys([*balanced, *slips]))


def _slip_reason(message: str) -> str:
    return re.sub(r" line \d+|:? <!--.*", "", message.splitlines()[0]).strip()


def _is_well_formed(item: Any, namespaces: str) -> bool:
    try:
        parse(f"<x{namespaces}>{etree.tostring(item, encoding='unicode')}</x>")
    except ParseError:
        return False
    return True


def _hides_fields(item: Any) -> bool:
    """Return whether an element that should be text contains another field of the item."""
    return any(
        _local(child) in _FIELDS and any(_local(inner) in _FIELDS for inner in child.iterdescendants())
        for child in item
    )


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def reason_of(error: ParseError) -> str:
    return str(error).split(":")[0]
