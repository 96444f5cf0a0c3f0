"""The real server and clients that are slow, broken or hostile: each gets an answer, and readers notice nothing."""

import asyncio
import json
import os
import re
import resource
import socket
import statistics
import threading
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from ketamine_site.server.limits import BODY_SECONDS, FORM_BYTES, HEADER_SECONDS
from tests.support.servers import hindering
from tests.support.servers.production import children_of, environment_in, manage, memory_of, read, running

ARTICLE = "/articles/ketamine/"
LARGE = 30 * 1024 * 1024  # bytes; more than the buffers of a connection
IDLE = 10_000  # connections
SLACK = 8  # seconds that a busy machine may need


@pytest.fixture(scope="module")
def site(prepared, tmp_path_factory):
    """The server's process, its address (host, port) and the folder of its temporary files."""
    folder, temporary = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("temporary")
    (folder / "media").mkdir()
    with (folder / "media" / "large.png").open("wb") as file:
        file.truncate(LARGE)
    environment = environment_in(prepared, SCHEDULER="0", TMPDIR=str(temporary), MEDIA_ROOT=str(folder / "media"))
    with running(environment) as (server, url):
        yield server, tuple(urlsplit(url).netloc.split(":")), temporary
    manage(environment, "check_integrity")


@pytest.fixture
def address(site):
    return site[1]


def exchange(address, *pieces):
    """Send `pieces` on one connection; returns all that the server sends until it closes it."""
    with socket.create_connection(address, timeout=HEADER_SECONDS + SLACK) as connection:
        received = bytearray()
        try:
            for piece in pieces:
                connection.sendall(piece)
            while part := connection.recv(65_536):
                received += part
        except ConnectionError:
            pass
        return bytes(received)


def statuses(received):
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)]


def latencies(address, seconds=None, until=None):
    """Read an article again and again; returns how many seconds each took."""
    took = []
    end = time.monotonic() + (seconds or 3600)
    while time.monotonic() < end and not (until and until.is_set()):
        start = time.monotonic()
        assert statuses(exchange(address, hindering.head("GET", ARTICLE, "Connection: close") + b"\r\n")) == [200]
        took.append(time.monotonic() - start)
        time.sleep(0.02)
    return took


def p95(values):
    return statistics.quantiles(values, n=20)[-1]


def test_readers_are_served_while_many_clients_hinder(site):
    server, address, temporary = site
    quiet, hindered, over, before = (
        latencies(address, seconds=3),
        [],
        threading.Event(),
        memory_of(children_of(server.pid)),
    )
    reader = threading.Thread(target=lambda: hindered.extend(latencies(address, until=over)))
    clients = [
        *(hindering.drips_header(address) for _ in range(50)),
        *(hindering.drips_body(address) for _ in range(50)),
        *(hindering.drips_body(address, "/admin/login/", 5_000_000) for _ in range(4)),
        *(hindering.stops_halfway(address) for _ in range(50)),
        *(hindering.sends_chunks_without_end(address) for _ in range(10)),
        *(hindering.sends_too_much(address) for _ in range(3)),
        *(hindering.resets(address) for _ in range(50)),
        *(hindering.does_not_read(address, "/media/large.png") for _ in range(20)),
        *(hindering.stays_idle(address) for _ in range(2000)),
    ]
    names = [client.__name__ for client in clients]
    reader.start()
    try:
        outcomes = asyncio.run(hindering.all_at_once(*clients))
    finally:
        over.set()
        reader.join()

    answers, slowest = {}, {}
    for name, (received, seconds) in zip(names, outcomes, strict=True):
        answers.setdefault(name, set()).add(tuple(statuses(received)))
        slowest[name] = max(seconds, slowest.get(name, 0))
    assert answers == {
        "drips_header": {()},
        "drips_body": {(408,)},
        "stops_halfway": {(408,)},
        "sends_chunks_without_end": {(411,)},
        "sends_too_much": {(413,)},
        "resets": {()},
        "does_not_read": {(200,)},
        "stays_idle": {()},
    }
    assert max(slowest["drips_header"], slowest["stays_idle"]) < HEADER_SECONDS + SLACK
    assert max(slowest["drips_body"], slowest["stops_halfway"]) < BODY_SECONDS + SLACK
    assert max(slowest["sends_chunks_without_end"], slowest["sends_too_much"]) < SLACK
    assert len(hindered) > 20
    assert p95(hindered) < 10 * p95(quiet) + 0.5
    assert memory_of(children_of(server.pid)) - before < 100 * 1024 * 1024
    assert list(temporary.iterdir()) == []


