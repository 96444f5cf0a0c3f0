"""Flags links and images that are shown as text or can't be opened, because of how they are written."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import NamedTuple
from urllib.parse import unquote

from articles.core.language.messages import lazy_message
from articles.core.language.shorten import shorten
from articles.core.lint.letters import Spans
from articles.core.lint.types import Issue, Part, Repair, Text
from articles.core.markdown import image_addresses, is_foreign_image, wiki_slug
from articles.core.timestamps import UNSEEN, code_spans, is_escaped, seen_address

from .torn_images import torn_images

_WEB = r"https?://[^\s()<>\[\]{}\"“”]{1,2000}"
_WORDS = r"[^\[\]\r\n]{1,300}"
_GAP = rf"(?:[ \t{UNSEEN}]+|[ \t]*\r?\n[ \t]*)"
_BROKEN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<image>[!！]?)\[(?P<words>{_WORDS})\](?:{_GAP}[(（]|（)(?P<address>{_WEB}?)[)）]",
        rf"\\?(?P<image>!?)\\?\[(?P<words>{_WORDS}?)\\?\]\\?\((?P<address>{_WEB}?)\\?\)",
        rf"(?<!\])\((?P<words>[^()\[\]\r\n]{{1,300}})\)\[(?P<address>{_WEB})\]",
        rf"(?P<image>!?)\[(?P<words>{_WORDS})\]\((?P<address>https?://[^\s()<>\"']{{1,2000}}(?:[ \t]+[^\s()<>\"']{{1,300}}){{1,20}})\)",
        rf"(?P<image>!?)\[(?P<words>{_WORDS})\](?:\{{(?P<a>{_WEB})\}}|<(?P<b>{_WEB})>|\[(?P<c>{_WEB})\]|\([“”\"'](?P<d>{_WEB})[“”\"']\))",
        rf"(?P<image>!?)\[(?P<words>{_WORDS})\]\((?P<address>{_WEB})(?:\]|(?=[^()\r\n]{{0,300}}(?:\r?\n|\Z)))",
        rf"(?P<image>!?)\[(?P<words>{_WORDS})\]\((?P<address>https?://[^\s()<>]{{1,1000}}\([^\s()<>]{{0,500}}\))(?=[.,;:]?(?:\s|\Z))",
        rf"(?<![!\]])\((?P<address>{_WEB})\)\[(?P<words>{_WORDS})\](?![(\[:])",
        rf"\[\[?(?P<words>[^\[\]|\r\n]{{1,300}})\|(?P<address>{_WEB})\]\]?",
        rf"\[\[?(?P<address>{_WEB})(?:\||[ \t]+)(?P<words>{_WORDS})\]\]?",
        rf"(?i:\[url=(?P<address>{_WEB})\](?P<words>[^\[\]\r\n]{{1,300}})\[/url\])",
        rf"(?P<image>!)[ \t]+\[(?P<words>{_WORDS})\]\((?P<address>{_WEB}\.(?i:png|jpe?g|gif|webp|avif|svg))\)",
        rf"(?P<image>！)\[(?P<words>{_WORDS})\]\((?P<address>{_WEB})\)",
        rf"<a\s(?:[^<>\r\n]{{0,300}}?\s)?(?i:href)=[\"']?(?P<address>{_WEB})[\"']?(?:\s[^<>\r\n]{{0,300}})?>(?P<words>[^<>\r\n]{{1,300}})</a>",
    )
)
_WIKI = tuple(
    re.compile(pattern)
    for pattern in (
        r"\\\[\\?\[(?P<link>[^\[\]\\\r\n]{1,300})\\?\]\\?\](?!\()",
        r"(?:［［|【【)(?P<link>[^\[\]［］【】\r\n]{1,300})(?:］］|】】)",
        r"\[\[(?<![\[\\!]\[\[)(?P<link>[^\[\]\r\n]{1,100})\](?![\](\[])(?![^\r\n]{0,500}\])",
    )
)
ADDRESS_SHOWN = 120  # characters of an address that a message shows
_LETTER = re.compile(r"[^\W\d_]")
_SIZE = re.compile(r"\s+=[0-9]*x[0-9]*$")  # the size that some editors write after an image's address
_IMAGE = re.compile(
    r"!\[(?P<alt>[^\[\]\r\n]{0,300})\]\([ \t]*<?(?P<address>[^\s()<>]{1,2000}(?:[ \t]+[^\s()<>\"']{1,200})*)>?\)?"
)
_EMBED = re.compile(
    r"!\[\[(?P<address>[^\[\]\r\n]{1,300}\.(?i:png|jpe?g|gif|webp|avif|svg|bmp|heic))(?:\|[^\[\]\r\n]{0,100})?\]\]"
)
_TAG = re.compile(r"<img\s(?P<attributes>[^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?i:\b(src|alt))\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))")
_DATA = re.compile(r"data:image/[a-z0-9.+-]{1,30}(?:;[a-z0-9=-]{1,30}){0,3};base64,[A-Za-z0-9+/]{1,200}", re.IGNORECASE)
_LINK = re.compile(rf"(?<!!)\[(?P<words>{_WORDS})\]\([ \t]*<?(?P<address>[^\s()<>\"]{{0,2000}})>?[ \t]*\)")
_EMPTY = re.compile(rf"(?<![!\]])\[[ \t{UNSEEN}]*\]\((?P<address>{_WEB})\)")
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:|[A-Z]:\\|\\\\)", re.IGNORECASE)
_WEB_SLIP = re.compile(
    r"(?:h?t{1,2}ps?|htp|hhtps?)(?P<tail>s?)(?::/(?!/)|//|:(?!/)|:/{3,}|;//|://)(?P<rest>[^\s/:]+\.[^\s]+)",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?:www\.[^\s/]+\.[a-z]{2,}|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|io|info|de|uk|fr|eu|ch|at|nl|example))(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?<![\w\])}\\])(?P<image>!?)\[(?P<words>[^\[\]\r\n]{0,300})\]\[(?P<label>[^\[\]\r\n]{0,100})\]"
)
_DEFINITION = re.compile(r"^[ \t>]{0,8}\[(?P<label>[^\[\]\r\n]{1,100})\]:[ \t]*\S", re.MULTILINE)


_FILE = re.compile(r"\.(?:md|markdown|html?|txt|docx?)$", re.IGNORECASE)
_BESIDE = lazy_message(
    "This address leads nowhere here. Link to a page on the web, or to an article like [[article|words]]."
)


_SHOWN = lazy_message("The address of an image is shown as text. Write an image like ![what it shows](address).")


class _Found(NamedTuple):
    start: int
    written: str
    message: str
    replacement: str | None = None


def link(text: Text) -> Iterator[Issue]:
    """Flag links and images that are shown as text or can't be opened; the repair writes them as Markdown reads them."""
    for part in text.parts:
        body = part.body
        if not any(
            sign in body
            for sign in ("](", "][", "http", "/uploads/", "![", "<img", "data:", "url=", "[[", "\\[", "［［", "【【")
        ):
            continue
        code = Spans(code_spans(body))
        end = 0
        found = [*_images(part), *_links(body), *_references(part)]
        for one in sorted(found, key=lambda one: (one.start, -len(one.written))):
            if one.start < end or code.hold(one.start):
                continue
            end = one.start + len(one.written)
            repair = None
            if one.replacement is not None:
                repair = Repair(one.start, one.written, one.replacement, lazy_message("Fix the link"))
            claim = part.claim_at(one.start)
            yield part.flag("unread-link", one.message, one.start, len(one.written), claim=claim, repair=repair)


