"""Fetching from real servers: what is refused before and after redirects, and the limits on time and size."""

import gzip
import ipaddress
import ssl
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.http import Fetched, FetchError, fetch
from articles.core.http.ssrf_guard import is_public
from tests.support.servers.http import LOOPBACK, Site, fetch_here, here, sending


@pytest.fixture
def site():
    with Site() as site:
        yield site


def refusal_of(url, **options):
    """Return the sentence that says why `url` could not be fetched."""
    with pytest.raises(FetchError) as refusal:
        fetch_here(url, **options)
    return str(refusal.value)


# Responses ----------------------------------------------------------------------------------


def test_fetch_returns_the_address_and_the_bytes(site):
    site.page("/feed.xml?page=2", b"<rss/>", content_type="Application/RSS+XML; charset=utf-8")

    fetched = fetch_here(f"{site.address}/feed.xml?page=2#end", accept="application/rss+xml")

    assert fetched == Fetched(f"{site.address}/feed.xml?page=2", b"<rss/>", "utf-8")
    path, headers = site.asked[0]
    assert path == "/feed.xml?page=2"
    assert headers == {
        "Host": f"{LOOPBACK}:{site.port}",
        "User-Agent": "cited-articles/1 (imports feeds, chapters, transcripts and images)",
        "Accept": "application/rss+xml",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def test_fetch_sends_no_cookie_back_and_uses_no_proxy(site, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    site.page("/a", status=302, location="/b", set_cookie="seen=1; Path=/")
    site.page("/b", b"found")

    assert fetch_here(f"{site.address}/a").data == b"found"
    assert "Cookie" not in site.asked[1][1]


def test_fetch_percent_encodes_the_address(site):
    site.page("/f%C3%BCr%20alle?q=%C3%A4&r=%41", b"found")

    assert fetch_here(f"{site.address}/für%20alle?q=ä&r=%41").data == b"found"


@pytest.mark.parametrize("coding", ["gzip", "x-gzip"])
def test_fetch_decompresses_gzip_with_one_or_more_members(site, coding):
    site.page("/", gzip.compress(b"one ", mtime=0) + gzip.compress(b"two"), content_encoding=coding)

    assert fetch_here(site.address).data == b"one two"


def test_fetch_reads_chunks_and_bodies_without_a_length():
    head = b"HTTP/1.1 200 OK\r\n"

    with sending(head + b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n4;a=b\r\n two\r\n0\r\n\r\n") as url:
        assert fetch_here(url).data == b"one two"
    with sending(head + b"\r\none two") as url:
        assert fetch_here(url).data == b"one two"


def test_fetch_accepts_exactly_the_permitted_number_of_bytes(site):
    site.page("/plain", b"x" * 100)
    site.page("/packed", gzip.compress(b"x" * 100, mtime=0), content_encoding="gzip")

    assert len(fetch_here(f"{site.address}/plain", max_bytes=100).data) == 100
    assert len(fetch_here(f"{site.address}/packed", max_bytes=100).data) == 100
    for name in ("plain", "packed"):
        url = f"{site.address}/{name}"
        assert refusal_of(url, max_bytes=99) == f"{url} could not be fetched: it is larger than 99 bytes."


# Addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/feed", "it doesn’t start with http:// or https://"),
        ("file:///etc/passwd", "it doesn’t start with http:// or https://"),
        ("/feed.xml", "it doesn’t start with http:// or https://"),
        ("http:///feed", "the address has no host name"),
        ("http://[::1/", "it isn’t a valid address"),
        ("http://example.org:port/", "it isn’t a valid address"),
        ("http://example.org:22/", "port 22 isn’t one of 80, 443, 8000, 8080, 8443"),
        ("http://me:secret@example.org/", "the address contains a user name or password"),
        ("http://@example.org/", "the address contains a user name or password"),
        ("http://example.org/a b", "the address contains spaces, backslashes or control characters"),
        ("http://example.org\\@127.0.0.1/", "the address contains spaces, backslashes or control characters"),
        (f"http://{'a' * 70}.example/", "it isn’t a valid address: part of its host name is empty or too long"),
        ("http://nowhere.invalid/", "the host name nowhere.invalid could not be found"),
    ],
)
def test_fetch_refuses_invalid_addresses(url, reason):
    with pytest.raises(FetchError) as refusal:
        fetch(url, max_bytes=10, timeout_seconds=10)

    assert str(refusal.value) == f"{url} could not be fetched: {reason}."


def test_fetch_refuses_an_address_that_is_too_long():
    assert refusal_of(f"http://example.org/{'a' * 2_000}").endswith(
        "… could not be fetched: the address has more than 2000 characters."
    )


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost", None),
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
        ("169.254.169.254", "169.254.169.254"),
        ("[fe80::1%25lo]", None),
    ],
)
def test_fetch_refuses_names_and_addresses_in_our_own_network(host, address):
    with pytest.raises(FetchError) as refusal:
        fetch(f"http://{host}/", max_bytes=10, timeout_seconds=10)

    assert address is None or str(refusal.value) == (
        f"http://{host}/ could not be fetched: {host.strip('[]')} resolves to {address}, "
        "which isn’t on the public internet."
    )


