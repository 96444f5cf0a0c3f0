"""Fetching from real servers: what is refused before and after redirects, and that time and size have an end."""

import gzip
import ipaddress
import ssl
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.http import Fetched, FetchError, fetch, is_public
from tests.support.http_servers import LOOPBACK, Site, fetch_here, here, sending


@pytest.fixture
def site():
    with Site() as site:
        yield site


def refusal_of(url, **options):
    """Why `url` is not fetched: the sentence."""
    with pytest.raises(FetchError) as refusal:
        fetch_here(url, **options)
    return str(refusal.value)


# What is fetched ----------------------------------------------------------------------------------


def test_fetch_returns_bytes_and_type(site):
    site.page("/feed.xml?page=2", b"<rss/>", content_type="Application/RSS+XML; charset=utf-8")

    fetched = fetch_here(f"{site.address}/feed.xml?page=2#end", accept="application/rss+xml")

    assert fetched == Fetched(f"{site.address}/feed.xml?page=2", "application/rss+xml", b"<rss/>")
    path, headers = site.asked[0]
    assert path == "/feed.xml?page=2"
    assert headers == {
        "Host": f"{LOOPBACK}:{site.port}",
        "User-Agent": "cited-articles/1 (imports feeds, chapters and transcripts)",
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


def test_fetch_writes_the_address_as_a_server_reads_it(site):
    site.page("/f%C3%BCr%20alle?q=%C3%A4&r=%41", b"found")

    assert fetch_here(f"{site.address}/für%20alle?q=ä&r=%41").data == b"found"


@pytest.mark.parametrize("coding", ["gzip", "x-gzip"])
def test_fetch_unpacks_gzip_also_in_several_members(site, coding):
    site.page("/", gzip.compress(b"one ", mtime=0) + gzip.compress(b"two"), content_encoding=coding)

    assert fetch_here(site.address).data == b"one two"


def test_fetch_reads_chunks_and_bodies_without_a_length():
    head = b"HTTP/1.1 200 OK\r\n"

    with sending(head + b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n4;a=b\r\n two\r\n0\r\n\r\n") as url:
        assert fetch_here(url).data == b"one two"
    with sending(head + b"\r\none two") as url:
        assert fetch_here(url).data == b"one two"


def test_fetch_takes_as_many_bytes_as_are_permitted_and_no_more(site):
    site.page("/plain", b"x" * 100)
    site.page("/packed", gzip.compress(b"x" * 100, mtime=0), content_encoding="gzip")

    assert len(fetch_here(f"{site.address}/plain", max_bytes=100).data) == 100
    assert len(fetch_here(f"{site.address}/packed", max_bytes=100).data) == 100
    for name in ("plain", "packed"):
        url = f"{site.address}/{name}"
        assert refusal_of(url, max_bytes=99) == f"{url} was not fetched: it is larger than 99 bytes."


# Addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/feed", "it does not begin with http:// or https://"),
        ("file:///etc/passwd", "it does not begin with http:// or https://"),
        ("/feed.xml", "it does not begin with http:// or https://"),
        ("http:///feed", "the address names no server"),
        ("http://[::1/", "it is no address"),
        ("http://example.org:port/", "it is no address"),
        ("http://example.org:22/", "port 22 is none of 80, 443, 8000, 8080, 8443"),
        ("http://me:secret@example.org/", "the address has a user name or password in it"),
        ("http://@example.org/", "the address has a user name or password in it"),
        ("http://example.org/a b", "the address has spaces, backslashes or control characters in it"),
        ("http://example.org\\@127.0.0.1/", "the address has spaces, backslashes or control characters in it"),
        (f"http://{'a' * 70}.example/", "it is no address: a name in it is empty or too long"),
        ("http://nowhere.invalid/", "the name nowhere.invalid is not known"),
    ],
)
def test_fetch_refuses_what_is_no_address_of_the_web(url, reason):
    with pytest.raises(FetchError) as refusal:
        fetch(url, max_bytes=10, timeout_seconds=10)

    assert str(refusal.value) == f"{url} was not fetched: {reason}."


