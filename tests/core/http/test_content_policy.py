"""Whether a Content-Security-Policy lets a page load a URL."""

import pytest

from articles.core.http import permits

PAGE = "https://site.example"


@pytest.mark.parametrize(
    ("sources", "url", "is_permitted"),
    [
        (["'self'"], "https://site.example/a.mp3", True),
        (["'self'"], "https://site.example:8443/a.mp3", False),
        (["'self'"], "https://www.site.example/a.mp3", False),
        (["'none'"], "https://site.example/a.mp3", False),
        (["https:"], "https://cdn.example/a.mp3", True),
        (["http:"], "https://cdn.example/a.mp3", True),
        (["http:"], "http://cdn.example/a.mp3", False),
        (["*"], "https://cdn.example/a.mp3", True),
        (["*"], "ftp://cdn.example/a.mp3", False),
        (["cdn.example"], "https://cdn.example/a.mp3", True),
        (["cdn.example"], "https://evil-cdn.example/a.mp3", False),
        (["*.example"], "https://cdn.example/a.mp3", True),
        (["*.cdn.example"], "https://cdn.example/a.mp3", False),
        (["https://cdn.example:*"], "https://cdn.example:99/a.mp3", True),
        (["https://cdn.example/audio/"], "https://cdn.example/audio/a.mp3", True),
        (["https://cdn.example/audio/"], "https://cdn.example/video/a.mp3", False),
        ([], "https://cdn.example/a.mp3", False),
        (["*"], "https://[::1", False),
        (["*"], "https://cdn.example:port/a.mp3", False),
    ],
)
def test_permits(sources, url, is_permitted):
    assert permits({"media-src": sources}, "media-src", url, PAGE) is is_permitted


def test_a_missing_directive_falls_back_to_the_default():
    assert not permits({"default-src": ["'self'"]}, "media-src", "https://cdn.example/a.mp3", PAGE)
    assert permits({}, "media-src", "https://cdn.example/a.mp3", PAGE)
    assert permits({"media-src": ["http://cdn.example"]}, "media-src", "http://cdn.example/a", "http://site.example")