def test_fetch_refuses_a_name_when_one_of_its_addresses_is_private():
    network = here(is_allowed=is_public, resolve=lambda host, port: ["1.1.1.1", "10.0.0.7"])

    assert refusal_of("http://talks.example/", network=network) == (
        "http://talks.example/ could not be fetched: talks.example resolves to 10.0.0.7, "
        "which isn’t on the public internet."
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("1.1.1.1", True),
        ("100.63.255.255", True),
        ("100.128.0.0", True),
        ("172.32.0.1", True),
        ("2606:4700::1111", True),
        ("0.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("127.8.8.8", False),
        ("169.254.169.254", False),
        ("172.31.255.255", False),
        ("192.168.0.1", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("203.0.113.9", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::7f00:1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:1.1.1.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::1", False),
        ("100::1", False),
        ("2001::1", False),
        ("2001:db8::1", False),
        ("2002:a00:1::1", False),
        ("3fff::1", False),
        ("fc00::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("2606:4700::1111%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_is_public(address, expected):
    assert is_public(ipaddress.ip_address(address)) is expected


@given(st.ip_addresses())
def test_is_public_is_false_for_every_address_that_python_calls_private(address):
    is_private = address.is_private or address.is_multicast or address.is_reserved or address.is_loopback

    assert not (is_public(address) and is_private)


def test_the_connection_goes_to_the_address_that_was_checked(site):
    """A name whose answer changes (DNS rebinding) is resolved once; the Host header has the name, not the address."""
    answers = iter([[LOOPBACK], ["10.0.0.7"]])
    site.page("/", b"found")

    found = fetch_here(f"http://talks.example:{site.port}/", network=here(resolve=lambda *asked: next(answers)))

    assert found.data == b"found"
    assert site.asked[0][1]["Host"] == f"talks.example:{site.port}"
    assert next(answers) == ["10.0.0.7"]


def test_the_next_address_of_a_name_is_tried(site):
    site.page("/", b"found")
    network = here(is_allowed=lambda address: address.is_loopback, resolve=lambda *asked: ["::1", LOOPBACK])

    assert fetch_here(f"http://talks.example:{site.port}/", network=network).data == b"found"


# Redirects ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_fetch_follows_redirects_and_says_where_it_ended(site, status):
    site.page("/a", status=status, location="b c?d=1#e")
    site.page("/b%20c?d=1", b"found")

    assert fetch_here(f"{site.address}/a") == Fetched(f"{site.address}/b%20c?d=1", b"found")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (
            "http://169.254.169.254/latest",
            "169.254.169.254 resolves to 169.254.169.254, which isn’t on the public internet",
        ),
        ("http://[::1]/", "::1 resolves to ::1, which isn’t on the public internet"),
        ("file:///etc/passwd", "it doesn’t start with http:// or https://"),
        ("http://me@example.org/", "the address contains a user name or password"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(site, location, reason):
    site.page("/a", status=302, location=location)

    assert refusal_of(f"{site.address}/a") == (
        f"{site.address}/a could not be fetched: {reason} (redirected to {location})."
    )


def test_a_redirect_to_a_name_on_our_own_network_is_refused(site):
    site.page("/a", status=302, location=f"http://localhost:{site.port}/b")
    site.page("/b", b"secret")

    only_first = here(resolve=lambda host, port: ["127.0.0.1"] if host == LOOPBACK else ["127.0.0.2"])

    assert refusal_of(f"{site.address}/a", network=only_first) == (
        f"{site.address}/a could not be fetched: localhost resolves to 127.0.0.2, which isn’t on the public internet "
        f"(redirected to http://localhost:{site.port}/b)."
    )
    assert [path for path, _ in site.asked] == ["/a"]


def test_five_redirects_are_followed_but_not_six(site):
    for number in range(6):
        site.page(f"/{number}", status=302, location=f"/{number + 1}")
    site.page("/6", b"found")

    assert fetch_here(f"{site.address}/1").data == b"found"
    assert refusal_of(f"{site.address}/0").startswith(
        f"{site.address}/0 could not be fetched: it redirects more than 5 times"
    )


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "it redirects without saying where"),
        ({"location": "http://["}, "it redirects to http://[, which isn’t a valid address"),
    ],
)
def test_a_redirect_without_a_valid_target_is_refused(site, headers, reason):
    site.page("/a", status=302, **headers)

    assert refusal_of(f"{site.address}/a") == f"{site.address}/a could not be fetched: {reason}."


# Time and size ------------------------------------------------------------------------------------

HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        [HEAD + b"Content-Length: 100000\r\n\r\n", b"x"],
        [HEAD + b"X-Slow: ", b"x"],
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"],
        [b"", b"HTTP/1.1 100 Continue\r\n\r\n"],
    ],
    ids=["body", "headers", "chunks", "continue"],
)
def test_a_slow_response_times_out(pieces):
    started = time.monotonic()

    with sending(*pieces, pause=0.05) as url:
        assert refusal_of(url, timeout_seconds=0.6) == f"{url} could not be fetched: it took longer than 0.6 s."

    assert time.monotonic() - started < 2


def test_a_silent_server_times_out():
    with sending(b"") as url:
        assert "could not be fetched: " in refusal_of(url, timeout_seconds=0.5)


def test_slow_name_resolution_times_out():
    network = here(resolve=lambda *asked: time.sleep(2) or [LOOPBACK])
    started = time.monotonic()

    reason = refusal_of("http://talks.example/", timeout_seconds=0.3, network=network)

    assert reason == "http://talks.example/ could not be fetched: it took longer than 0.3 s."
    assert time.monotonic() - started < 1.5


def test_redirects_share_the_time_limit(site):
    def slow(handler):
        time.sleep(0.4)
        handler.send_response(302)
        handler.send_header("Location", "/a")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.pages["/a"] = slow

    assert "it took longer than 0.9 s" in refusal_of(f"{site.address}/a", timeout_seconds=0.9)


@pytest.mark.parametrize(
    "framing",
    [b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", b"Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n"],
    ids=["no length", "negative chunk", "huge chunk"],
)
def test_an_endless_body_exceeds_the_size_limit(framing):
    with sending(HEAD + framing, b"x" * 1_000_000, pause=0) as url:
        reason = refusal_of(url, max_bytes=1_000_000, timeout_seconds=20)

    assert reason in (
        f"{url} could not be fetched: it is larger than 1 000 000 bytes.",
        f"{url} could not be fetched: it doesn’t end.",
    )


def test_a_length_that_is_too_large_is_refused_before_anything_is_read():
    with sending(HEAD + b"Content-Length: 1000001\r\n\r\n") as url:
        assert refusal_of(url) == f"{url} could not be fetched: it is larger than 1 000 000 bytes."


def test_a_gzip_bomb_is_refused_without_decompressing_it(site):
    bomb = gzip.compress(gzip.compress(bytes(300_000_000), 1), 9)
    packed = gzip.decompress(bomb)
    site.page("/", packed, content_encoding="gzip")

    assert refusal_of(site.address, max_bytes=2_000_000) == (
        f"{site.address} could not be fetched: it is larger than 2 000 000 bytes."
    )


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip", gzip.compress(b"words", mtime=0)[:-9], "it ends before it is complete"),
        ("gzip", b"words", "it can’t be decompressed (the gzip data is damaged)"),
        ("br", b"words", "it is compressed as “br”, which isn’t supported"),
    ],
)
def test_a_body_that_cannot_be_decompressed_is_refused(site, coding, body, reason):
    site.page("/", body, content_encoding=coding)

    assert refusal_of(site.address) == f"{site.address} could not be fetched: {reason}."


