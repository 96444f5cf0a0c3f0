"""The origin of the site's URLs."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from ketamine_site import environment


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", ""),
        ("https://talks.example.org", "https://talks.example.org"),
        (" https://talks.example.org/ ", "https://talks.example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_setting_takes_an_origin(monkeypatch, value, read):
    monkeypatch.setenv("SITE_URL", value)

    assert environment.origin("SITE_URL") == read


@pytest.mark.parametrize(
    "value",
    [
        "talks.example.org",
        "ftp://example.org",
        "https://",
        "https://a.org/talks",
        "https://a.org?x",
        "//a.org",
        'https://a"b',
    ],
)
def test_the_setting_rejects_invalid_origins(monkeypatch, value):
    monkeypatch.setenv("SITE_URL", value)

    with pytest.raises(ImproperlyConfigured, match=r"isn.t a valid origin. Give scheme and host"):
        environment.origin("SITE_URL")