def test_ten_thousand_idle_connections_keep_no_reader_out(address):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < IDLE + 500:
        pytest.skip("not enough open files are allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, IDLE + 500), hard))
    with ExitStack() as opened:
        opened.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(IDLE):
            opened.enter_context(socket.create_connection(address, timeout=SLACK))
        assert max(latencies(address, seconds=1)) < HEADER_SECONDS / 2  # and not once the others have been closed


def test_a_body_that_is_too_long_is_refused_before_it_is_sent(site):
    server, address, temporary = site
    before = memory_of(children_of(server.pid))
    announced = hindering.head("POST", hindering.FORM, f"Content-Length: {120 * 1024 * 1024}") + b"\r\n"

    answer = exchange(address, announced)  # and nothing of the body

    assert statuses(answer) == [413]
    assert b"longer than 64 KB" in answer
    assert memory_of(children_of(server.pid)) - before < 10 * 1024 * 1024
    assert list(temporary.iterdir()) == []


BODY = b"text=Read%20this"
SMUGGLED = b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
POST = hindering.head("POST", hindering.FORM)
GET = hindering.head("GET", "/robots.txt")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (POST + b"Content-Length: 16\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, [411]),
        (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED, [411]),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [411]),
        (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", [400]),
        (POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", [400]),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc", [411]),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n", [411]),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n", [411]),
        (POST + b"Content-Length: 16\r\nContent-Length: 0\r\n\r\n" + BODY, [400]),
        (POST + b"Content-Length: 16, 16\r\n\r\n" + BODY, [400]),
        (POST + b"Content-Length: +16\r\n\r\n" + BODY, [400]),
        (POST + b"Content-Length: -1\r\n\r\n", [400]),
        (POST + b"Content-Length: 1e3\r\n\r\n", [400]),
        (POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", [400]),
        (POST + b"Content-Length: 9223372036854775807\r\n\r\n", [413]),
        (POST + b"Content-Length: %d\r\n\r\n" % (FORM_BYTES + 1), [413]),
        (GET + b"Content-Length: %d\r\n\r\n" % (FORM_BYTES + 1), [413]),
        (GET + b"Host: elsewhere.example\r\n\r\n", [400]),
        (GET + b"X-Long: " + b"x" * 600_000 + b"\r\n\r\n", [431]),
        (GET + b"".join(b"X-%d: 1\r\n" % number for number in range(10_000)) + b"\r\n", [431]),
        (GET + b" folded: 1\r\n\r\n", [400]),
        (GET + b"Bad Name: 1\r\n\r\n", [400]),
        (GET + b"X: \x00\r\n\r\n", [400]),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", [414]),
        (b"GET /robots.txt HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", [200]),
        (b"GET /robots.txt\r\n\r\n", [400]),
        (b"GET /robots.txt HTTP/9.9\r\n\r\n", [400]),
        (b"GET /robots.txt HTTP/1.1\r\nConnection: close\r\n\r\n", [400]),
        (b"GET http://elsewhere.example/robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", [200]),
        (b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", [404]),
        (b"CONNECT elsewhere.example:80 HTTP/1.1\r\nHost: elsewhere.example:80\r\nConnection: close\r\n\r\n", [400]),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", []),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", [400]),
    ],
)  # fmt: skip
def test_what_no_browser_sends_gets_one_answer(address, sent, expected):
    received = exchange(address, sent)

    assert statuses(received) == expected
    assert b"User-agent" not in received or expected == [200]
    assert statuses(exchange(address, GET + b"Connection: close\r\n\r\n")) == [200]


def test_a_body_that_ends_early_is_answered(address):
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(POST + b"Content-Length: 100\r\n\r\n" + BODY)
        connection.shutdown(socket.SHUT_WR)

        assert statuses(connection.recv(65_536)) == [400]


def test_requests_of_one_connection_are_answered_in_order(address):
    paths = ["/robots.txt", "/nothing-here/", "/robots.txt"]

    received = exchange(
        address,
        b"".join(hindering.head("GET", path) + b"\r\n" for path in paths),
        hindering.head("POST", hindering.FORM, "Content-Length: 16", "Connection: close") + b"\r\n" + BODY,
    )

    assert statuses(received) == [200, 404, 200, 400]