def test_an_incomplete_body_is_refused():
    with sending(HEAD + b"Content-Length: 10\r\n\r\nwords") as url:
        assert refusal_of(url) == f"{url} could not be fetched: it ends before it is complete."


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "the server answered 404 Not Found"),
        (b"HTTP/1.1 206 Partial Content\r\n\r\nx", "the server answered 206 Partial Content"),
        (b"HTTP/1.1 204 \r\n\r\n", "the server answered 204"),
        (b"220 mail.example ESMTP\r\n", "the connection failed (220 mail.example ESMTP)"),
        (b"", "the connection failed (Remote end closed connection without response)"),
    ],
)
def test_any_other_answer_is_refused(answer, reason):
    with sending(answer) as url:
        assert refusal_of(url) == f"{url} could not be fetched: {reason}."


@given(st.binary(max_size=300), st.sampled_from([b"", HEAD, HEAD + b"Transfer-Encoding: chunked\r\n\r\n"]))
def test_no_response_raises_anything_but_fetch_error(data, head):
    with sending(head + data) as url:
        try:
            fetched = fetch_here(url, max_bytes=500, timeout_seconds=5)
        except FetchError as error:
            fetched = error

    assert isinstance(fetched, Fetched | FetchError)


@given(st.text())
def test_no_address_raises_anything_but_fetch_error(text):
    with pytest.raises(FetchError):
        fetch(f"http://127.0.0.1{text}", max_bytes=10, timeout_seconds=1)


