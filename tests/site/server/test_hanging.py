"""A worker that hangs writes where, is killed and started again; the real server with an application that hangs."""

import socket
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from ketamine_site.server.application import Threads
from ketamine_site.server.limits import STAFF_THREADS
from tests.support.paths import PROJECT
from tests.support.servers.production import wait_for

# Each request to a path with "hang" waits without end.
RUN = """
import socket, sys, time
from ketamine_site.server import limits, master
limits.HUNG_SECONDS, master.CHECK_SECONDS = 2, 1.5  # a busy machine takes a while to write where
from ketamine_site.server.application import Application
from ketamine_site.server.worker import serve

def hang():
    time.sleep(60)

def wsgi(environ, start_response):
    if "hang" in environ["PATH_INFO"]:
        hang()
    start_response("200 OK", [])
    return [b"works"]

application = Application(wsgi, is_slow=lambda path: path.startswith("/slow/"))
listener = socket.socket(fileno=int(sys.argv[1]))
master.Master({"worker 1": lambda alive, beat: serve(application, listener, alive, beat)}).run()
"""


def ask(url, seconds=10):
    with urllib.request.urlopen(url, timeout=seconds) as response:  # noqa: S310
        return response.read()


REQUESTS = {"/hang": 1, "/admin/hang": STAFF_THREADS, "/slow/hang": 1}  # that make a worker hang


@pytest.fixture(scope="module")
def said():
    """The lines {path: lines} that servers have written, each of which hung and was asked once more; all at once."""
    with ThreadPoolExecutor(len(REQUESTS)) as pool:
        return dict(zip(REQUESTS, pool.map(hang, REQUESTS, REQUESTS.values()), strict=True))


@pytest.mark.parametrize("path", REQUESTS)
def test_a_worker_that_hangs_is_started_again_and_says_where_it_hung(said, path):
    lines = said[path]

    assert "has done nothing for 2 s. This is where it hangs:" in lines[0]
    assert sum(line.endswith(" in hang\n") for line in lines) == REQUESTS[path]
    assert sum("was killed or failed. Starting it again in 1 s." in line for line in lines) == 1


def hang(path, requests):
    """Let a server hang by so many requests for a path, and return the lines it writes until it is stopped."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", RUN, str(listener.fileno())],
            cwd=PROJECT,
            pass_fds=[listener.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        host, port = listener.getsockname()
        url = f"http://{host}:{port}"
        assert wait_for(lambda: ask(url) == b"works", 30)
        clients = [socket.create_connection((host, port)) for _ in range(requests)]
        for client in clients:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        said = [process.stderr.readline() for _ in range(2)]
        assert wait_for(lambda: ask(url + path.removesuffix("hang"), seconds=1) == b"works", 30)
        process.terminate()
        said += process.stderr.read().splitlines(keepends=True)
        for client in clients:
            client.close()
    return said


def test_threads_that_get_on_do_not_hang(monkeypatch):
    monkeypatch.setattr("ketamine_site.server.limits.HUNG_SECONDS", -1)  # even the shortest time is too long
    threads = Threads(2, "test")
    threads.begun["another thread"] = 0

    assert threads.timed(threads.hang)
    assert not threads.hang()
    assert threads.begun == {"another thread": 0}