def content(address, *headers, path=ARTICLE):
    received = exchange(address, hindering.head("GET", path, *headers, "Connection: close") + b"\r\n")
    return re.sub(rb"\r\ndate: [^\r]*", b"", received)


NOT_DECLARED = [
    "SCRIPT_NAME: /articles/ketamine",
    "Script-Name: /articles/ketamine",
    "HTTP_SCRIPT_NAME: /articles/ketamine",
    "X-Script-Name: /articles/ketamine",
    "X-Forwarded-Prefix: /articles",
    "X-Forwarded-Proto: https",
    "X_Forwarded_Proto: https",
    "X-Forwarded-Ssl: on",
    "X-Forwarded-Host: elsewhere.example",
    "X-Forwarded-Port: 8443",
    "X-Forwarded-For: 198.51.100.7",
    "X-Forwarded-Server: elsewhere.example",
    "X-Real-IP: 198.51.100.7",
    "Forwarded: for=198.51.100.7;host=elsewhere.example;proto=https",
    "X-Original-URL: /",
    "X-Rewrite-URL: /",
    "X-HTTP-Method-Override: POST",
    "PATH_INFO: /",
    "REQUEST_METHOD: POST",
    "CONTENT_LENGTH: 5",
    "REMOTE_ADDR: 198.51.100.7",
    "wsgi.url_scheme: https",
]


@pytest.mark.parametrize("header", NOT_DECLARED)
def test_headers_of_a_proxy_change_nothing(address, header):
    assert content(address, header) == content(address)


def test_a_declared_proxy_says_what_readers_asked_for(prepared):
    with running(environment_in(prepared, SCHEDULER="0", BEHIND_PROXY="1")) as (_, url):
        address = tuple(urlsplit(url).netloc.split(":"))
        plain = content(address)

        assert b'rel="canonical" href="http://127.0.0.1/articles/ketamine/"' in plain
        assert b'rel="canonical" href="https://127.0.0.1/' in content(address, "X-Forwarded-Proto: https")
        for header in NOT_DECLARED:
            if header != "X-Forwarded-Proto: https":
                assert content(address, header) == plain


@pytest.mark.parametrize(
    "path", [ARTICLE, f"{ARTICLE[:-1]}.json", "/sitemap.xml", "/robots.txt", "/feeds/articles.atom"]
)
@pytest.mark.parametrize("host", ["127.0.0.1:8443", "127.0.0.1:80", "127.0.0.1"])
def test_a_port_that_is_not_the_servers_is_in_no_public_page(address, path, host):
    def asked(host):
        sent = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        return exchange(address, sent.encode())

    own = "{}:{}".format(*address)
    assert f"http://{own}/".encode() in asked(own)
    answer = asked(host)
    assert b"http://127.0.0.1/" in answer
    assert b"127.0.0.1:" not in answer


def test_list_of_static_files_is_not_public(site, prepared):
    listed = json.loads((prepared / "static" / "staticfiles.json").read_text())["paths"]

    assert statuses(content(site[1], path="/static/staticfiles.json")) == [404]
    assert statuses(content(site[1], path=f"/static/{listed['css/site.css']}")) == [200]


def test_part_of_a_file_and_a_large_answer(site, prepared):
    _, address, temporary = site
    style = json.loads((prepared / "static" / "staticfiles.json").read_text())["paths"]["css/site.css"]
    whole = (prepared / "static" / style).read_bytes()

    part = content(address, "Range: bytes=10-19", path=f"/static/{style}")

    assert statuses(part) == [206]
    assert part.endswith(b"\r\n\r\n" + whole[10:20])
    assert f"content-range: bytes 10-19/{len(whole)}".encode() in part
    assert content(address, path=f"/static/{style}").endswith(b"\r\n\r\n" + whole)
    assert len(content(address, path="/media/large.png").partition(b"\r\n\r\n")[2]) == LARGE
    assert list(temporary.iterdir()) == []


def test_a_cookie_may_have_any_bytes(site):
    """Other sites of the same domain set them; the log-in must work nevertheless."""
    assert statuses(content(site[1], "Cookie: n=\xe9; csrftoken=x", path="/admin/login/")) == [200]


def test_workers_are_those_that_were_started(site):
    server = site[0]
    assert all(os.getsid(pid) == pid for pid in children_of(server.pid))
    assert read("http://{}:{}/robots.txt".format(*site[1]))
