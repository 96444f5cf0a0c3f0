"""Flags what was clearly meant as a citation, heading, list or paragraph, but that Markdown reads as text or code."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from articles.core.language.messages import lazy_message
from articles.core.lint.letters import Spans
from articles.core.lint.types import Field, Issue, Part, Repair, Text
from articles.core.timestamps import (
    EXAMPLE,
    UNSEEN,
    DistantLink,
    Intended,
    Mark,
    code_spans,
    distant_links,
    find_intended,
    find_marks,
    format_label,
    indented_code,
    link_targets,
    recording_of,
)

_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[^\r\n]*")
_LINE_END = re.compile(r"\r\n?|\n")
_BLOCK = re.compile(
    rf"^(?P<lead>[ \t{UNSEEN}]*)(?P<sign>[#＃]{{1,6}}|[-*+>]|\d{{1,9}}[.)])(?P<gap>[ \t{UNSEEN}]*)(?P<words>[^\s#＃].*)$",
    re.MULTILINE,
)
_UNSEEN = re.compile(f"[{UNSEEN}]")
_HTML_HEADING = re.compile(
    r"^[ \t]*<h(?P<level>[1-6])(?:\s[^<>]{0,300})?>\s*(?P<words>[^\r\n]{1,300}?(?:\r?\n[^\r\n]{1,300}?){0,2})\s*</h(?P=level)\s*>",
    re.IGNORECASE | re.MULTILINE,
)
_TAG = re.compile(r"<[^<>]*>")
_PROSE = re.compile(r"(?:[\"“‘«]?[^\W\d_a-z][^{}<>=;|\\$`]{30,}[.!?…][\"”’»)]?|[#＃]{2,6}[ \t]+\S.*)")


def citation(text: Text) -> Iterator[Issue]:
    """Flag intended citations in other notations, links and indented lines; the repair writes the mark."""
    targets = _targets(text)
    for part, field, written in _fields(text):
        distant = {link.start: link for link in _distant_links(text, written, targets)}
        for link in distant.values():
            yield _distant(part, field, link)
        for intended in _intended(written, targets):
            if intended.start in distant:
                continue
            if intended.kind == "notation":
                message = lazy_message(
                    "This looks like a citation, but readers see it as text. Write it like %(replacement)s.",
                    replacement=intended.replacement or EXAMPLE,
                )
                yield _flag("unread-citation", part, field, intended, message, intended.replacement or None)
            elif intended.kind == "linked" or (intended.kind == "address" and _keys(text, intended.address)):
                yield _linked(text, part, field, intended)
        if field == "body":
            yield from _indented(part)


def escaped(text: Text) -> Iterator[Issue]:
    """Flag citations that a backslash turns into text; the repair removes it."""
    targets = _targets(text)
    for part, field, written in _fields(text):
        for intended in _intended(written, targets):
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
        for match in _HTML_HEADING.finditer(part.body) if "<h" in part.body.lower() else ():
            if not code.hold(match.start()):
                words = " ".join(_TAG.sub(" ", match["words"]).split())
                message = lazy_message("HTML is shown as text. Write a heading like ## Heading.")
                repaired = f"{'#' * int(match['level'])} {words}"
                repair = Repair(match.start(), match.group(), repaired, lazy_message("Write as Markdown"))
                yield part.flag("unread-block", message, match.start(), len(match.group()), claim=words, repair=repair)
        yield from _indented_prose(part)


@lru_cache(maxsize=64)
def _intended(written: str, targets: tuple[tuple[str, str], ...]) -> list[Intended]:
    return find_intended(written, dict(targets))


def _targets(text: Text) -> tuple[tuple[str, str], ...]:
    """Return the labels and addresses of reference links; they are often defined at the end of the last section."""
    return tuple(link_targets("\n".join(part.body for part in text.parts)).items())


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
        keys = _keys(text, intended.address)
        if not keys:
            message = lazy_message(
                "This links to another recording, so it isn’t a citation. To cite that recording, add it as a source; "
                "otherwise keep the link."
            )
            return _flag("unread-citation", part, field, intended, message, None)
        if keys[0] != next(iter(text.sources)):
            words, _, moments = intended.replacement.rpartition("[")
            replacement = f"{words}[{keys[0]} {moments}"
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


def _distant_links(text: Text, written: str, targets: tuple[tuple[str, str], ...]) -> list[DistantLink]:
    """Return the marks that were to be links to the web, but for those to the text's own recordings."""
    links = [link for link in distant_links(written, dict(targets)) if not _keys(text, link.address)]
    code = Spans(code_spans(written)) if links else None
    return [link for link in links if code and not code.hold(link.start)]


def _distant(part: Part, field: Field, link: DistantLink) -> Issue:
    message = lazy_message(
        "The address of this link is in another section, so readers see a citation. If it is meant as a link, write "
        "%(link)s; to cite that recording, add it as a source.",
        link=link.inline,
    )
    claim = part.heading if field == "heading" else part.claim_at(link.start)
    return part.flag("unread-citation", message, link.start, len(link.written), field=field, claim=claim)


def _keys(text: Text, address: str) -> list[str]:
    """Return the keys of the sources that play what an address leads to."""
    recording = recording_of(address)
    return [key for key, source in text.sources.items() if source.address and recording_of(source.address) == recording]


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


def _indented_prose(part: Part) -> Iterator[Issue]:
    """Flag the first line of indented code that reads as a paragraph or heading; the repair removes the indentation."""
    body = part.body
    if "\t" not in body and "    " not in body:
        return
    for start, end in indented_code(body):
        written = body[start:end]
        words = written.strip()
        is_code = f"<code>{html.escape(words, quote=False)[:40]}" in part.rendered.html or not part.rendered.html
        if _PROSE.fullmatch(words) and is_code and not find_marks(words):  # `_indented` flags marks
            message = lazy_message(
                "A line indented by a tab or four spaces is code. If this is a paragraph or heading, remove the "
                "indentation."
            )
            repair = Repair(start, written, words, lazy_message("Remove the indentation"))
            yield part.flag("unread-block", message, start, len(written), claim=words, repair=repair)


def _is_title(match: re.Match[str]) -> bool:
    """Return whether `#Words like these` stand alone on their line between empty ones."""
    text, words = match.string, match["words"]
    is_alone = not text[: match.start()].rstrip(" \t").rstrip("\n")[-1:] or text[: match.start()].endswith("\n\n")
    is_alone = is_alone and re.match(r"[ \t]*(?:\r?\n[ \t]*(?:\r?\n|\Z)|\Z)", text[match.end() :]) is not None
    return is_alone and words[0].isupper() and " " in words.strip() and "#" not in words


def _block(match: re.Match[str]) -> str:
    """Return the line with ordinary spaces, "" if Markdown reads it as it is or it may be meant as text."""
    lead, sign, gap, words = match.group("lead", "sign", "gap", "words")
    is_heading = sign[0] in "#＃"
    if not is_heading and not gap and sign != ">":
        return ""
    is_read = not _UNSEEN.search(lead) and "＃" not in sign
    if is_read and (gap[:1] in (" ", "\t") or sign == ">" or (gap and sign[0].isdigit())):
        return ""
    if not gap and (len(sign) < 2 or not words[0].isalnum()) and not _is_title(match):
        return ""  # a hashtag
    indent = _UNSEEN.sub("", lead).replace("\t", "")[:3]
    return f"{indent}{sign.replace('＃', '#')} {words}"
