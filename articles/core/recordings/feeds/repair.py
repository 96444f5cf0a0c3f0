"""Repairs a feed that isn't well-formed XML, and lists every repair and every skipped part with its line."""

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from .types import FeedError, FeedProblem

PREFIXES_REPAIRED = 30
PREFIXES_PERMITTED = 500  # parsing time grows with the square of their number
ITEM = re.compile(r"<(item|entry)(?=[\s>])(?:(?!<(?:item|entry)[\s>]).)*?</\1\s*>", re.DOTALL)
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

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:lt|gt|amp|quot|apos);)(?:#(\d{1,7}|x[0-9a-fA-F]{1,6});|(\w{1,31};))?", re.DOTALL
)
_START = re.compile(r"<(?:item|entry)(?=[\s>])")
_ROOT = re.compile(r"<[A-Za-z_][\w:.-]*")
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?)([A-Za-z_][\w:.-]*)[^<>]*?(/?)>", re.DOTALL)
_DECLARED = re.compile(r"\sxmlns:([\w.-]+)")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]")
_KNOWN = re.compile(
    r"utf-?8|utf-16-[bl]e|(us-)?ascii|iso-?8859|latin|windows-|cp\d|koi8|gb|big5|euc|shift_jis|sjis|tis|mac",
    re.IGNORECASE,
)
_GUESSED = {b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def decode(data: bytes) -> tuple[str, list[FeedProblem]]:
    """Return the text without its XML declaration, decoded as declared (else as UTF-8), and any decoding problems."""
    bom = next((bom for bom in _BOMS if data.startswith(bom)), b"")
    body = data[len(bom) :]
    declared = _ENCODING.match(body)
    name = declared[1].decode("ascii") if declared and not bom else _BOMS.get(bom, _GUESSED.get(data[:4], "utf-8"))
    problems: list[FeedProblem] = []
    # A UTF-16 declaration can't be true if it was just read as ASCII; the other codecs not listed aren't for text.
    if not _KNOWN.match(name):
        problems.append(FeedProblem(0, "encoding", name, f"“{name}” isn’t a text encoding; read as UTF-8."))
        name = "utf-8"
    try:
        text = body.decode(name)
    except LookupError:
        problems.append(FeedProblem(0, "encoding", name, f"“{name}” isn’t a known encoding; read as UTF-8."))
        text = body.decode("utf-8", "replace")
    except UnicodeDecodeError as error:
        text = body.decode(name, "replace")
        line = body.count(b"\n", 0, error.start) + 1
        byte = f"0x{body[error.start]:02X}"
        reason = f"Line {line}: byte {byte} isn’t valid {name.upper()}; such bytes were replaced with �."
        problems.append(FeedProblem(0, "encoding", "", reason))
    return _DECLARATION.sub("", text, count=1), problems


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
    try:
        return Document(text, parse(text)), []
    except ParseError:
        text, problems = _repaired(text)
    try:
        return Document(text, parse(text)), problems
    except ParseError as error:
        text, numbers, skipped = _without_broken_items(text, error)
    try:
        return Document(text, parse(text), numbers), problems + skipped
    except ParseError as error:
        raise FeedError(f"the XML is not well-formed ({_reason(error)}). Fetch the feed again.") from error


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
    prefixes = {prefix for prefix in _PREFIX.findall(text) if f"xmlns:{prefix}" not in text and prefix != "xml"}
    if 0 < len(prefixes) <= PREFIXES_REPAIRED and (root := _ROOT.search(text)):
        names = ", ".join(f"{prefix}:" for prefix in sorted(prefixes))
        note(1, names, "these prefixes aren’t declared; they got their usual meaning.")
        declared = "".join(f' xmlns:{p}="{NAMESPACES.get(p, f"urn:undeclared:{p}")}"' for p in sorted(prefixes))
        text = text[: root.end()] + declared + text[root.end() :]
    return text, problems


def _is_permitted(number: str) -> bool:
    """Return whether XML permits the character with this code, decimal or `x` and hexadecimal."""
    code = int(number[1:], 16) if number[0] == "x" else int(number)
    return code < 0x110000 and not _CONTROL.match(chr(code))


def _without_broken_items(text: str, error: ParseError) -> tuple[str, tuple[int, ...], list[FeedProblem]]:
    """Return the text with only the items that are well-formed on their own, their numbers, and problems for the rest."""
    items = list(ITEM.finditer(text))
    line, column = error.position
    broken = f"line {line}, column {column + 1}: the XML is not well-formed ({_reason(error)})"
    starts = [start.start() for start in _START.finditer(text)]
    head = text[: starts[0]] if starts else text
    tags = _open_tags(head)
    if tags is None or not items:
        raise FeedError(f"{broken}. Fix it there or fetch the feed again.")
    skeleton = "".join(tags)
    tail = "".join(f"</{_ROOT.findall(tag)[0][1:]}>" for tag in reversed(tags))
    kept: dict[int, str] = {}
    problems: list[FeedProblem] = []
    for item in items:
        number = bisect_right(starts, item.start())
        try:
            parse(skeleton + item[0] + tail)
        except ParseError as failure:
            place = text.count("\n", 0, item.start()) + 1
            reason = f"Line {place}: the item is not well-formed ({_reason(failure)}) and was skipped."
            problems.append(FeedProblem(number, "item", " ".join(item[0][:80].split()), reason))
        else:
            kept[number] = item[0]
    complete = {bisect_right(starts, item.start()) for item in items}
    for number in sorted(set(range(1, len(starts) + 1)) - complete):
        place = text.count("\n", 0, starts[number - 1]) + 1
        problems.append(FeedProblem(number, "item", "", f"Line {place}: the item doesn’t end and was skipped."))
    if not problems:
        problems.append(FeedProblem(0, "xml", "", f"The feed is broken outside its items: {broken}."))
    return head + "".join(kept.values()) + tail, tuple(kept), problems


def _open_tags(head: str) -> list[str] | None:
    """Return the tags of the elements still open at the end of `head`, None if it isn't well-formed so far."""
    tags: list[tuple[str, str]] = []
    for match in _MARKUP.finditer(head):
        closing, name, empty = match.groups()
        if name is None or empty:
            continue
        if not closing:
            tags.append((name, match[0]))
        elif not tags or tags.pop()[0] != name:
            return None
    try:
        parse(head + "".join(f"</{name}>" for name, _ in reversed(tags)))
    except ParseError:
        return None
    return [tag for _, tag in tags]


def _reason(error: ParseError) -> str:
    return str(error).split(":")[0]
