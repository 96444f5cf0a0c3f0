"""The real server behind nginx with our configuration: slow and idle clients are nobody's concern but nginx's."""

import asyncio
import os
import resource
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ketamine_site.server.limits import FORM_BYTES, HEADER_SECONDS
from tests.support.servers import hindering, nginx
from tests.support.servers.hindering import Address
from tests.support.servers.production import environment_in, running

ARTICLE = "/articles/ketamine/"
IDLE = 10_000  # connections
SLACK = 8  # seconds that a busy machine may need


@pytest.fixture(scope="module")
def address(prepared):
    if missing := nginx.missing_programs():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{missing} Its checks did NOT run.")
    environment = environment_in(prepared, SCHEDULER="0", HTTPS="1", BEHIND_PROXY="1")
    with ExitStack() as blocks:
        folder = Path(blocks.enter_context(TemporaryDirectory()))
        folder.chmod(0o755)  # nginx's workers have an account of their own; pytest's folders are closed to others
        _, url = blocks.enter_context(running(environment, "/livez"))
        _, port = blocks.enter_context(nginx.running(folder, int(url.rpartition(":")[2])))
        yield Address("127.0.0.1", port, has_tls=True)
        errors = (folder / "error.log").read_text()
    assert "not enough" not in errors
    # The system may allow fewer open files than the configuration asks for; they suffice here.
    assert not [line for line in errors.splitlines() if "[alert]" in line and "setrlimit" not in line]


def exchange(address, sent):
    async def ask():
        async with hindering.Raw(address) as raw:
            await raw.send(sent)
            return await raw.rest(HEADER_SECONDS + SLACK)

    return asyncio.run(ask())


def article(address):
    return exchange(address, hindering.head("GET", ARTICLE, "Connection: close") + b"\r\n")


def test_ten_thousand_idle_connections_keep_no_reader_out(address):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if 0 <= hard < IDLE + 500:
        pytest.skip("not enough open files are allowed")
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, IDLE + 500), hard))
    with ExitStack() as opened:
        opened.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(IDLE):
            opened.enter_context(socket.create_connection(address[:2], timeout=SLACK))
        assert article(address).startswith(b"HTTP/1.1 200")


def test_readers_who_keep_their_connection_are_all_answered(address):
    readers = [
        hindering.keeps_alive(address._replace(source=f"127.0.1.{n + 1}"), ARTICLE, requests=3, pause=0.5)
        for n in range(50)
    ]

    assert {answers for answers, _ in asyncio.run(hindering.all_at_once(*readers))} == {b"200 200 200"}


def test_an_idle_connection_is_closed_when_the_site_would(address):
    start = time.monotonic()

    assert exchange(address, b"") == b""
    assert time.monotonic() - start < HEADER_SECONDS + SLACK


def test_what_is_too_long_for_a_public_form_is_refused_by_the_site_in_its_own_words(address):
    body = b"x" * (FORM_BYTES + 1)
    head = hindering.head("POST", hindering.FORM, f"Content-Length: {len(body)}", "Connection: close")

    answer = exchange(address, head + b"\r\n" + body)

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"longer than 64 KB" in answer


def test_a_long_body_of_a_stranger_is_refused_before_nginx_keeps_it(address):
    announced = hindering.head("POST", hindering.FORM, f"Content-Length: {40 * 1024 * 1024}") + b"\r\n"

    assert exchange(address, announced).startswith(b"HTTP/1.1 413")
