"""Makes well-formed XML of a feed that is not quite: what was mended or has to be left out is listed with its line."""

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from .types import FeedError, FeedProblem

PREFIXES_MENDED = 30
PREFIXES_PERMITTED = 500  # the time that reading them takes grows with their square
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
    """Return the text without its XML declaration, in the encoding that it names (else UTF-8), and what was replaced."""
    bom = next((bom for bom in _BOMS if data.startswith(bom)), b"")
    body = data[len(bom) :]
    declared = _ENCODING.match(body)
    name = declared[1].decode("ascii") if declared and not bom else _BOMS.get(bom, _GUESSED.get(data[:4], "utf-8"))
    problems: list[FeedProblem] = []
    # UTF-16 cannot be declared in bytes that were just read as ASCII; the codecs left out are none of texts.
    if not _KNOWN.match(name):
        problems.append(FeedProblem(0, "encoding", name, f"The encoding “{name}” is not one of texts: read as UTF-8."))
        name = "utf-8"
    try:
        text = body.decode(name)
    except LookupError:
        problems.append(FeedProblem(0, "encoding", name, f"The encoding “{name}” is not known: read as UTF-8."))
        text = body.decode("utf-8", "replace")
    except UnicodeDecodeError as error:
        text = body.decode(name, "replace")
        line = body.count(b"\n", 0, error.start) + 1
        reason = f"Line {line}: byte 0x{body[error.start]:02X} is no {name.upper()}: such bytes became �."
        problems.append(FeedProblem(0, "encoding", "", reason))
    return _DECLARATION.sub("", text, count=1), problems


def parse(text: str) -> Element:
    """Return the root. Raises FeedError for entities, xml.etree's ParseError where it is not well-formed."""
    try:
        root: Element = fromstring(text.encode("utf-8", "replace"), forbid_dtd=False, forbid_entities=True)
    except DefusedXmlException as error:
        raise FeedError(
            "the file declares entities of its own. A feed needs none, and they can fill the memory: "
            "remove the <!DOCTYPE …> at its beginning."
        ) from error
    except RecursionError as error:
        raise FeedError("its elements are nested too deep: no feed is.") from error
    return root


@dataclass(frozen=True)
class Document:
    """A feed as well-formed XML: its text and root, the numbers of its items in the file (None: 1, 2, 3 …)."""

    text: str
    root: Element
    numbers: tuple[int, ...] | None = None


def well_formed(text: str) -> tuple[Document, list[FeedProblem]]:
    """Return what of the text is well-formed XML, and what was mended or left out for that. Raises FeedError."""
    if len(set(_DECLARED.findall(text))) > PREFIXES_PERMITTED:
        raise FeedError(f"it declares more than {PREFIXES_PERMITTED} prefixes (xmlns:…): no feed does.")
    try:
        return Document(text, parse(text)), []
    except ParseError:
        text, problems = _mended(text)
    try:
        return Document(text, parse(text)), problems
    except ParseError as error:
        text, numbers, lost = _without_broken_items(text, error)
    try:
        return Document(text, parse(text), numbers), problems + lost
    except ParseError as error:
        raise FeedError(f"the XML is not well-formed ({_words(error)}). Fetch the feed again.") from error


def _mended(text: str) -> tuple[str, list[FeedProblem]]:
    """Characters that XML forbids are taken out, lone & are written as &amp;, prefixes that nobody declares are."""
    problems: list[FeedProblem] = []

    def note(line: int, found: str, reason: str) -> None:
        problems.append(FeedProblem(0, "xml", found, f"Line {line}: {reason}"))

    controls = list(_CONTROL.finditer(text))
    if controls:
        line = text.count("\n", 0, controls[0].start()) + 1
        note(line, "", f"Characters that XML forbids were taken out ({len(controls)}, this one first).")
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

    mended = _REFERENCE.sub(replace, text)
    if loose:
        line = text.count("\n", 0, loose[0]) + 1
        found = " ".join(text[loose[0] : loose[0] + 30].split())
        note(line, found, f"& stands for nothing that XML knows: read as HTML does ({len(loose)}, this one first).")
        text = mended
    prefixes = {prefix for prefix in _PREFIX.findall(text) if f"xmlns:{prefix}" not in text and prefix != "xml"}
    if 0 < len(prefixes) <= PREFIXES_MENDED and (root := _ROOT.search(text)):
        names = ", ".join(f"{prefix}:" for prefix in sorted(prefixes))
        note(1, names, "These prefixes are not declared: read as what they usually mean.")
        declared = "".join(f' xmlns:{p}="{NAMESPACES.get(p, f"urn:undeclared:{p}")}"' for p in sorted(prefixes))
        text = text[: root.end()] + declared + text[root.end() :]
    return text, problems


def _is_permitted(number: str) -> bool:
    """Whether XML permits the character with this number, decimal or `x` and hexadecimal."""
    code = int(number[1:], 16) if number[0] == "x" else int(number)
    return code < 0x110000 and not _CONTROL.match(chr(code))


def _without_broken_items(text: str, error: ParseError) -> tuple[str, tuple[int, ...], list[FeedProblem]]:
    """The text with those items alone that are well-formed by themselves, their numbers, and the others as problems."""
    items = list(ITEM.finditer(text))
    line, column = error.position
    broken = f"line {line}, column {column + 1}: the XML is not well-formed ({_words(error)})"
    starts = [start.start() for start in _START.finditer(text)]
    head = text[: starts[0]] if starts else text
    tags = _open_tags(head)
    if tags is None or not items:
        raise FeedError(f"{broken}. Mend it there, or fetch the feed again.")
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
            reason = f"Line {place}: the item is not well-formed ({_words(failure)}): it was left out."
            problems.append(FeedProblem(number, "item", " ".join(item[0][:80].split()), reason))
        else:
            kept[number] = item[0]
    whole = {bisect_right(starts, item.start()) for item in items}
    for number in sorted(set(range(1, len(starts) + 1)) - whole):
        place = text.count("\n", 0, starts[number - 1]) + 1
        problems.append(FeedProblem(number, "item", "", f"Line {place}: the item does not end: it was left out."))
    if not problems:
        problems.append(FeedProblem(0, "xml", "", f"The feed is broken outside its items: {broken}."))
    return head + "".join(kept.values()) + tail, tuple(kept), problems


def _open_tags(head: str) -> list[str] | None:
    """The tags of the elements that are open at the end of `head`; None if it is not well-formed so far."""
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


def _words(error: ParseError) -> str:
    return str(error).split(":")[0]
