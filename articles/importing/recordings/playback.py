"""Finds the address at which a browser may play an audio file under the site's own security policy."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from articles.core import http
from articles.core.http import Fetched, FetchError
from articles.core.recordings.feeds.audio_addresses import audio_key, without_scheme

TIMEOUT_SECONDS = 10.0  # in total for one address
SECURED = "The feed gives an http address, which browsers block on this site. The https address works and was used."
BLOCKED = (
    "Browsers won’t play this file on this site, because its security policy (media-src) doesn’t allow the address{tried}. "
    "It was kept as a link. Ask the publisher for an https address."
)
REDIRECTED = (
    "Browsers won’t play this file on this site: its address redirects to {target}, which the security policy "
    "(media-src) doesn’t allow. Ask the publisher for an address that doesn’t."
)
OWN = (
    "Browsers play this file only if readers see this site at {origin}, because its security policy (media-src) allows it "
    "only as the site’s own. Set SITE_URL to the site’s address, so that this can be checked."
)


def is_playable(url: str, origin: str = "") -> bool:
    """Return whether the site's Content-Security-Policy lets its pages play the audio file at `url`.

    `origin` is where readers see the site; without it and SITE_URL, any allowed host at the file's port may be that.
    """
    known = settings.SITE_URL or origin
    try:
        pages = [known] if known else _pages(urlsplit(url).port)
    except ValueError:
        return False
    return any(http.permits(settings.SECURE_CSP, "media-src", url, page) for page in pages)


def why_blocked(url: str) -> str:
    """Return why browsers don't play the audio file at `url` on this site, or may not, as a sentence; "" if they do."""
    if not is_playable(url):
        return BLOCKED.format(tried="")
    parts = urlsplit(url)
    is_own = not settings.SITE_URL and not is_playable(url, f"{_scheme()}://")  # no other page may play it
    return OWN.format(origin=f"{parts.scheme}://{parts.netloc}") if is_own else ""


@dataclass
class Player:
    """Looks for playable addresses, and asks each host only once whether it answers, and where it redirects to."""

    fetch: Callable[..., Fetched]
    _asked: dict[tuple[str, str], tuple[bool, str]] = field(default_factory=dict)

    def address(self, url: str, current: str = "") -> tuple[str, str]:
        """Return the address to use for the audio file at `url`, and what to report about it ("" if nothing).

        `current` is the address used so far, if there is one.
        """
        if not url:
            return url, ""
        if is_playable(url):
            target = self._ask(url)[1] if url != current and url.lower().startswith("https://") else ""
            return url, REDIRECTED.format(target=target) if target else why_blocked(url)
        secure = f"https://{without_scheme(url)}"
        if current == secure:
            return secure, ""
        if not url.lower().startswith("http://") or not is_playable(secure):
            return url, BLOCKED.format(tried="")
        answers, target = self._ask(secure)
        if answers and not target:
            return secure, SECURED
        return url, BLOCKED.format(tried=", and https doesn’t work there")

    def _ask(self, url: str) -> tuple[bool, str]:
        """Return whether the server answers, and the blocked address that it redirects to, "" if it doesn't."""
        key = urlsplit(url).netloc, audio_key(url).partition("/")[0]  # the second is behind a tracking service
        if key not in self._asked:
            try:
                found = self.fetch(url, max_bytes=0, timeout_seconds=TIMEOUT_SECONDS).url
                self._asked[key] = True, "" if is_playable(found) else found
            except FetchError as error:
                self._asked[key] = False, error.insecure
        return self._asked[key]


def _pages(port: int | None) -> list[str]:
    """Return the origins, at `port`, under which readers may see the site."""
    suffix = f":{port}" if port else ""
    return [f"{_scheme()}://{host.lstrip('.')}{suffix}" for host in settings.ALLOWED_HOSTS or ["localhost"]]


def _scheme() -> str:
    return "https" if settings.SECURE_SSL_REDIRECT else "http"