# TLS ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A key and a self-signed certificate for `talks.example`."""
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=talks.example", "-addext", "subjectAltName=DNS:talks.example"]
    try:
        subprocess.run([*command, "-keyout", file, "-out", file.with_suffix(".crt")], check=True, capture_output=True)  # noqa: S603
    except FileNotFoundError:
        pytest.skip("openssl is missing, so there is no certificate")
    file.write_text(file.read_text() + file.with_suffix(".crt").read_text())
    return file


@pytest.fixture
def secure_site(certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with Site(tls) as site:
        yield site


def test_the_certificate_is_checked_against_the_name_not_the_address(secure_site, certificate):
    trusting = ssl.create_default_context(cafile=certificate)
    network = here(tls=trusting, resolve=lambda *asked: [LOOPBACK])
    secure_site.page("/", b"found")
    right, wrong = (f"https://{name}:{secure_site.port}/" for name in ("talks.example", "other.example"))

    assert fetch_here(right, network=network).data == b"found"
    assert refusal_of(wrong, network=network) == (
        f"{wrong} could not be fetched: its certificate isn’t valid "
        "(Hostname mismatch, certificate is not valid for 'other.example'.)."
    )


def test_an_untrusted_certificate_is_refused(secure_site):
    url = f"https://talks.example:{secure_site.port}/"

    reason = refusal_of(url, network=here(resolve=lambda *asked: [LOOPBACK]))

    assert reason == f"{url} could not be fetched: its certificate isn’t valid (self-signed certificate)."


def test_a_redirect_from_https_to_http_is_refused(secure_site, certificate, site):
    secure_site.page("/", status=301, location=f"{site.address}/")
    site.page("/", b"found")
    network = here(tls=ssl.create_default_context(cafile=certificate), resolve=lambda *asked: [LOOPBACK])
    url = f"https://talks.example:{secure_site.port}/"

    assert refusal_of(url, network=network) == (
        f"{url} could not be fetched: it redirects from https to http ({site.address}/)."
    )
    assert site.asked == []
