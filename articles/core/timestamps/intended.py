"""Finds what was clearly meant as a citation mark but isn't one: `[6m31s]`, `【00:06:31】`, `\\[00:06:31\\]`, links."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from .addresses import is_other_place, seconds_in
from .attempts import NUMBERED_KEY
from .characters import plain_digits, seen
from .clock import format_timestamp
from .code import code_spans, is_escaped
from .loose import ends_claim, loose_times
from .marks import WITH_HOURS, Mark, find_marks
from .notation import PADDED, SHORT, canonical
from .references import label_of, link_targets

Kind = Literal["escaped", "linked", "notation", "address"]

_LONGEST = 100  # characters between brackets
_SURE, _SURE_CLOSE = "[【［〔⟦〖❲⁅", "]】］〕⟧〗❳⁆"
_LOOSE, _LOOSE_CLOSE = "({（｛<＜〈《⟨「『«‹", ")}）｝>＞〉》⟩」』»›"
_SIGNS = {"&#91;": "[", "&#x5b;": "[", "&lbrack;": "[", "&lsqb;": "[", "&lt;": "<"}
_CLOSING_SIGNS = {"&#93;": "]", "&#x5d;": "]", "&rbrack;": "]", "&rsqb;": "]", "&gt;": ">"}
_PAIRS = dict(zip(_SURE + _LOOSE, _SURE_CLOSE + _LOOSE_CLOSE, strict=True))
_PLAIN = rf"{PADDED}(?:[-–, ]+{PADDED})*"
_BRACKETS = tuple(
    re.compile(
        rf"(?P<open>{opening})(?P<body>[^{re.escape(excluded)}\r\n`]{{1,{_LONGEST}}})(?P<close>{closing})",
        re.IGNORECASE,
    )
    for opening, excluded, closing in (
        (  # not marks, which most brackets are: they may only be escaped
            rf"[{re.escape(_SURE)}](?!(?<=(?<!\\)\[){_PLAIN}\])",
            _SURE + _SURE_CLOSE,
            f"[{re.escape(_SURE_CLOSE)}]",
        ),
        (
            f"[{re.escape(_LOOSE)}]",
            _SURE + _LOOSE + _SURE_CLOSE + _LOOSE_CLOSE,
            f"[{re.escape(_SURE_CLOSE + _LOOSE_CLOSE)}]",
        ),
        ("|".join(_SIGNS), "&[]", "|".join(_CLOSING_SIGNS)),
    )
)
_DIGIT = re.compile(r"[\d⁰¹²³⁴-⁹]")
_IS_PLAIN = re.compile(_PLAIN)
_IS_NUMBERED = re.compile(NUMBERED_KEY)
_LABEL = rf"(?:(?<=\\\\)|(?<!\\))\[(?P<label>[\\\[(`*_ ]{{0,4}}[^\[\]()\r\n`]{{1,{_LONGEST}}}[\])`*_ ]{{0,4}})\]"
_LINK = re.compile(
    rf"{_LABEL}"
    r"\([ \t]*<?(?P<address>(?:[A-Za-z][A-Za-z0-9+.-]*:|[#?/])[^\s()<>]{0,2000}|[^\s()<>]{1,200}[?#]t=[^\s()<>]{1,20}|)>?"
    r"(?:[ \t]+[\"'][^\"'\r\n]{0,200}[\"'])?[ \t]*\)"
)
_REFERENCE_LINK = re.compile(rf"{_LABEL}\[(?P<reference>[^\[\]\r\n]{{1,100}})\]")
_TAGGED_LINK = re.compile(
    rf"<a\s[^<>\r\n]{{0,300}}?href=[\"']?(?P<address>[^\s\"'<>]{{1,2000}})[^<>\r\n]{{0,300}}>(?P<label>[^<>\r\n]{{1,{_LONGEST}}})</a>",
    re.IGNORECASE,
)
_BARE_ADDRESS = re.compile(
    r"(?<![\w(\"'=/<])(?:<(?P<auto>https?://[^\s<>]{1,2000})>|(?P<plain>https?://[^\s<>()\"'\]]{1,2000}))"
)
_ALT = re.compile(r"!\[(?:[^\[\]\r\n]|\[[^\[\]\r\n]{0,300}\]){0,300}\](?=\()")  # nothing can be cited in it
_ESCAPE = re.compile(r"\\(?![\w\s])")
_DOUBTFUL = re.compile(r"[ \t]*[0-9]{1,2}[.;][0-5][0-9][ \t]*")  # `6.31` may be a version, `12;31` references
_MIXED = re.compile(r"[ \t]*00?(?::[0-5]?[0-9][.;]|[.;][0-5]?[0-9]:)[0-5][0-9][ \t]*")  # hours, or a fraction
_ONE_TIME = re.compile(r"[0-9]{1,3}:[0-5][0-9](?::[0-5][0-9])?")
_ALL_PADDED = re.compile(rf"[ \t]*{PADDED}(?:[ \t]*[-‐‑–—−,;][ \t]*{PADDED})*[ \t]*")


@dataclass(frozen=True, slots=True)
class Intended:
    """A citation meant at `text[start:end]`; `replacement` is the mark to write instead, "" if that isn't certain.

    Words of a link's label are in front of the mark. `address` is that of a link to a recording on the web: another recording's stays a link. `label` is the label's
    time in whole seconds if the address leads to another one, else None. An "address" has no label.
    """

    start: int
    end: int
    text: str
    kind: Kind
    replacement: str
    address: str = ""
    label: int | None = None


def find_intended(text: str, targets: Mapping[str, str] | None = None) -> list[Intended]:
    """Return what was meant as a citation in text order, without marks and code. Never raises, linear in the text.

    `targets` are those of reference links, `link_targets(text)` unless given.
    """
    if not _DIGIT.search(text):
        return []
    loose = [Intended(start, end, text[start:end], "notation", mark) for start, end, mark in loose_times(text)]
    targets = link_targets(text) if targets is None else targets
    found = [*_links(text, targets), *_bracketed(text), *_addresses(text), *loose]
    if not found:
        return []
    alts = [match.span() for match in _ALT.finditer(text)] if "![" in text else []
    code = sorted([*code_spans(text), *alts])
    starts, ends = [start for start, _ in code], [0, *accumulate((end for _, end in code), max)]
    kept: list[Intended] = []
    for intended in sorted(found, key=lambda intended: (intended.start, -intended.end)):
        is_inside = kept and intended.start < kept[-1].end
        is_code = intended.start < ends[bisect_right(starts, intended.start)] and not intended.text.startswith("`")
        if not is_inside and not is_code:
            kept.append(intended)
    return kept


def _bracketed(text: str) -> Iterator[Intended]:
    has_marks: bool | None = None
    patterns = _BRACKETS if "&" in text else _BRACKETS[:2]
    for match in (found for pattern in patterns for found in pattern.finditer(text)):
        body = match["body"]
        if not _DIGIT.search(body):
            continue
        bracket = _SIGNS.get(match["open"].lower(), match["open"])
        closing = _CLOSING_SIGNS.get(match["close"].lower(), match["close"])
        start, end = match.start() - is_escaped(text, match.start()), match.end()
        is_pair = _PAIRS[bracket] == closing
        if match["open"] == "[" and is_pair and _IS_PLAIN.fullmatch(body) and start == match.start():
            continue  # after an even number of backslashes
        if match["open"] == "[" and (start < match.start() or "\\" in body):
            yield from _escaped(text, start, end, body)
            continue
        if text[end : end + 1] in ("(", "[") or text[start - 1 : start] in ("]", "!"):
            continue  # part of a link
        if SHORT.fullmatch(body) and (text[start - 1 : start].isalnum() or text[start - 1 : start] in ("_", ")")):
            continue  # part of a list, in a programming language
        is_inner = text[start - 1 : start] == "[" and text.startswith("]", end)
        if is_inner and bracket == "[":
            continue  # a wiki link
        if is_inner:
            start, end = start - 1, end + 1
        if bracket in _SURE and closing in _SURE_CLOSE:
            is_clear = match["open"] != "[" or not is_pair or not find_marks(match.group(), in_code=True)
        else:
            body = body.removesuffix("\\")
            is_clear = is_inner or _ALL_PADDED.fullmatch(plain_digits(seen(body))) is not None or body.startswith("@")
            is_clear = is_clear or (closing == "]" and _ONE_TIME.fullmatch(body) is not None)
            if not is_clear and is_pair and bracket in "({（｛<" and ends_claim(text, start, end):
                has_marks = _has_marks(text) if has_marks is None else has_marks
                is_clear = not has_marks
        if not is_clear:
            continue
        replacement = canonical(body) or ""
        is_meant = bool(replacement) or _MIXED.fullmatch(body) is not None
        if not is_meant and match.group().startswith("[") and is_pair and _DOUBTFUL.fullmatch(body):
            has_marks = _has_marks(text) if has_marks is None else has_marks
            is_meant = has_marks and not text[start - 1 : start].isalnum()
        if is_meant:
            yield Intended(start, end, text[start:end], "notation", replacement)


def _has_marks(text: str) -> bool:
    return any(isinstance(mark, Mark) for mark in find_marks(text))


def _escaped(text: str, start: int, end: int, body: str) -> Iterator[Intended]:
    bare = f"[{_ESCAPE.sub('', body)}]"
    marks = find_marks(bare, in_code=True)
    replacement = canonical(bare[1:-1]) or (bare if marks else None)
    if replacement:
        yield Intended(start, end, text[start:end], "escaped", replacement)


def _links(text: str, targets: Mapping[str, str]) -> Iterator[Intended]:
    matches = [*_LINK.finditer(text)] if "](" in text else []
    references = [*_REFERENCE_LINK.finditer(text)] if targets and "][" in text else []
    matches += [match for match in references if label_of(match["reference"]) in targets]
    matches += [*_TAGGED_LINK.finditer(text)] if "</a>" in text and "href=" in text.lower() else []
    for match in matches:
        if text[match.start() - 1 : match.start()] == "!":
            continue
        if match["label"].count("[") != match["label"].count("]"):
            continue  # `[words [00:06:31]](address)`
        words = match["label"].replace("\\", "").strip("[]()` ")
        label = canonical(words)
        if label is None:
            continue
        groups = match.groupdict()
        address = groups["address"] if "address" in groups else targets[label_of(match["reference"])]
        carried = seconds_in(address)
        if is_other_place(address) and not WITH_HOURS.search(match["label"]):
            continue  # a clock time may lead to a timetable
        (mark,) = find_marks(label)
        assert isinstance(mark, Mark)  # noqa: S101  (canonical)
        shown = mark.moments[0].start_seconds
        differs = carried is not None and carried != shown
        replacement = f"[{format_timestamp(carried)}]" if carried is not None and differs else label
        if differs and mark.key and not _IS_NUMBERED.fullmatch(mark.key):
            replacement = f"{words} {replacement}"  # “John 3:16” is words
        is_web = address.startswith(("http://", "https://"))
        start, end = match.span()
        if text[start - 2 : start] == "\\[" and text[end : end + 2] == "\\]":
            start, end = start - 2, end + 2
        yield Intended(
            start,
            end,
            text[start:end],
            "linked",
            replacement,
            address if is_web else "",
            shown if differs else None,
        )


def _addresses(text: str) -> Iterator[Intended]:
    """Yield addresses on their own that lead to a moment."""
    for match in _BARE_ADDRESS.finditer(text) if "http" in text else ():
        address = match["auto"] or match["plain"].rstrip(".,;:!?*_")
        seconds = seconds_in(address)
        if seconds and not text[: match.start()].rstrip(" \t").endswith("]:"):
            end = match.end() if match["auto"] else match.start() + len(address)
            written = text[match.start() : end]
            yield Intended(match.start(), end, written, "address", f"[{format_timestamp(seconds)}]", address)
