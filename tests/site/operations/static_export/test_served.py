"""nginx serves an export as the site’s own server answers: status, headers and bytes of every link, and what is gone."""

import http.client
import os
import re
from collections import Counter
from contextlib import closing
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

import pytest

from tests.site.operations.static_export.conftest import export, free_port
from tests.support.scenarios.sites.exported_site import (
    AUDIO,
    FORMER,
    LONG_SLUG,
    NIGHTS,
    PRESENT,
    UNPUBLISHED,
)
from tests.support.servers import static
from tests.support.servers.production import running

# The site is made first, in processes of its own, which takes minutes on a busy machine.
pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.one_database(reason="has a database of its own; test_export.py exports from PostgreSQL, too"),
]

# What the servers say of themselves and of the moment, and validators, which each has of its own.
OWN = {"date", "server", "connection", "keep-alive", "etag", "last-modified", "accept-ranges", "x-request-id"}
LIVE_ONLY = re.compile(
    r"/(?:search/|admin/|health/|api/search/|articles/[^/]+/challenge/|shows/[^/]+/[^/]+/transcript/find/)"
)
LINK = re.compile(r"""(?:href="|src="|"next": ?"|"(?:url|address|html|markdown)": ?"|<loc>)([^"<#]*)""")

# Articles whose pages are like those of night-9 but for the number: an export has them, too.
ALIKE = re.compile(r"/night-[12]\d\b")

# What no page links to; what the API’s lists lead to is found from there.
STARTS = (
    *("/", "/sitemap.xml", "/robots.txt", "/llms.txt", "/.well-known/security.txt", "/words.js"),
    *("/api/articles/", "/api/citations/", "/api/shows/", "/api/topics/"),
)


@pytest.fixture(scope="module")
def both(made, tmp_path_factory):
    """Return the ports of the live site and of nginx."""
    if static.nginx() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("nginx isn’t installed: its checks did NOT run.")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    with running(made.environment) as (_, url), static.serving(made.export, folder, port):
        yield urlsplit(url).port, port


def ask(port, path, method="GET", **headers):
    """Return (status, headers without `OWN`, body, all headers)."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        return ask_through(connection, path, method, **headers)


def ask_through(connection, path, method="GET", **headers):
    """Return what `ask` returns, through a connection that may be used for the next request, too."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers={"Host": "127.0.0.1", **names})
    response = connection.getresponse()
    body = response.read()
    sent = {}
    for name, value in response.getheaders():
        assert sent.get(name.lower(), value) == value, f"{path}: two values of {name}"
        sent[name.lower()] = value
    seen = {name: value for name, value in sent.items() if name not in OWN}
    if "content-disposition" in seen:  # an export doesn’t know the name that the site gives a file
        seen["content-disposition"] = seen["content-disposition"].partition(";")[0]
    return response.status, seen, body, sent


def crawl(connection, origin):
    """Return {address: `ask`’s answer} of all that is found through links from `STARTS`, on the site itself, without `ALIKE`."""
    waiting, found = [*STARTS], {}
    while waiting:
        path = waiting.pop()
        if path in found or LIVE_ONLY.match(path) or ALIKE.search(path):
            continue
        found[path] = answer = ask_through(connection, path, Accept_Encoding="identity")
        _, headers, body, _ = answer
        if re.match(r"text/(?!css|javascript)|application/.*(?:json|xml)", headers.get("content-type", "")):
            for link in LINK.findall(body.decode()):
                url = urlsplit(urljoin(f"{origin}{path}", unescape(link)))
                if f"{url.scheme}://{url.netloc}" == origin and "{" not in link:
                    waiting.append((quote(url.path, safe="/%+@:") or "/") + (f"?{url.query}" if url.query else ""))
    return found


