"""Public answers as they go over the wire: compressed, tagged, and nothing of who asks in them."""

import gzip
import http.client
from urllib.parse import urlsplit

import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from articles.workflow.content import SectionContent
from ketamine_site.compression import CODINGS, PublicCompressionMiddleware, Remembered, chosen
from tests.support.factories import make_episode, make_moderator, make_published, make_user

TEXT = "The brain clears waste at night. " * 100
READ = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("br; q=0.5 , gzip ; q=0.5", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0.000", None),
        ("identity", None),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("*;q=0", None),
        ("deflate", None),
        ("br;q=2", None),
        ("br;q=often, ;;, gzip", "gzip"),
        ("brr, gzip2", None),
    ],
)
def test_the_coding_is_the_one_that_the_client_likes_best(accepted, coding):
    assert chosen(accepted) == coding


def passed(response, **headers):
    """`response` as the middleware lets it through."""
    return PublicCompressionMiddleware(lambda request: response)(RequestFactory(headers=headers).get("/"))


def public(content=TEXT, content_type="text/html; charset=utf-8", **headers):
    headers = {"Cache-Control": "public, max-age=60"} | headers
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
    response = passed(public(content_type=content_type), accept_encoding="gzip")

    assert gzip.decompress(response.content) == TEXT.encode()
    assert (response["Content-Encoding"], response["Vary"]) == ("gzip", "Accept-Encoding")
    assert response["Content-Length"] == str(len(response.content))
    assert response["ETag"].startswith('W/"')


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
        public(content_type="image/png"),
        with_cookie(public()),
    ],
    ids=["private", "unsaid", "a word in quotation marks", "varies by cookie", "encoded", "picture", "sets a cookie"],
)
def test_what_may_hold_a_secret_or_is_no_text_is_left_alone(response):
    before = response.content, dict(response.headers)

    after = passed(response, accept_encoding="br, gzip")

    assert (after.content, dict(after.headers)) == before


def test_what_is_short_is_sent_as_it_is_and_known_again():
    first = passed(public("short"), accept_encoding="br")

    second = passed(public("short"), accept_encoding="br", if_none_match=first["ETag"])

    assert (first.content, first.has_header("Content-Encoding"), first["Vary"]) == (b"short", False, "Accept-Encoding")
    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    assert (second["Vary"], second["Cache-Control"]) == ("Accept-Encoding", "public, max-age=60")


def test_a_strong_tag_of_the_view_becomes_weak_where_the_bytes_change():
    plain, compressed = (passed(public(ETag='"one"'), accept_encoding=accepted) for accepted in ("", "br"))

    assert (plain["ETag"], compressed["ETag"]) == ('"one"', 'W/"one"')


def test_who_has_an_older_page_gets_the_new_one():
    first = passed(public("One. " * 500), accept_encoding="br")

    second = passed(public("Two. " * 500), accept_encoding="br", if_none_match=first["ETag"])

    assert second.status_code == 200
    assert brotli.decompress(second.content) == b"Two. " * 500


def test_a_page_is_compressed_once(monkeypatch):
    made = []
    monkeypatch.setitem(CODINGS, "br", lambda content: made.append(content) or brotli.compress(content))
    middleware = PublicCompressionMiddleware(lambda request: public())

    answers = {middleware(RequestFactory(headers={"Accept-Encoding": "br"}).get("/")).content for _ in range(3)}

    assert made == [TEXT.encode()]
    assert answers == {brotli.compress(TEXT.encode())}


def test_what_was_not_asked_for_longest_is_forgotten_first():
    remembered = Remembered(10)
    for key, value in (("a", b"1234"), ("b", b"1234"), ("a", b"-"), ("c", b"1234"), ("d", b"longer than all")):
        remembered.get(key, lambda value=value: value)

    found = [remembered.get(key, lambda: b"") for key in ("a", "c", "b", "d")]

    assert found == [b"1234", b"1234", b"", b""]
    assert remembered.size <= 10


def asked(server, path, **headers):
    """(status, headers, body) as they come over the wire."""
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
def test_the_article_goes_compressed_over_the_wire(article, live_server, coding):
    plain = asked(live_server, article)

    status, headers, body = asked(live_server, article, Accept_Encoding=coding)
    again = asked(live_server, article, Accept_Encoding=coding, If_None_Match=headers["ETag"])
    moved_on = asked(live_server, article, Accept_Encoding=coding, If_None_Match='W/"older"')

    assert (status, headers["Content-Encoding"], headers["Content-Length"]) == (200, coding, str(len(body)))
    assert READ[coding](body) == plain[2]
    assert len(body) < len(plain[2]) / 3
    assert (plain[1]["Content-Encoding"], plain[1]["ETag"]) == (None, headers["ETag"])
    assert {one[1]["Vary"] for one in (plain, again, moved_on)} == {"Accept-Encoding"}
    assert (again[0], again[2]) == (304, b"")
    assert "default-src 'self'" in again[1]["Content-Security-Policy"]
    assert (moved_on[0], moved_on[2]) == (200, body)


def test_a_page_with_a_token_is_never_compressed(article, live_server):
    status, headers, body = asked(live_server, "/admin/login/", Accept_Encoding="br, gzip")

    assert (status, headers["Content-Encoding"]) == (200, None)
    assert b"csrfmiddlewaretoken" in body


def test_static_files_are_whitenoises_and_encoded_once(article, live_server):
    status, headers, body = asked(live_server, "/static/css/site.css", Accept_Encoding="br, gzip")

    coding = headers["Content-Encoding"]
    assert status == 200
    assert b"@" in READ[coding](body)
