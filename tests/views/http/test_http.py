"""The origin of the site's URLs, and conditional requests."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from articles.views.http import conditional, respond
from ketamine_site.settings import _origin

NOON = datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC)


def request(**headers):
    return RequestFactory(headers=headers).get("/feeds/articles.atom")


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

    assert _origin("SITE_URL") == read


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
        _origin("SITE_URL")


def test_the_etag_depends_on_the_content():
    first, second, other = (respond(request(), body, "text/plain") for body in ("a", "a", "b"))

    assert first["ETag"] == second["ETag"] != other["ETag"]
    assert not first.has_header("Last-Modified")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"If-Modified-Since": "Mon, 23 Nov 2026 12:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Mon, 23 Nov 2026 11:59:59 GMT"}, 200),
        # The tag takes precedence: the text has changed although the time hasn't.
        ({"If-Modified-Since": "Mon, 23 Nov 2026 12:00:00 GMT", "If-None-Match": '"other"'}, 200),
        ({"If-None-Match": "*"}, 304),
    ],
)
def test_a_client_with_the_current_version_gets_304(headers, status):
    response = conditional(request(**headers), HttpResponse("a"), changed_at=NOON)

    assert response.status_code == status
    assert response["Last-Modified"] == "Mon, 23 Nov 2026 12:00:00 GMT"


def test_an_unknown_modification_time_is_not_sent():
    response = HttpResponse("a", headers={"Last-Modified": "Mon, 23 Nov 2026 12:00:00 GMT"})

    assert not conditional(request(), response).has_header("Last-Modified")