def test_every_link_answers_as_on_the_site(both, made):
    live, exported = (http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port in both)
    differing = {}
    with closing(live), closing(exported):
        found = crawl(live, made.environment["SITE_URL"])
        for path, plain in found.items():
            for coding in ("identity", "gzip", "gzip, deflate, br, zstd"):
                here = plain if coding == "identity" else ask_through(live, path, Accept_Encoding=coding)
                there = ask_through(exported, path, Accept_Encoding=coding)
                if here[:3] != there[:3]:
                    differing[path, coding] = here[:2], there[:2], here[2] == there[2]
        same = [
            path.replace("/night-9", f"/night-{n}") for path in found if "/night-9" in path for n in range(10, NIGHTS)
        ]
        answered = Counter(ask_through(exported, path)[0] for path in same)

    assert differing == {}
    assert answered == {200: len(same)}
    kinds = {(path.split("/")[1], "?" in path) for path in found}
    assert {("articles", True), ("shows", True), ("api", True), ("topics", True), ("media", False)} <= kinds
    assert len(found) + len(same) > 400
    assert {status for status, *_ in found.values()} == {200, 410}


GONE = [
    f"/articles/{UNPUBLISHED}/",
    f"/articles/{UNPUBLISHED}/history/",
    f"/articles/{UNPUBLISHED}/revisions/1/",
    f"/articles/{UNPUBLISHED}.md",
    f"/articles/{UNPUBLISHED}.json",
    f"/articles/{UNPUBLISHED}.bib",
    f"/articles/{UNPUBLISHED}/preview/",
    f"/articles/{UNPUBLISHED}/share.png",
    f"/api/articles/{UNPUBLISHED}/",
    "/articles/erased-once/revisions/1/",
    "/articles/erased-once/cite/?revision=1",
]


@pytest.mark.parametrize("path", GONE)
def test_what_is_gone_is_gone(both, path):
    live, exported = both

    assert ask(live, path)[:3] == ask(exported, path)[:3]
    assert ask(exported, path)[0] == 410


MOVED = [
    f"/articles/{FORMER}/",
    f"/articles/{FORMER}/?t=391",
    f"/articles/{FORMER}/history/",
    f"/articles/{FORMER}.md",
    f"/articles/{FORMER}.csl.json",
    f"/articles/{FORMER}/cite/?revision=1",
    f"/articles/{FORMER.upper()}/",
    f"/articles/{PRESENT.title()}/",
    f"/api/articles/{FORMER}/",
    "/topics/SLEEP/",
    "/shows/Night-Talks/",
    "/about",
    "/articles/naps?t=3",
    f"/articles/{FORMER}",
]


@pytest.mark.parametrize("path", MOVED)
def test_former_names_and_other_spellings_redirect(both, path):
    here, there = (ask(port, path) for port in both)

    assert here[0] == there[0] == 301
    about = {"content-length", "content-type"}  # nginx writes a page of its own
    assert {k: v for k, v in here[1].items() if k not in about} == {k: v for k, v in there[1].items() if k not in about}


@pytest.mark.parametrize("path", ["/nowhere/", "/articles/nowhere/", "/articles/naps/revisions/99/", "/a/b.c", "/?after=../../x"])  # fmt: skip
def test_what_never_was_is_missing(both, path):
    here, there = (ask(port, path) for port in both)

    assert here[:3] == there[:3]
    assert there[0] == 404


@pytest.mark.parametrize("path", ["/api/nowhere/", "/api/articles/nowhere/", "/api/articles/?limit=7", "/api/search/?q=x", "/search/suggest/?q=x"])  # fmt: skip
def test_programs_are_told_what_a_copy_has(both, path):
    status, headers, body, _ = ask(both[1], path)

    assert (status, headers["content-type"]) == (404, "application/problem+json")
    assert b"copy of the site" in body


@pytest.mark.parametrize("path", ["/search/?q=brain", "/admin/", "/articles/naps/challenge/", "/health/"])
def test_readers_are_told_what_needs_the_site_itself(both, path):
    status, headers, body, _ = ask(both[1], path)

    assert (status, headers["content-type"], headers["cache-control"]) == (404, "text/html; charset=utf-8", "no-store")
    assert b"Not part of this copy" in body
    assert "content-security-policy" in headers


