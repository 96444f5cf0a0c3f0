"""Compares addresses of audio files: the same file has many, with and without tracking services and tokens."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

# Services that count downloads and redirect to the address that follows in the path.
_TRACKERS = re.compile(
    r"(?:^|\.)(?:podtrac\.com|chtbl\.com|chrt\.fm|pdst\.fm|pdcn\.co|op3\.dev|arttrk\.com|mgln\.ai|podscribe\.com|"
    r"pscrb\.fm|vpixl\.com|byspotify\.com|claritaspod\.com|blubrry\.com|gum\.fm|swap\.fm|podderapp\.com|"
    r"podkite\.com|pdmnd\.com|lnkfm\.com|pfxes\.com)\Z"
)
_HOST = re.compile(
    r"(?:[a-z0-9-]+\.)+(?!mp3|m4a|mp4|aac|ogg|opus|wav|flac|php|html?)[a-z]{2,}(?::[0-9]+)?", re.IGNORECASE
)
# Parameters of the moment or the place where a feed was fetched, never of the file.
_PASSING = re.compile(
    r"utm_.+|x-amz-.+|updated|expires|signature|policy|key-pair-id|token|hdnts|hdnea|rss_browser|aw_0_.+|"
    r"awcollectionid|awepisodeid|source|client_source|played_on",
    re.IGNORECASE,
)


def without_scheme(url: str) -> str:
    """Return an http(s) address without its scheme: the same file is often offered over both."""
    return url.partition("://")[2] or url


def audio_key(url: str) -> str:
    """Return what identifies the audio file at `url`: its address without scheme, trackers, tokens and fragment."""
    rest = without_scheme(url.partition("#")[0])
    while (inner := _tracked(rest)) is not None:
        rest = inner
    try:
        parts = urlsplit(f"//{rest}")
        host = (parts.hostname or "") + (f":{parts.port}" if parts.port not in (None, 80, 443) else "")
    except ValueError:
        return rest
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if not _PASSING.fullmatch(name)]
    return f"{host}{parts.path}{f'?{urlencode(kept)}' if kept else ''}"


def _tracked(address: str) -> str | None:
    """Return the address behind a tracking service, without its scheme; None if there is none."""
    path = address.partition("?")[0].split("/")
    if not _TRACKERS.search(path[0].lower()):
        return None
    behind = next((n for n, part in enumerate(path) if n and _HOST.fullmatch(part) and n + 1 < len(path)), None)
    return address.split("/", behind)[behind] if behind else None