def test_fetch_refuses_an_address_that_is_too_long():
    assert refusal_of(f"http://example.org/{'a' * 2_000}").endswith(
        "… was not fetched: the address has more than 2000 characters."
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
def test_fetch_refuses_names_and_numbers_that_lead_into_the_own_network(host, address):
    with pytest.raises(FetchError) as refusal:
        fetch(f"http://{host}/", max_bytes=10, timeout_seconds=10)

    assert address is None or str(refusal.value) == (
        f"http://{host}/ was not fetched: {host.strip('[]')} leads to {address}, "
        "which is no address of the public internet."
    )


def test_fetch_refuses_a_name_when_one_of_its_addresses_is_private():
    network = here(is_allowed=is_public, resolve=lambda host, port: ["1.1.1.1", "10.0.0.7"])

    assert refusal_of("http://talks.example/", network=network) == (
        "http://talks.example/ was not fetched: talks.example leads to 10.0.0.7, "
        "which is no address of the public internet."
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
def test_is_public_permits_nothing_that_python_takes_for_private(address):
    is_private = address.is_private or address.is_multicast or address.is_reserved or address.is_loopback

    assert not (is_public(address) and is_private)


def test_the_connection_goes_to_the_address_that_was_checked(site):
    """A name whose answer changes (DNS rebinding) is asked for once; the server hears the name, not the number."""
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

    assert fetch_here(f"{site.address}/a") == Fetched(f"{site.address}/b%20c?d=1", "", b"found")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (
            "http://169.254.169.254/latest",
            "169.254.169.254 leads to 169.254.169.254, which is no address of the public internet",
        ),
        ("http://[::1]/", "::1 leads to ::1, which is no address of the public internet"),
        ("file:///etc/passwd", "it does not begin with http:// or https://"),
        ("http://me@example.org/", "the address has a user name or password in it"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(site, location, reason):
    site.page("/a", status=302, location=location)

    assert refusal_of(f"{site.address}/a") == (
        f"{site.address}/a was not fetched: {reason} (on the way, at {location})."
    )


def test_a_redirect_to_a_name_that_leads_home_is_refused(site):
    site.page("/a", status=302, location=f"http://localhost:{site.port}/b")
    site.page("/b", b"secret")

    only_first = here(resolve=lambda host, port: ["127.0.0.1"] if host == LOOPBACK else ["127.0.0.2"])

    assert refusal_of(f"{site.address}/a", network=only_first) == (
        f"{site.address}/a was not fetched: localhost leads to 127.0.0.2, which is no address of the public internet "
        f"(on the way, at http://localhost:{site.port}/b)."
    )
    assert [path for path, _ in site.asked] == ["/a"]


def test_five_redirects_are_followed_and_no_sixth(site):
    for number in range(6):
        site.page(f"/{number}", status=302, location=f"/{number + 1}")
    site.page("/6", b"found")

    assert fetch_here(f"{site.address}/1").data == b"found"
    assert refusal_of(f"{site.address}/0").startswith(
        f"{site.address}/0 was not fetched: it leads on more than 5 times"
    )


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "it leads on, and does not say where"),
        ({"location": "http://["}, "it leads to http://[, which is no address"),
    ],
)
def test_a_redirect_to_nowhere_is_told(site, headers, reason):
    site.page("/a", status=302, **headers)

    assert refusal_of(f"{site.address}/a") == f"{site.address}/a was not fetched: {reason}."


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
def test_a_slow_drip_ends_with_the_time(pieces):
    started = time.monotonic()

    with sending(*pieces, pause=0.05) as url:
        assert refusal_of(url, timeout_seconds=0.6) == f"{url} was not fetched: it took longer than 0.6 s."

    assert time.monotonic() - started < 2


def test_a_server_that_says_nothing_ends_with_the_time():
    with sending(b"") as url:
        assert "was not fetched: " in refusal_of(url, timeout_seconds=0.5)


def test_a_name_that_takes_too_long_ends_with_the_time():
    network = here(resolve=lambda *asked: time.sleep(2) or [LOOPBACK])
    started = time.monotonic()

    reason = refusal_of("http://talks.example/", timeout_seconds=0.3, network=network)

    assert reason == "http://talks.example/ was not fetched: it took longer than 0.3 s."
    assert time.monotonic() - started < 1.5


def test_redirects_share_the_time(site):
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
def test_an_endless_body_ends_with_the_size(framing):
    with sending(HEAD + framing, b"x" * 1_000_000, pause=0) as url:
        reason = refusal_of(url, max_bytes=1_000_000, timeout_seconds=20)

    assert reason in (
        f"{url} was not fetched: it is larger than 1 000 000 bytes.",
        f"{url} was not fetched: it does not end.",
    )


def test_a_length_that_is_too_large_is_refused_before_anything_is_read():
    with sending(HEAD + b"Content-Length: 1000001\r\n\r\n") as url:
        assert refusal_of(url) == f"{url} was not fetched: it is larger than 1 000 000 bytes."