def article_meant(issue: Issue) -> tuple[str, str] | None:
    """Return the slug of the article that a flagged link to a file or page beside the text may mean, and its words.

    The rules don't know which articles exist, so this is no repair yet. None for all other issues.
    """
    match = _LINK.fullmatch(issue.text) if issue.message == _BESIDE else None
    if match is None:
        return None
    path = unquote(re.split("[?#]", seen_address(match["address"]))[0])
    slug = wiki_slug(_FILE.sub("", path.rstrip("/").rpartition("/")[2]))
    return (slug, match["words"].replace("|", "/")) if slug else None


def link_to_article(issue: Issue, slug: str, words: str) -> Issue:
    """Return the issue with the repair that links to the article."""
    return replace(issue, repair=Repair(issue.offset, issue.text, f"[[{slug}|{words}]]", lazy_message("Fix the link")))


def _links(body: str) -> Iterator[_Found]:
    message = lazy_message("This link is shown as text. Write it like [words](address), without spaces.")
    for pattern in _BROKEN if "http" in body else ():
        for match in pattern.finditer(body):
            groups = match.groupdict()
            if not groups.get("image") and not _LETTER.search(groups["words"]):
                continue  # `[1]` is a reference
            address = next(groups[name] for name in ("address", "a", "b", "c", "d") if groups.get(name))
            address = _SIZE.sub("", address) if groups.get("image") else address
            sign = "!" if groups.get("image") else ""
            words = match["words"].strip()
            written = f"<{address}>" if re.search(r"\s", address) else address
            replacement = f"{sign}[{words}]({written})"
            if match.group() != replacement:
                yield _Found(match.start(), match.group(), message, replacement)
    for match in (found for pattern in _WIKI for found in pattern.finditer(body)):
        if _LETTER.search(match["link"]):
            unread = lazy_message("This link to an article is shown as text. Write it like [[article|words]].")
            yield _Found(match.start(), match.group(), unread, f"[[{match['link']}]]")
    if "](" not in body:
        return
    for match in _EMPTY.finditer(body):
        nothing = lazy_message("Readers don’t see this link, because it has no words.")
        yield _Found(match.start(), match.group(), nothing, f"<{match['address']}>")
    for match in _LINK.finditer(body):
        is_link = _LETTER.search(match["words"]) and not is_escaped(body, match.start())
        if is_link and (wrong := _wrong_address(seen_address(match["address"]))):
            reason, address = wrong
            yield _Found(match.start(), match.group(), reason, f"[{match['words']}]({address})" if address else None)


