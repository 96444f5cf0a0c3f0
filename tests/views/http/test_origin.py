"""The start of absolute URLs: what is configured, or the host of the request without what a client could add to it."""

import pytest
from django.test import RequestFactory

from articles.views.http import origin


def origin_for(host, **meta):
    return origin(RequestFactory().get("/", HTTP_HOST=host, **meta))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example.org", "http://example.org"),
        ("example.org:8443", "http://example.org"),
        ("example.org:8000", "http://example.org:8000"),
        ("EXAMPLE.org.:9", "http://example.org"),
        ("[2001:db8::1]:9", "http://[2001:db8::1]"),
    ],
)
def test_port_counts_only_if_the_server_listens_on_it(settings, host, expected):
    settings.ALLOWED_HOSTS = ["example.org", "[2001:db8::1]"]

    assert origin_for(host, SERVER_PORT="8000") == expected


def test_port_does_not_count_behind_a_proxy(settings):
    settings.ALLOWED_HOSTS = ["example.org"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    answer = origin_for("example.org:8000", SERVER_PORT="8000", HTTP_X_FORWARDED_PROTO="https")

    assert answer == "https://example.org"


def test_configured_address_counts_whatever_was_asked(settings):
    settings.SITE_URL = "https://example.org:8443"

    assert origin_for("testserver:99", SERVER_PORT="99") == "https://example.org:8443"
