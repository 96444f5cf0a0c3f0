"""Reads web addresses that lead to a moment of a recording: `https://youtu.be/abcdefghijk?t=391`."""

import re
from urllib.parse import SplitResult, parse_qs, parse_qsl, urlencode, urlsplit

from .grammar import Form, TimestampError, parse_time

FORMS = Form.CLOCK | Form.FRACTION | Form.SECONDS | Form.UNITS

_YOUTUBE = frozenset({"youtube.com", "youtube-nocookie.com", "youtu.be"})
_PATHS_WITH_ID = frozenset({"embed", "shorts", "live", "v"})
_START = ("t", "start", "time_continue")
_SUBDOMAIN = re.compile(r"^(www|m|music)\.")
_FORWARDING = re.compile(r"https?://(?:www\.)?google\.[a-z.]{2,6}/url\?", re.IGNORECASE)  # around links in documents
_PATH = re.compile(r"(?![#?])(?=[^()<>]*[^\W\d_])[^\s()<>:?#]*(?:/|\.[a-z][a-z0-9]{1,4}(?:[?#]|\Z))", re.IGNORECASE)
_OTHER_PLACE = re.compile(r"/|mailto:|tel:|https?://(?!(?:[a-z]+\.)?(?:youtube\.com|youtu\.be)/)", re.IGNORECASE)


def is_other_place(address: str) -> bool:
    """Return whether an address leads to a page or a person, not to a moment, to YouTube or to the same page."""
    is_place = bool(_OTHER_PLACE.match(address) or _PATH.match(address))
    return is_place and seconds_in(address) is None


def youtube_video(address: SplitResult) -> str | None:
    """Return the id in an address of YouTube, "" if it isn't that of a single video; None for another site's."""
    host = _SUBDOMAIN.sub("", address.hostname or "")
    if host not in _YOUTUBE:
        return None
    steps = [step for step in address.path.split("/") if step]
    if host == "youtu.be" and steps:
        return steps[0]
    query = parse_qs(address.query)
    if "v" in query:
        return query["v"][0]
    return steps[1] if len(steps) > 1 and steps[0] in _PATHS_WITH_ID else ""


def _target(address: str) -> SplitResult:
    """Return the address that one of a forwarding service leads to, split. Raises ValueError."""
    parts = urlsplit(address)
    if _FORWARDING.match(address):
        target = parse_qs(parts.query)
        parts = urlsplit((target.get("q") or target.get("url") or [address])[0])
    return parts


def recording_of(address: str) -> str:
    """Return what two addresses have in common that play the same recording, "" for a place on the same page."""
    try:
        parts = _target(address)
        video = youtube_video(parts)
    except ValueError:
        return address
    if video:
        return f"youtube:{video}"
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name not in _START])
    return f"{_SUBDOMAIN.sub('', parts.netloc.lower())}{parts.path}?{query}".rstrip("/?")


def time_in(address: str) -> str:
    """Return the start, or start and end, in an address as written, "" without one.

    Media Fragments 1.0: `#t=391,430`, `?t=6m31s`, `#t=npt:00:06:31`.
    """
    try:
        parts = _target(address.replace("&amp;", "&"))
    except ValueError:
        return ""
    for values in (parse_qs(parts.query), parse_qs(parts.fragment)):
        for name in _START:
            if name in values:
                return values[name][0].removeprefix("npt:")
    return ""


def seconds_in(address: str) -> int | None:
    """Return the start in an address in whole seconds, None without one, or if start and end aren't both times."""
    start, comma, end = time_in(address).partition(",")
    try:
        if comma:
            parse_time(end, FORMS)
        return int(parse_time(start, FORMS).seconds)
    except TimestampError:
        return None