def test_nothing_is_changed_by_other_methods(both):
    for port in both:
        assert ask(port, "/", "POST")[0] == 405
        assert ask(port, "/", "DELETE")[0] == 405
    assert "GET" in ask(both[1], "/", "POST")[1]["allow"]
    here, there = (ask(port, "/api/articles/", "OPTIONS") for port in both)
    assert (here[0], here[1].get("access-control-allow-headers")) == (204, "If-None-Match, If-Modified-Since")
    assert there[0] == 204
    assert {name for name in here[1] if name.startswith("access-control")} <= there[1].keys()


def test_head_has_the_headers_of_get(both):
    for path in ("/", "/articles/naps.json", f"/articles/{quote(LONG_SLUG)}/"):
        got, headed = ask(both[1], path), ask(both[1], path, "HEAD")
        assert (headed[0], headed[1], headed[2]) == (200, got[1], b"")


@pytest.mark.parametrize("path", ["/", "/articles/naps/", "/feeds/articles.atom", "/api/articles/", "/articles/naps/share.png"])  # fmt: skip
def test_client_that_has_it_gets_304_with_the_same_headers(both, path):
    live, exported = both
    first = ask(exported, path, Accept_Encoding="br")[3]
    tags = {ask(exported, path, Accept_Encoding=coding)[3]["etag"] for coding in ("br", "gzip", "identity")}

    for condition in ({"If_None_Match": first["etag"]}, {"If_Modified_Since": first["last-modified"]}):
        again = ask(exported, path, Accept_Encoding="br", **condition)
        assert (again[0], again[2], again[3]["etag"]) == (304, b"", first["etag"])
        here = ask(live, path, Accept_Encoding="br", If_None_Match=ask(live, path, Accept_Encoding="br")[3]["etag"])
        assert here[0] == 304
        assert {**again[1], "content-encoding": ""} == {**here[1], "content-encoding": ""}
    assert ask(exported, path, If_None_Match='"other"')[0] == 200
    assert len(tags) == (1 if path.endswith("png") else 3)


def test_audio_has_byte_ranges(both):
    status, headers, body, everything = ask(both[1], "/media/uploads/night.mp3", Range="bytes=256-511")

    assert (status, body, everything["content-range"]) == (206, AUDIO[256:512], f"bytes 256-511/{len(AUDIO)}")
    assert headers["content-type"] == "audio/mpeg"
    assert ask(both[1], "/media/uploads/night.mp3")[2] == AUDIO
    assert ask(both[1], "/media/uploads/night.mp3", Range=f"bytes={len(AUDIO)}-")[0] == 416


def test_uploads_of_drafts_arent_exported(both):
    assert [ask(port, "/media/uploads/of-a-draft.webp")[0] for port in both] == [200, 404]
    assert [ask(port, "/static/staticfiles.json")[0] for port in both] == [404, 404]


def test_a_live_site_answers_what_isnt_a_file(both, made, copy, tmp_path):
    export(copy, "--live", f"http://127.0.0.1:{both[0]}")
    port = free_port()
    folder = tmp_path / "nginx-files"
    folder.mkdir()
    with static.serving(copy.export, folder, port):
        for path in (
            "/search/?q=brain",
            "/api/articles/?limit=3",
            "/nowhere/",
            f"/articles/{UNPUBLISHED}/",
            "/admin/login/",
        ):
            here, there = ask(both[0], path), ask(port, path)
            assert here[0] == there[0], path
            assert here[1].keys() - {"x-request-id"} <= there[1].keys(), path
        assert ask(port, "/articles/naps/challenge/")[0] == 200
        assert ask(port, "/articles/naps/challenge/", "POST", Content_Length="0")[0] == 400
        assert ask(port, "/", "POST", Content_Length="0")[0] == 405
        assert ask(port, "/", Accept_Encoding="br")[:3] == ask(both[0], "/", Accept_Encoding="br")[:3]
