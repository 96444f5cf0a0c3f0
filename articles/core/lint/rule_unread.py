"""Flags what was clearly meant as a citation, heading, list, link or image, but that Markdown reads as text or code."""

import re
from collections.abc import Iterator
from functools import lru_cache

from articles.core.language.messages import lazy_message
from articles.core.timestamps import (
    UNSEEN,
    Intended,
    Mark,
    code_spans,
    find_intended,
    find_marks,
    format_label,
    recording_of,
)

from .letters import Spans
from .types import Field, Issue, Part, Repair, Text

_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[^\r\n]*")
_LINE_END = re.compile(r"\r\n?|\n")
_BLOCK = re.compile(
    rf"^(?P<lead>[ \t{UNSEEN}]*)(?P<sign>[#＃]{{1,6}}|[-*+>]|\d{{1,9}}[.)])(?P<gap>[ \t{UNSEEN}]*)(?P<words>[^\s#＃].*)$",
    re.MULTILINE,
)
_UNSEEN = re.compile(f"[{UNSEEN}]")
_WEB = r"https?://[^\s()<>\[\]]{1,2000}"
_LINKS = (
    re.compile(rf"(?P<text>!?\[[^\[\]\r\n]{{1,300}}\])(?:[ \t]+\(|[ \t]*（)(?P<address>{_WEB}?)[)）]"),
    re.compile(rf"\\!?\\?(?P<text>\[[^\[\]\r\n]{{1,300}}?)\\?\]\\?\((?P<address>{_WEB}?)\\?\)"),
    re.compile(rf"(?<!\])\((?P<text>[^()\[\]\r\n]{{1,300}})\)\[(?P<address>{_WEB})\]"),
    re.compile(
        r"(?P<text>!?\[[^\[\]\r\n]{1,300}\])\((?P<address>https?://[^\s()<>\"']{1,2000}(?:[ \t]+[^\s()<>\"']{1,300}){1,20})\)"
    ),
)
_IMAGE = re.compile(
    r"!\[(?P<text>[^\[\]\r\n]{0,300})\]\([ \t]*<?(?P<address>http://[^\s()<>]{1,2000}|data:[^\s()<>]{1,200})"
)


def citation(text: Text) -> Iterator[Issue]:
    """Flag intended citations in other notations, links and indented lines; the repair writes the mark."""
    for part, field, written in _fields(text):
        for intended in _intended(written):
            if intended.kind == "notation":
                message = lazy_message(
                    "This looks like a citation, but readers see it as text. Write it like %(replacement)s.",
                    replacement=intended.replacement,
                )
                yield _flag("unread-citation", part, field, intended, message, intended.replacement)
            elif intended.kind == "linked":
                yield _linked(text, part, field, intended)
        if field == "body":
            yield from _indented(part)


def escaped(text: Text) -> Iterator[Issue]:
    """Flag citations that a backslash turns into text; the repair removes it."""
    for part, field, written in _fields(text):
        for intended in _intended(written):
            if intended.kind == "escaped":
                message = lazy_message(
                    "The backslash makes this text. If it is meant as a citation, write %(replacement)s.",
                    replacement=intended.replacement,
                )
                yield _flag("escaped-citation", part, field, intended, message, intended.replacement)


def block(text: Text) -> Iterator[Issue]:
    """Flag headings, lists and quotations that unseen characters or a missing space turn into text."""
    for part in text.parts:
        code = Spans(code_spans(part.body))
        for match in _BLOCK.finditer(part.body):
            if not code.hold(match.start()) and (repaired := _block(match)):
                message = lazy_message(
                    "This is shown as text, because an invisible character or a missing space keeps it from being "
                    "read as a heading, list or quotation."
                )
                written = match.group()
                repair = Repair(match.start(), written, repaired, lazy_message("Use an ordinary space"))
                yield part.flag("unread-block", message, match.start(), len(written), claim=written, repair=repair)


def link(text: Text) -> Iterator[Issue]:
    """Flag links and images that are shown as text; the repair writes them as Markdown reads them."""
    for part in text.parts:
        if "](" not in part.body and "http" not in part.body:
            continue
        code = Spans(code_spans(part.body))
        for pattern in _LINKS:
            for match in pattern.finditer(part.body):
                address = "<{}>".format(match["address"]) if re.search(r"\s", match["address"]) else match["address"]
                repaired = f"[{match['text'].strip('[]!')}]({address})"
                repaired = f"!{repaired}" if match["text"].startswith("!") else repaired
                if not code.hold(match.start()):
                    message = lazy_message(
                        "This link is shown as text. Write it like [words](address), without spaces."
                    )
                    yield _link(part, match, message, match.group(), repaired)
        for match in _IMAGE.finditer(part.body):
            if not code.hold(match.start()):
                yield _image(part, match)


