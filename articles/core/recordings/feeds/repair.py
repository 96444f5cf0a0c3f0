"""Repairs a feed that isn't well-formed XML, and lists every repair and every skipped part with its line."""

import re
from dataclasses import dataclass
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import quoteattr

from articles.core.parsing.markup_limits import excess_in_xml

from .decoding import DECLARATION
from .recovery import ROOT, LineCounter, parse, reason_of, recovered
from .types import FeedError, FeedProblem

PREFIXES_REPAIRED = 30
PREFIXES_PERMITTED = 500  # parsing time grows with the square of their number
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "yt": "http://www.youtube.com/xml/schemas/2015",
}

_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:lt|gt|amp|quot|apos);)(?:#(\d{1,7}|x[0-9a-fA-F]{1,6});|(\w{1,31};))?", re.DOTALL
)
_TAG = re.compile(
    r"""<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--(.*?)(?:-->|\Z)|<[!?/]|(\]\]>)"""
    r"""|<([A-Za-z_][\w:.-]*)((?:[^<>"']|"[^"<]*(?:<[^"<>]*)?"|'[^'<]*'){0,4000}?)\s*(/?)>|(<)""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w:.-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?|(\S)""")
_DECLARED = re.compile(r"\sxmlns:([\w.-]+)")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]")


_FEED_START = re.compile(r"<\?xml\s|<(?:rss|feed|rdf:RDF)\b")
_PROLOG = re.compile(r"(?>\s+|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^<>\[]*(?>\[.*?\]\s*)?>)*+", re.DOTALL)


@dataclass(frozen=True)
class Document:
    """A feed as well-formed XML: its text, its root, and the original numbers of its items (None means 1, 2, 3 …)."""

    text: str
    root: Element
    numbers: tuple[int, ...] | None = None


def well_formed(text: str) -> tuple[Document, list[FeedProblem]]:
    """Return the text as well-formed XML, and what was repaired or skipped to get there. Raises FeedError."""
    if len(set(_DECLARED.findall(text))) > PREFIXES_PERMITTED:
        raise FeedError(f"it declares more than {PREFIXES_PERMITTED} prefixes (xmlns:…), too many for a feed.")
    if excess := excess_in_xml(text):
        raise FeedError(f"{excess} Fetch the feed again.")
    try:
        return Document(text, parse(text)), []
    except ParseError:
        text, problems = _repaired(text)
    try:
        return Document(text, parse(text)), problems
    except ParseError as error:
        text, numbers, slips = recovered(text, error)
    try:
        return Document(text, parse(text), numbers), problems + slips
    except ParseError as error:
        raise FeedError(f"the XML is not well-formed ({reason_of(error)}). Fetch the feed again.") from error


def _repaired(text: str) -> tuple[str, list[FeedProblem]]:
    """Remove characters that XML forbids, escape each lone & as &amp; and declare undeclared prefixes."""
    problems: list[FeedProblem] = []

    def note(line: int, excerpt: str, reason: str) -> None:
        problems.append(FeedProblem(0, "xml", excerpt, f"Line {line}: {reason}"))

    controls = list(_CONTROL.finditer(text))
    if controls:
        line = text.count("\n", 0, controls[0].start()) + 1
        note(line, "", f"characters that XML forbids were removed ({len(controls)}, starting here).")
        text = _CONTROL.sub("", text)
    loose: list[int] = []

    def replace(match: re.Match[str]) -> str:
        if match[0].startswith("<") or (match[1] and _is_permitted(match[1])):
            return match[0]
        loose.append(match.start())
        if match[1]:
            return "\ufffd"
        name = match[2] or ""
        return html5[name].replace("&", "&amp;").replace("<", "&lt;") if name in html5 else f"&amp;{name}"

    repaired = _REFERENCE.sub(replace, text)
    if loose:
        line = text.count("\n", 0, loose[0]) + 1
        excerpt = " ".join(text[loose[0] : loose[0] + 30].split())
        note(line, excerpt, f"& doesn’t start an XML reference; read as HTML ({len(loose)}, starting here).")
        text = repaired
    repaired, slips = _tags_repaired(text)
    lines = LineCounter(text)
    for offset, excerpt, reason in slips:
        note(lines.at(offset), " ".join(excerpt.split()), reason)
    text = repaired
    if (start := _FEED_START.search(text)) and not _PROLOG.fullmatch(text, 0, start.start()):
        note(1, " ".join(text[: start.start()].split())[:80], "the text before the feed was left out.")
        text = text[start.start() :]
    text = DECLARATION.sub("", text, count=1)
    prefixes = set(_PREFIX.findall(text)) - set(_DECLARED.findall(text)) - {"xml"}
    if 0 < len(prefixes) <= PREFIXES_REPAIRED and (root := ROOT.search(text)):
        names = ", ".join(f"{prefix}:" for prefix in sorted(prefixes))
        note(1, names, "these prefixes aren’t declared; they got their usual meaning.")
        declared = "".join(f' xmlns:{p}="{NAMESPACES.get(p, f"urn:undeclared:{p}")}"' for p in sorted(prefixes))
        text = text[: root.end()] + declared + text[root.end() :]
    return text, problems


def _tags_repaired(text: str) -> tuple[str, list[tuple[int, str, str]]]:
    """Return the text with each lone < escaped and attributes quoted and given once, and the slips.

    A slip is the offset in `text`, an excerpt, and what was done.
    """
    slips: list[tuple[int, str, str]] = []

    def replace(match: re.Match[str]) -> str:
        comment, end, name, written, empty, lone = match.groups()
        if comment and match[0].endswith("-->") and ("--" in comment or comment.endswith("-")):
            slips.append((match.start(), match[0][:60], "-- in a comment was removed."))
            return f"<!--{comment.replace('-', ' ')}-->"
        if end:
            slips.append((match.start(), match[0], "]]> ends nothing; read as text."))
            return "]]&gt;"
        if lone:
            slips.append(
                (match.start(), text[match.start() : match.start() + 30], "< doesn’t start a tag; read as text.")
            )
            return "&lt;"
        if not name or not written.strip():
            return match[0]
        attributes: dict[str, str] = {}
        done: list[str] = []
        for attribute in _ATTRIBUTE.finditer(written):
            key, value, stray = attribute.groups()
            if stray or key in attributes:
                done.append(
                    "a stray character in the tag was removed" if stray else f"{key} is given twice; the first was used"
                )
                continue
            attributes[key] = value if value and value[0] in "\"'" else quoteattr(value or "")
            if written[: attribute.start()][-1:].strip():
                done.append(f"there is no space before {key}")
            if attributes[key] != value:
                done.append(f"the value of {key} isn’t quoted; read as {attributes[key]}")
        if not done:
            return match[0]
        slips.extend((match.start(), match[0][:60], f"{what}.") for what in dict.fromkeys(done))
        return f"<{name}{''.join(f' {key}={value}' for key, value in attributes.items())}{empty}>"

    return _TAG.sub(replace, text), slips


def _is_permitted(number: str) -> bool:
    """Return whether XML permits the character with this code, decimal or `x` and hexadecimal."""
    code = int(number[1:], 16) if number[0] == "x" else int(number)
    return code < 0x110000 and not _CONTROL.match(chr(code))