def test_a_gzip_bomb_is_refused_without_being_unpacked(site):
    bomb = gzip.compress(gzip.compress(bytes(300_000_000), 1), 9)
    packed = gzip.decompress(bomb)
    site.page("/", packed, content_encoding="gzip")

    assert refusal_of(site.address, max_bytes=2_000_000) == (
        f"{site.address} was not fetched: it is larger than 2 000 000 bytes."
    )


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip", gzip.compress(b"words", mtime=0)[:-9], "it breaks off in the middle"),
        ("gzip", b"words", "it cannot be unpacked (its gzip is broken)"),
        ("br", b"words", "it is packed as “br”, which was not asked for"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_refused(site, coding, body, reason):
    site.page("/", body, content_encoding=coding)

    assert refusal_of(site.address) == f"{site.address} was not fetched: {reason}."


def test_a_body_that_breaks_off_is_refused():
    with sending(HEAD + b"Content-Length: 10\r\n\r\nwords") as url:
        assert refusal_of(url) == f"{url} was not fetched: it breaks off in the middle."


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "the server answers 404 Not Found"),
        (b"HTTP/1.1 206 Partial Content\r\n\r\nx", "the server answers 206 Partial Content"),
        (b"HTTP/1.1 204 \r\n\r\n", "the server answers 204"),
        (b"220 mail.example ESMTP\r\n", "the connection failed (220 mail.example ESMTP)"),
        (b"", "the connection failed (Remote end closed connection without response)"),
    ],
)
def test_an_answer_that_is_no_page_is_told(answer, reason):
    with sending(answer) as url:
        assert refusal_of(url) == f"{url} was not fetched: {reason}."


@given(st.binary(max_size=300), st.sampled_from([b"", HEAD, HEAD + b"Transfer-Encoding: chunked\r\n\r\n"]))
def test_whatever_a_server_sends_nothing_else_is_raised(data, head):
    with sending(head + data) as url:
        try:
            fetched = fetch_here(url, max_bytes=500, timeout_seconds=5)
        except FetchError as error:
            fetched = error

    assert isinstance(fetched, Fetched | FetchError)


@given(st.text())
def test_whatever_the_address_nothing_else_is_raised(text):
    with pytest.raises(FetchError):
        fetch(f"http://127.0.0.1{text}", max_bytes=10, timeout_seconds=1)


# TLS ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A key and a certificate for `talks.example`, which signs itself."""
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=talks.example", "-addext", "subjectAltName=DNS:talks.example"]
    try:
        subprocess.run([*command, "-keyout", file, "-out", file.with_suffix(".crt")], check=True, capture_output=True)  # noqa: S603
    except FileNotFoundError:
        pytest.skip("no openssl here: certificates cannot be made")
    file.write_text(file.read_text() + file.with_suffix(".crt").read_text())
    return file


@pytest.fixture
def secure_site(certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with Site(tls) as site:
        yield site


def test_the_certificate_is_checked_for_the_name_and_not_for_the_number(secure_site, certificate):
    trusting = ssl.create_default_context(cafile=certificate)
    network = here(tls=trusting, resolve=lambda *asked: [LOOPBACK])
    secure_site.page("/", b"found")
    right, wrong = (f"https://{name}:{secure_site.port}/" for name in ("talks.example", "other.example"))

    assert fetch_here(right, network=network).data == b"found"
    assert refusal_of(wrong, network=network) == (
        f"{wrong} was not fetched: its certificate is not valid "
        "(Hostname mismatch, certificate is not valid for 'other.example'.)."
    )


def test_a_certificate_that_nobody_vouches_for_is_refused(secure_site):
    url = f"https://talks.example:{secure_site.port}/"

    reason = refusal_of(url, network=here(resolve=lambda *asked: [LOOPBACK]))

    assert reason == f"{url} was not fetched: its certificate is not valid (self-signed certificate)."


def test_a_redirect_from_https_to_http_is_refused(secure_site, certificate, site):
    secure_site.page("/", status=301, location=f"{site.address}/")
    site.page("/", b"found")
    network = here(tls=ssl.create_default_context(cafile=certificate), resolve=lambda *asked: [LOOPBACK])
    url = f"https://talks.example:{secure_site.port}/"

    assert refusal_of(url, network=network) == (
        f"{url} was not fetched: it leads from https back to http ({site.address}/)."
    )
    assert site.asked == []