def _wrong_address(address: str) -> tuple[str, str] | None:
    """Return what is wrong with a link's address and the right one ("" if unknown), None if readers can open it."""
    if not address:
        return lazy_message("The address of this link is missing."), ""
    if address.lower().startswith(("http://", "https://", "mailto:", "#", "/")):
        return None
    if slip := _WEB_SLIP.fullmatch(address):
        return lazy_message("The address of this link has a typing error."), f"https://{slip['rest']}"
    if _HOST.fullmatch(address):
        return lazy_message(
            "The address of this link lacks https://, so it leads to a page of this site."
        ), f"https://{address}"
    if _SCHEME.match(address):
        return lazy_message("Readers can’t open this address. Link to a page on the web."), ""
    if _LETTER.search(address):  # it would be added to the address of whatever page shows the text
        return _BESIDE, ""
    return None


def _references(part: Part) -> Iterator[_Found]:
    """Yield references whose definition is missing."""
    body = part.body
    if "][" not in body:
        return
    defined = {" ".join(match["label"].casefold().split()) for match in _DEFINITION.finditer(body)}
    marks = part.citation_offsets
    for match in _REFERENCE.finditer(body):
        label = " ".join((match["label"] or match["words"]).casefold().split())
        is_mark = {match.start() + len(match["image"]), match.start("label") - 1} & marks
        has_words = match["image"] or _LETTER.search(match["words"])
        if label and label not in defined and has_words and not is_mark and not label.startswith(("^", "http")):
            message = lazy_message(
                "The address of this link is missing: write [words](address), or add a line [%(label)s]: address.",
                label=match["label"] or match["words"],
            )
            yield _Found(match.start(), match.group(), message)


def _images(part: Part) -> Iterator[_Found]:
    body, html = part.body, part.rendered.html
    for start, end, address in image_addresses(body):
        if is_foreign_image(address):
            yield _Found(start, body[start:end], _foreign(address))
    for match in _IMAGE.finditer(body) if "![" in body else ():
        address = match["address"]
        is_shown = f'src="{escape(address)}"' in html or is_foreign_image(address)
        if is_escaped(body, match.start()) or is_shown:
            continue
        yield _Found(match.start(), match.group(), _in_text() if address.startswith("data:") else _elsewhere())
    for match in _EMBED.finditer(body) if "![[" in body else ():
        yield _Found(match.start(), match.group(), _elsewhere())
    for match in _TAG.finditer(body) if "<" in body else ():
        values = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(match["attributes"])}
        source = values.get("src", "")
        if source.startswith("data:"):
            yield _Found(match.start(), match.group(), _in_text())
        elif re.fullmatch(r"(?:https?:)?//[^\s<>()]+", source):
            alt = values.get("alt", "").translate(str.maketrans("[]", "()"))
            message = lazy_message("HTML is shown as text. Write an image like ![what it shows](address).")
            yield _Found(match.start(), match.group(), message, f"![{alt}]({source})")
        else:
            yield _Found(match.start(), match.group(), _elsewhere())
    for match in _DATA.finditer(body) if "base64," in body else ():
        yield _Found(match.start(), match.group(), _in_text())
    for torn in torn_images(part):
        yield _Found(*torn[:2], _SHOWN, torn.replacement)


def _in_text() -> str:
    return lazy_message(
        "The file of this image is written into the text, where it can’t be shown. Upload the image instead."
    )


def _foreign(address: str) -> str:
    return lazy_message(
        "This image isn’t stored on this site, so readers only get a link to it: %(address)s. Save the draft to store "
        "it; if that fails, upload the image.",
        address=shorten(address, ADDRESS_SHOWN),
    )


def _elsewhere() -> str:
    return lazy_message("This image is on another computer or can’t be reached, so readers don’t see it. Upload it.")
