"""Reads times in other notations than that of marks: `6m31s`, `t=391`, `6:31 → 7:10`, `00.06.31`, `PT6M31S`."""

import re
from functools import lru_cache

from .addresses import FORMS as ADDRESS_FORMS
from .attempts import NUMBERED_KEY
from .characters import plain_digits, seen
from .clock import format_timestamp
from .grammar import Form, TimestampError, parse_time
from .marks import Mark, find_marks, format_mark

FORMS = Form.CLOCK | Form.FRACTION | Form.UNITS  # of each time; after `t=` also seconds

PADDED = r"[0-9][0-9]:[0-5][0-9]:[0-5][0-9]"
_WORDS = r"at|ca|about|approx|time(?:stamp|code)?|tc|ts|min(?:ute)?|video|from|see|um|ab|bei|siehe|zeit"
SHORT = re.compile(r"00?:[0-5]?[0-9]:[0-5]?[0-9](?:\.[0-9]{1,9})?")  # `1:2:3` may be a ratio
_KEY = re.compile(
    rf"(?P<key>[A-Za-z][A-Za-z0-9_-]*(?=[ \t])|(?!T[0-9]{{2}}:){NUMBERED_KEY}(?=[ \t]*[:,;]))[ \t:,;]+(?=[0-9@?#&t])"
)
_PREFIX = re.compile(
    rf"[@?#&]?[ \t]*(?P<t>t[ \t]*[=:])[ \t]*|(?P<at>@)[ \t]*|[~≈]|PT?(?=[0-9])|T(?=[0-9]{{2}}:)|(?P<words>(?:{_WORDS})\b[.:]?)[ \t]*",
    re.IGNORECASE,
)
_RANGE = re.compile(r"[ \t]*(?:[-‐‑–—―−]{1,3}>?|[=>]?>|[→⇒~〜…]|\.{2,3})[ \t]*|[ \t]+(?:to|until|bis)[ \t]+")
_LIST = re.compile(r"[ \t]*[,;、|/&+][ \t]*|[ \t]+(?:and|und)[ \t]+(?=@?[0-9]+:)")
_UNIT = re.compile(r"\d[ \t]*[a-z]", re.IGNORECASE)
_WITHOUT_LAST_UNIT = re.compile(r"([0-9]{1,4} ?m(?:in)?) ?([0-5][0-9])", re.IGNORECASE)
_LONG_SECONDS = re.compile(r"[0-9]{2}[1-9] ?s(?:ec(?:onds?)?)?", re.IGNORECASE)  # not a decade
_HEIGHT = re.compile(r"(?<![0-9])[3-8][′’'] ?(?:[0-9]|1[01])[″”\"]")  # feet and inches
_COLON = re.compile(r"[ \t]*:[: \t]*(?=[0-9])")
_LETTERS = re.compile(  # read by a scanner; `[lo:10]` may be code
    r"(?<![A-Za-z0-9:])(?:[0-9OoIl]{2}:[0-9OoIl]{2}:[0-9OoIl]{2}|(?:[0-9][0-9OoIl]?|[OoIl][0-9]):(?:[0-9][0-9OoIl]|[OoIl][0-9]))"
    r"(?![A-Za-z0-9:])"
)
_DIGITS = str.maketrans("OoIl", "0011")
_SEPARATED = re.compile(r"(?<![0-9.:])(0[0-9]?)([._ ;,-])([0-5][0-9])\2([0-5][0-9])(?![0-9.:])")
_TWO_SEPARATED = re.compile(r"(?<![0-9.;:])(0[0-9])([.;])([0-5][0-9])(?![0-9.;:])")
_COLON_LAST = re.compile(r"(?<![0-9.;:])(00?)[.;]([0-5][0-9]):([0-5][0-9])(?![0-9.;:])")  # `00:06.31` has a fraction
_COLON_SIGN = re.compile(r"&(?:#0*58|#x0*3a|colon);", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{3,6}")  # after `@`; `@12` may be a reference
_AFTER = re.compile(r"[ \t]*[→⇒]$")  # “from there on”
_SAME = str.maketrans({"∶": ":", "ː": ":", "꞉": ":", "′": "m", "’": "m", "'": "m", "″": "s", "”": "s", '"': "s"})
_QUOTES = frozenset("\"'“”„‘’`*_~ \t\r\n")


@lru_cache(maxsize=4096)
def canonical(body: str) -> str | None:
    """Return the mark that says what is written between brackets, None unless all of it is times."""
    while body[:1] in _QUOTES and body[-1:] in _QUOTES and body.strip():
        body = body[1:-1] if len(body) > 1 else ""
    if _HEIGHT.search(body):
        return None
    body = _AFTER.sub("", _COLON_SIGN.sub(":", body))
    written = _clocks(plain_digits(seen(body.translate(_SAME))).strip(" \t\r\n*_~"))
    key = _KEY.match(written)
    if key and ":" not in written and key["key"].isalpha():
        return None  # “see 6m31s” is words, “e2 6m31s” names a source
    if key and re.fullmatch(_WORDS, key["key"], re.IGNORECASE):
        written, key = written[key.end() :], None
    moments = []
    for part in _LIST.split(written[key.end() :] if key else written):
        seconds = [_seconds(time) for time in _RANGE.split(part)]
        first, *last = seconds
        if first is None or len(last) > 1 or (last and (last[0] is None or last[0] <= first)):
            return None
        end = f"-{format_timestamp(last[0])}" if last and last[0] is not None else ""
        moments.append(f"{format_timestamp(first)}{end}")
    marks = find_marks(f"[{key['key'] + ' ' if key else ''}{', '.join(moments)}]")
    return format_mark(marks[0]) if len(marks) == 1 and isinstance(marks[0], Mark) else None


def _clocks(written: str) -> str:
    """Return the text with colons alone between the fields of each clock time."""
    written = _LETTERS.sub(lambda match: match.group().translate(_DIGITS), _COLON.sub(":", written)).strip(":")
    written = _SEPARATED.sub(_separated, written)
    written = _COLON_LAST.sub(r"\1:\2:\3", written)
    return _TWO_SEPARATED.sub(_two_separated, written)


def _separated(match: re.Match[str]) -> str:
    """Return `00.06.31` with colons; 01.06.31 may be a date."""
    hours, separator, minutes, seconds = match.groups()
    is_time = int(hours) == 0 or (separator == "." and int(minutes) > 12)
    return f"{hours}:{minutes}:{seconds}" if is_time else match.group()


def _two_separated(match: re.Match[str]) -> str:
    """Return `06.31` with a colon; 06.11 may be a date."""
    minutes, separator, seconds = match.groups()
    return f"{minutes}:{seconds}" if separator == ";" or int(seconds) > 12 else match.group()


def _seconds(written: str) -> int | None:
    """Return the whole seconds of one time; without `@` or `t=`, a duration has to have two units."""
    prefix = _PREFIX.match(written)
    time = written[prefix.end() :] if prefix else written
    if short := _WITHOUT_LAST_UNIT.fullmatch(time):
        time = f"{short[1]}{short[2]}s"
    is_marked = prefix is not None and not prefix["words"]
    if not is_marked and ":" not in time and len(_UNIT.findall(time)) < 2 and not _LONG_SECONDS.fullmatch(time):
        return None
    has_seconds = prefix and (prefix["t"] or (prefix["at"] and _SECONDS.fullmatch(time)))
    forms = ADDRESS_FORMS if has_seconds else FORMS
    try:
        return int(parse_time(time, forms | Form.SHORT if SHORT.fullmatch(time) else forms).seconds)
    except TimestampError:
        return None
