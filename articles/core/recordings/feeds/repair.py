"""Repairs a feed that isn't well-formed XML, and lists every repair and every skipped part with its line."""

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from html.entities import html5
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import quoteattr

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]

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
_PLACE = "<items-go-here/>"
_PLACED = re.compile(r"(<items-go-here[^>]*>)")
_TAG = re.compile(
    r"""<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--(.*?)-->|<[!?/]|(\]\]>)|(<)(?![A-Za-z_])"""
    r"""|<([A-Za-z_][\w:.-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*?)\s*(/?)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w:.-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?|(\S)""")
_FIELDS = frozenset(["title", "guid", "id", "link", "pubDate", "published", "enclosure", "duration"])
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
        text = _decode_mixed(body, "utf-8", problems)
    except UnicodeDecodeError:
        text = _decode_mixed(body, "utf-8" if _is_utf8(body) else name, problems)
    else:
        # Only UTF-8 is so regular that other text is never mistaken for it.
        if codecs.lookup(name).name not in ("utf-8", "ascii") and not name.startswith("utf-16") and _is_utf8(body):
            problems.append(
                FeedProblem(0, "encoding", name, f"The text isn’t {name.upper()} as declared; read as UTF-8.")
            )
            text = body.decode("utf-8")
    return _DECLARATION.sub("", text, count=1), problems


def _is_utf8(body: bytes) -> bool:
    """Return whether bytes are UTF-8 with more than ASCII."""
    try:
        return not body.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _decode_mixed(body: bytes, name: str, problems: list[FeedProblem]) -> str:
    """Decode what is valid, and other bytes as Windows-1252, which nearly all feeds with such bytes were pasted from."""
    places: list[int] = []

    def replace(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)  # noqa: S101  (nothing is encoded)
        places.append(error.start)
        return error.object[error.start : error.end].decode("windows-1252", "replace"), error.end

    codecs.register_error("feed", replace)
    text = body.decode(name, "feed")
    if places:
        line = body.count(b"\n", 0, places[0]) + 1
        byte = f"0x{body[places[0]]:02X}"
        reason = f"byte {byte} isn’t valid {name.upper()}; read as Windows-1252 ({len(places)}, starting here)."
        problems.append(FeedProblem(0, "encoding", "", f"Line {line}: {reason}"))
    return text


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
        text, numbers, slips = _recovered(text, error)
    try:
        return Document(text, parse(text), numbers), problems + slips
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
    repaired, slips = _tags_repaired(text)
    for offset, excerpt, reason in slips:
        note(text.count("\n", 0, offset) + 1, " ".join(excerpt.split()), reason)
    text = repaired
    if (root := _ROOT.search(text)) and not (stray := text[: root.start()].strip()).startswith("<") and stray:
        note(1, stray[:80], "what stands before the feed was left out.")
        text = text[text.index("<") :]
    text = _DECLARATION.sub("", text, count=1)
    prefixes = {prefix for prefix in _PREFIX.findall(text) if f"xmlns:{prefix}" not in text and prefix != "xml"}
    if 0 < len(prefixes) <= PREFIXES_REPAIRED and (root := _ROOT.search(text)):
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
        comment, end, lone, name, written, empty = match.groups()
        if comment and ("--" in comment or comment.endswith("-")):
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


def _recovered(text: str, error: ParseError) -> tuple[str, tuple[int, ...], list[FeedProblem]]:
    """Return the text with its head and each broken item as lxml recovers them, the items' numbers, and all slips.

    An item stays one: a tag that it doesn't close can't swallow the items after it. An item in which such a tag hides
    others is skipped, because it could say anything.
    """
    items = list(ITEM.finditer(text))
    line, column = error.position
    broken = f"line {line}, column {column + 1}: the XML is not well-formed ({_reason(error)})"
    starts = [start.start() for start in _START.finditer(text)]
    problems: list[FeedProblem] = []
    head, tail, namespaces = _recovered_head(text[: starts[0]] if starts else "", problems)
    if not head or not items:
        raise FeedError(f"{broken}. Fix it there or fetch the feed again.")
    kept: dict[int, str] = {}
    for item in items:
        number = bisect_right(starts, item.start())
        try:
            parse(f"<x{namespaces}>{item[0]}</x>")
            kept[number] = item[0]
            continue
        except ParseError as failure:
            reason = _reason(failure)
        place = text.count("\n", 0, item.start())
        root, slips = _recover(item[0], place, number)
        if root is None or _hides_fields(root):
            skipped = f"Line {place + 1}: the item is not well-formed ({reason}) and was skipped."
            problems.append(FeedProblem(number, "item", " ".join(item[0][:80].split()), skipped))
        else:
            kept[number] = etree.tostring(root, encoding="unicode")
            problems += slips
    complete = {bisect_right(starts, item.start()) for item in items}
    for number in sorted(set(range(1, len(starts) + 1)) - complete):
        place = text.count("\n", 0, starts[number - 1]) + 1
        problems.append(FeedProblem(number, "item", "", f"Line {place}: the item doesn’t end and was skipped."))
    if not problems:
        problems.append(FeedProblem(0, "xml", "", f"The feed is broken outside its items: {broken}."))
    return head + "".join(kept.values()) + tail, tuple(kept), problems


def _recovered_head(head: str, problems: list[FeedProblem]) -> tuple[str, str, str]:
    """Return what comes before the first item, ending inside the channel, its end tags, and the declared namespaces.

    All are "" if there is no root element.
    """
    nothing = "", "", ""
    if not (start := _ROOT.search(head)):
        return nothing
    root, slips = _recover(head[start.start() :] + _PLACE, head.count("\n", 0, start.start()), 0)
    place = None if root is None else root.find(f".//{_PLACE[1:-2]}")
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


def _recover(text: str, line: int, number: int) -> tuple[Any, list[FeedProblem]]:
    """Return the root element that lxml finds in broken XML (None if it finds none), and a problem for each slip.

    `line` is the number of lines before the text. Undeclared prefixes are left to the rest of the feed.
    """
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
    return root, list(dict.fromkeys(slips))


def _slip_reason(message: str) -> str:
    return re.sub(r" line \d+|:? <!--.*", "", message.splitlines()[0]).strip()


def _hides_fields(item: Any) -> bool:
    """Return whether an element that should be text contains another field of the item."""
    return any(
        _local(child) in _FIELDS and any(_local(inner) in _FIELDS for inner in child.iterdescendants())
        for child in item
    )


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _reason(error: ParseError) -> str:
    return str(error).split(":")[0]