@lru_cache(maxsize=64)
def _intended(written: str) -> list[Intended]:
    return find_intended(written)


def _fields(text: Text) -> Iterator[tuple[Part, Field, str]]:
    for part in text.parts:
        yield part, "heading", part.heading
        yield part, "body", part.body


def _flag(code: str, part: Part, field: Field, intended: Intended, message: str, replacement: str | None) -> Issue:
    repair = None
    if replacement is not None:
        label = lazy_message("Change to %(replacement)s", replacement=replacement)
        repair = Repair(intended.start, intended.text, replacement, label)
    claim = part.heading if field == "heading" else part.claim_at(intended.start)
    return part.flag(code, message, intended.start, len(intended.text), field=field, claim=claim, repair=repair)


def _linked(text: Text, part: Part, field: Field, intended: Intended) -> Issue:
    replacement: str | None = intended.replacement
    if intended.address:
        recording = recording_of(intended.address)
        keys = [
            key for key, source in text.sources.items() if source.address and recording_of(source.address) == recording
        ]
        if not keys:
            message = lazy_message(
                "This links to another recording, so it isn’t a citation. To cite that recording, add it as a source; "
                "otherwise keep the link."
            )
            return _flag("unread-citation", part, field, intended, message, None)
        if keys[0] != next(iter(text.sources)):
            replacement = f"[{keys[0]} {intended.replacement[1:]}"
    if intended.label is not None:
        message = lazy_message(
            "The link leads to a different time than its label, %(label)s. Write the timestamp that you heard, without a "
            "link: %(replacement)s.",
            label=format_label(intended.label),
            replacement=replacement,
        )
    else:
        message = lazy_message("A citation is written without a link: %(replacement)s.", replacement=replacement)
    return _flag("unread-citation", part, field, intended, message, replacement)


def _indented(part: Part) -> Iterator[Issue]:
    """Flag the first mark of each line of indented code; the repair removes the indentation."""
    body = part.body
    if "\t" not in body and "    " not in body:
        return
    read = part.citation_offsets | {problem.offset for problem in part.rendered.problems}
    end = 0
    for mark in find_marks(body):
        if mark.start < end:
            continue
        start = max(body.rfind("\n", 0, mark.start), body.rfind("\r", 0, mark.start)) + 1
        if not isinstance(mark, Mark) or mark.start in read or not _INDENTED.match(body, start):
            continue
        ending = _LINE_END.search(body, mark.end)
        end = ending.start() if ending else len(body)
        written = body[start:end]
        repair = Repair(start, written, written.lstrip(" \t"), lazy_message("Remove the indentation"))
        message = lazy_message(
            "A line indented by a tab or four spaces is code, so this citation is shown as text. Remove the indentation."
        )
        yield part.flag(
            "unread-citation", message, mark.start, mark.end - mark.start, claim=written.strip(), repair=repair
        )


def _block(match: re.Match[str]) -> str:
    """Return the line with ordinary spaces, "" if Markdown reads it as it is or it may be meant as text."""
    lead, sign, gap, words = match.group("lead", "sign", "gap", "words")
    is_heading = sign[0] in "#＃"
    if not is_heading and not gap and sign != ">":
        return ""
    is_read = not _UNSEEN.search(lead) and "＃" not in sign
    if is_read and (gap[:1] in (" ", "\t") or sign == ">" or (gap and sign[0].isdigit())):
        return ""
    if not gap and (len(sign) < 2 or not words[0].isalnum()):
        return ""  # a hashtag
    indent = _UNSEEN.sub("", lead).replace("\t", "")[:3]
    return f"{indent}{sign.replace('＃', '#')} {words}"


def _image(part: Part, match: re.Match[str]) -> Issue:
    address = match["address"]
    if address.startswith("data:"):
        message = lazy_message(
            "The file of this image is written into the text, where it can’t be shown. Upload the image instead."
        )
        return _link(part, match, message, match.group(), None)
    message = lazy_message("An image from http:// isn’t shown. Use its https:// address, or upload it.")
    return _link(part, match, message, match.group(), match.group().replace("http://", "https://", 1))


def _link(part: Part, match: re.Match[str], message: str, written: str, repaired: str | None) -> Issue:
    repair = None if repaired is None else Repair(match.start(), written, repaired, lazy_message("Fix the link"))
    return part.flag(
        "unread-link", message, match.start(), len(written), claim=part.claim_at(match.start()), repair=repair
    )
