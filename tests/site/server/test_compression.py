"""Public responses over the wire: compressed, with an ETag, and the same whoever asks."""

import gzip
import http.client
from urllib.parse import urlsplit

import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from articles.core.http.negotiation import best_coding
from articles.workflow.content import SectionContent
from ketamine_site.public import StoredResponseMiddleware
from tests.support.factories import make_episode, make_moderator, make_published, make_user

TEXT = "The brain clears waste at night. " * 100
DECOMPRESS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("br; q=0.5 , gzip ; q=0.5", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0.000", ""),
        ("identity", ""),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("*;q=0", ""),
        ("deflate", ""),
        ("br;q=2", ""),
        ("br;q=often, ;;, gzip", "gzip"),
        ("brr, gzip2", ""),
    ],
)
def test_best_coding_is_what_the_client_prefers(accepted, coding):
    assert best_coding(accepted) == coding


def through_middleware(response, **headers):
    return StoredResponseMiddleware(lambda request: response)(RequestFactory(headers=headers).get("/"))


def public(content=TEXT, content_type="text/html; charset=utf-8", **headers):
    headers = {"Cache-Control": "public, max-age=0"} | headers
    return HttpResponse(content, content_type=content_type, headers=headers)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html; charset=utf-8",
        "application/json",
        "application/atom+xml; charset=utf-8",
        "image/svg+xml",
        "text/vtt",
    ],
)
def test_text_is_compressed(content_type):
    response = through_middleware(public(content_type=content_type), accept_encoding="gzip")

    assert gzip.decompress(response.content) == TEXT.encode()
    assert (response["Content-Encoding"], response["Vary"]) == ("gzip", "Accept-Encoding")
    assert response["Content-Length"] == str(len(response.content))
    assert response["ETag"].startswith('"')


def with_cookie(response):
    response.set_cookie("sessionid", "secret")
    return response


@pytest.mark.parametrize(
    "response",
    [
        public(**{"Cache-Control": "private"}),
        public(**{"Cache-Control": "max-age=60"}),
        public(**{"Cache-Control": 'max-age=60, private="public"'}),
        public(Vary="Accept, Cookie"),
        public(**{"Content-Encoding": "zstd"}),
        with_cookie(public()),
    ],
    ids=["private", "unspecified", "quoted word", "varies by cookie", "encoded", "sets a cookie"],
)
def test_responses_that_may_contain_secrets_or_are_not_text_are_unchanged(response):
    before = response.content, dict(response.headers)

    after = through_middleware(response, accept_encoding="br, gzip")

    assert (after.content, dict(after.headers)) == before


def test_short_response_is_uncompressed_but_conditional():
    first = through_middleware(public("short"), accept_encoding="br")

    second = through_middleware(public("short"), accept_encoding="br", if_none_match=first["ETag"])

    assert (first.content, first.has_header("Content-Encoding"), first["Vary"]) == (b"short", False, "Accept-Encoding")
    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    assert (second["Vary"], second["Cache-Control"]) == ("Accept-Encoding", "public, max-age=0")


def test_each_coding_has_a_strong_etag_of_its_own():
    tags = {through_middleware(public(), accept_encoding=accepted)["ETag"] for accepted in ("", "br", "gzip")}

    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


def test_client_with_an_older_page_gets_the_new_one():
    first = through_middleware(public("One. " * 500), accept_encoding="br")

    second = through_middleware(public("Two. " * 500), accept_encoding="br", if_none_match=first["ETag"])

    assert second.status_code == 200
    assert brotli.decompress(second.content) == b"Two. " * 500


def fetch(server, path, **headers):
    """Return (status, headers, body) as sent over the wire."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.headers, body


@pytest.fixture
def article(transactional_db):
    sections = tuple(SectionContent(f"Part {number}", f"{TEXT}[00:06:31]") for number in range(3))
    return make_published(
        episode=make_episode(), sections=sections, by=make_user(), moderator=make_moderator()
    ).get_absolute_url()


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_article_is_sent_compressed(article, live_server, coding):
    plain = fetch(live_server, article)

    status, headers, body = fetch(live_server, article, Accept_Encoding=coding)
    again = fetch(live_server, article, Accept_Encoding=coding, If_None_Match=headers["ETag"])
    outdated = fetch(live_server, article, Accept_Encoding=coding, If_None_Match='W/"older"')

    assert (status, headers["Content-Encoding"], headers["Content-Length"]) == (200, coding, str(len(body)))
    assert DECOMPRESS[coding](body) == plain[2]
    assert len(body) < len(plain[2]) / 3
    assert (plain[1]["Content-Encoding"], plain[1]["ETag"] != headers["ETag"]) == (None, True)
    assert {response[1]["Vary"] for response in (plain, again, outdated)} == {"Accept-Encoding"}
    assert (again[0], again[2]) == (304, b"")
    assert "default-src 'self'" in again[1]["Content-Security-Policy"]
    assert (outdated[0], outdated[2]) == (200, body)


def test_page_with_csrf_token_is_never_compressed(article, live_server):
    status, headers, body = fetch(live_server, "/admin/login/", Accept_Encoding="br, gzip")

    assert (status, headers["Content-Encoding"]) == (200, None)
    assert b"csrfmiddlewaretoken" in body


def test_static_files_are_compressed_once_by_whitenoise(article, live_server):
    status, headers, body = fetch(live_server, "/static/css/site.css", Accept_Encoding="br, gzip")

    coding = headers["Content-Encoding"]
    assert status == 200
    assert b"@" in DECOMPRESS[coding](body)
