"""Reads the time links of imported texts (`<a class="yt-timestamp" data-t="…">…</a>`), including broken ones."""

import re
from dataclasses import dataclass

from articles.core.language.messages import LazyMessage, lazy_message, message_of
from articles.core.timestamps import Form, TimestampError, format_timestamp, one_field_lower, parse_time

FORMS = Form.CLOCK | Form.FRACTION  # of a label, and of each time in a list or range
DATA_FORMS = FORMS | Form.SECONDS | Form.UNITS  # of the single time that an attribute or an address carries

_FIELDS = r"(?:\d{1,4}|[HM]{2})(?::(?:\d{1,4}|[MS]{2})){1,5}(?:\.\d{1,9})?"
_TIMES = re.compile(rf"{_FIELDS}(?:\s*(?:[,;|/]|[-‐‑–—−]|to\b)\s*{_FIELDS})*")
_SPLIT = re.compile(r"\s*([,;|/]|[-‐‑–—−]|to\b)\s*")

_OPEN = re.compile(r"<a\s(?P<attributes>[^<>\n]{0,400})>|<a>", re.IGNORECASE)
_BROKEN = re.compile(
    r"<a(?P<attributes>(?:\s+class\s*=\s*\"?[\w:=\"-]{0,40}|\s+data-t\s*=\s*\"?[\dHMShms:.,|\[\]-]{0,60}\"?)+)"
    r"(?:\s*</a\s*>)?",
    re.IGNORECASE,
)
_CLOSE = re.compile(r"</a\s*>", re.IGNORECASE)
_DATA = re.compile(r"data-t\s*=\s*[\"']?(?P<value>[^\"'<>]*)", re.IGNORECASE)
_CLASS_TIME = re.compile(r"class\s*=\s*[\"']?yt[-_:](?P<value>[\d:.]+)", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*(?:\"(?P<a>[^\"<>]*)\"|'(?P<b>[^'<>]*)'|(?P<c>[^\s\"'<>]+))", re.IGNORECASE)
_LEADING_LABEL = re.compile(rf"\s*(?:\[\s*{_TIMES.pattern}\s*\]|{_TIMES.pattern})")
_LABEL_LIMIT = 300


@dataclass(frozen=True)
class Times:
    """Moments as written.

    `canonical` is their standard form, or None with the reason in `error`; `first` is the first moment in seconds,
    `count` the number of times written.
    """

    written: str
    canonical: str | None
    first: int
    count: int
    error: LazyMessage | None = None


@dataclass(frozen=True)
class Anchor:
    """An `<a>` at `text[start:end]`; `data` is the time it carries, `is_whole` whether it is closed."""

    start: int
    end: int
    data: str
    label: str
    href: str
    is_time: bool
    is_whole: bool


def read_times(text: str, forms: Form = FORMS) -> Times | None:
    """Read a moment in one of `forms`, or ranges and lists, in brackets or not; None if `text` is anything else.

    `00:01:02 | 00:01:30` is a range if the second time is later.
    """
    written = text.strip(" \t\n[]()\"'")
    try:
        moment = int(parse_time(written, forms).seconds)
        return Times(written, format_timestamp(moment), moment, 1)
    except TimestampError:
        pass
    if not _TIMES.fullmatch(written):
        return None
    parts = _SPLIT.split(written)
    try:
        seconds = [int(parse_time(part, FORMS).seconds) for part in parts[::2]]
    except TimestampError as error:
        return Times(written, None, 0, len(parts[::2]), message_of(error))
    moments = [format_timestamp(seconds[0])]
    may_join = True  # the previous moment isn't the end of a range
    for separator, previous, second in zip(parts[1::2], seconds, seconds[1:], strict=False):
        is_range = separator not in ",;/" and may_join and second > previous
        if is_range and (separator != "|" or len(seconds) == 2):
            moments[-1] += f"-{format_timestamp(second)}"
            may_join = False
        else:
            moments.append(format_timestamp(second))
            may_join = True
    return Times(written, ", ".join(moments), seconds[0], len(seconds))


def anchor_at(text: str, start: int) -> Anchor | None:
    """Read the `<a …>` at `text[start:]`, None if there isn't one; an unclosed one ends after its times."""
    match = _OPEN.match(text, start)
    if match is None:
        broken = _BROKEN.match(text, start)
        return _anchor(text, broken, broken.end(), "", is_whole=False) if broken else None
    close = _CLOSE.search(text, match.end(), match.end() + _LABEL_LIMIT)
    label = text[match.end() : close.start()] if close else ""
    if close is None or "<a" in label.lower() or "\n\n" in label:
        leading = _LEADING_LABEL.match(text, match.end(), match.end() + _LABEL_LIMIT)
        end = leading.end() if leading else match.end()
        return _anchor(text, match, end, text[match.end() : end], is_whole=False)
    return _anchor(text, match, close.end(), label, is_whole=True)


def _anchor(text: str, match: re.Match[str], end: int, label: str, *, is_whole: bool) -> Anchor:
    attributes = match["attributes"] or ""
    data = _DATA.search(attributes)
    in_class = _CLASS_TIME.search(attributes)
    href = _HREF.search(attributes)
    value = (data["value"] if data else in_class["value"] if in_class else "").strip(" []")
    is_time = bool(data or re.search(r"\byt\b|yt[-_:=]", attributes) or (not href and read_times(label)))
    address = (href["a"] or href["b"] or href["c"] or "") if href else ""
    return Anchor(match.start(), end, value, label, address, is_time, is_whole)


@dataclass(frozen=True)
class Decision:
    """The mark that replaces a time link, the words of its label, and the problem found, if any."""

    mark: str
    words: str
    code: str = ""
    reason: LazyMessage | None = None


def decide(anchor: Anchor) -> Decision:
    """Choose between the moment a link carries (where the player jumped to) and its label (what readers saw).

    The carried moment wins, unless it isn't a valid timestamp or is the label's time one field too high (`07:54:00`
    for `00:07:54`). If neither is valid, the written text stays in brackets.
    """
    label = read_times(anchor.label)
    words = "" if label else anchor.label.strip().strip("[]").strip()
    data = read_times(anchor.data, DATA_FORMS)
    if data is None and label is None:
        if not anchor.data:
            reason = lazy_message("This time link has no time; its text was kept. Add the timestamp by hand.")
            return Decision("", words, "html", reason)
        mark = f"[{re.sub(r'[][|<>]', ' ', anchor.data).strip()}]"
        reason = lazy_message("“%(text)s” isn’t a timestamp: write it like [00:06:31].", text=anchor.data)
        return Decision(mark, words, "time-broken", reason)
    carried = data if data and data.canonical else None
    shown = label if label and label.canonical else None
    if carried and shown:
        return _decide_both(anchor, carried, shown)
    if carried:
        if label is None:
            return Decision(f"[{carried.canonical}]", words)
        reason = lazy_message(
            "The label “%(label)s” isn’t a timestamp; the link’s %(time)s was kept.",
            label=label.written,
            time=carried.canonical,
        )
        return Decision(f"[{carried.canonical}]", words, "time-differs", reason)
    if shown:
        if not anchor.data:
            return Decision(f"[{shown.canonical}]", words)
        reason = lazy_message(
            "The link’s “%(data)s” isn’t a timestamp; its label %(time)s was kept.",
            data=anchor.data,
            time=shown.canonical,
        )
        return Decision(f"[{shown.canonical}]", words, "time-from-label", reason)
    broken = label or data
    assert broken is not None  # noqa: S101  (the case without both was handled above)
    return Decision(f"[{broken.written.replace('|', ',')}]", words, "time-broken", broken.error)


def _decide_both(anchor: Anchor, carried: Times, shown: Times) -> Decision:
    if carried.first == shown.first:
        fuller = shown if shown.count > carried.count else carried
        return Decision(f"[{fuller.canonical}]", "")
    if one_field_lower(anchor.data) == shown.first:
        reason = lazy_message(
            "The link’s %(carried)s is %(shown)s one field too high; the label was kept.",
            carried=carried.canonical,
            shown=shown.canonical,
        )
        return Decision(f"[{shown.canonical}]", "", "time-shifted", reason)
    reason = lazy_message(
        "The link leads to %(carried)s, its label says %(shown)s; %(carried)s was kept.",
        carried=carried.canonical,
        shown=shown.canonical,
    )
    return Decision(f"[{carried.canonical}]", "", "time-differs", reason)
