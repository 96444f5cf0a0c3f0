"""The server that `make run` starts, over HTTP, with the scheduler beside it."""

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import termios
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from ketamine_site.server.limits import STOPPING_SECONDS
from tests.support.paths import PROJECT
from tests.support.servers.production import (
    COMMAND,
    children_of,
    environment_in,
    manage,
    read,
    running,
    serving,
    serving_each,
    wait_for,
)

STARTS = 20
AT_ONCE = (
    5  # servers that start at the same time, so that they disturb each other as on a busy machine; first from nothing
)


@pytest.fixture
def environment(prepared, tmp_path, sites):
    sites.append(copied(prepared, tmp_path))
    return environment_of(prepared, tmp_path)


def copied(prepared, folder):
    shutil.copytree(prepared, folder, ignore=shutil.ignore_patterns("static"), dirs_exist_ok=True)
    return folder


def environment_of(prepared, folder):
    """The environment of a copy of the site in a folder; its scheduler runs every second."""
    return environment_in(folder, SCHEDULER_SECONDS="1", STATIC_ROOT=str(prepared / "static"))


def goes_out(folder, url):
    """Whether what is scheduled is published when its time comes, after the scheduler's first run."""
    assert wait_for(lambda: is_healthy(url), 60)
    with closing(sqlite3.connect(folder / "db.sqlite3", timeout=30)) as database, database:
        due = datetime.now(UTC) + timedelta(seconds=1)
        found = database.execute(
            "UPDATE articles_revision SET publish_at = ? WHERE publish_at IS NOT NULL", [f"{due:%Y-%m-%d %H:%M:%S.%f}"]
        )
        assert found.rowcount == 1
    return wait_for(lambda: 'data-revision="2"' in read(f"{url}/articles/ketamine/"), 60)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(("target", "command"), [("run", " ".join(COMMAND)), ("dev", "manage.py run_worker")])
def test_make_starts_the_server_and_the_scheduler(target, command):
    printed = subprocess.run(  # noqa: S603
        ["make", "-n", target],  # noqa: S607
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert command in printed


@pytest.mark.parametrize("target", ["run", "dev"])
def test_make_says_what_to_do_if_the_port_is_taken(target):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        printed = subprocess.run(  # noqa: S603
            ["make", "-n", target, f"PORT={port}"],  # noqa: S607
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        (check,) = [line for line in printed.splitlines() if "create_server" in line]

        done = subprocess.run(["sh", "-c", check], cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603, S607

    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} can't be used; perhaps another server has it. Choose another one")


def is_healthy(url):
    """503, an OSError, until the scheduler's first run has ended."""
    return json.loads(read(f"{url}/health/"))["status"] == "ok"


def test_server_serves_the_article_and_publishes_what_is_due(environment, tmp_path):
    with serving(environment) as url:
        html = read(f"{url}/articles/ketamine/")
        assert html.count("<section id=") == 9
        assert html.count('class="citation"') == 8
        style = re.search(r'href="(/static/css/site\.[0-9a-f]+\.css)"', html)[1]
        assert "@layer" in read(url + style)
        assert goes_out(tmp_path, url)
        assert read(f"{url}/articles/ketamine/").count('class="citation"') == 9
    manage(environment, "signing_key", "--vouch")  # for the schedule, which was moved by SQL


def test_what_is_due_goes_out_however_the_server_starts(prepared, tmp_path):
    groups = [
        [copied(prepared, tmp_path / f"{group}-{n}") for n in range(AT_ONCE)] for group in range(STARTS // AT_ONCE)
    ]

    def start(folder):
        with serving(environment_of(prepared, folder)) as url:
            return goes_out(folder, url)

    with ThreadPoolExecutor(AT_ONCE) as pool, serving_each(environment_of(prepared, ""), groups[1:]) as started:
        assert list(pool.map(start, groups[0])) == [True] * AT_ONCE
        for group, urls in zip(groups[1:], started, strict=True):
            assert list(pool.map(goes_out, group, urls)) == [True] * AT_ONCE


def processes(server):
    """{name: process id} of the server's workers, for requests and for tasks."""
    return {name: pid for pid, name in children_of(server.pid).items()}


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_scheduler_is_started_again_and_stops_with_the_server(environment, stop):
    with running(environment) as (server, _):
        for _ in range(2):
            before = processes(server)["task-worker"]
            os.kill(before, signal.SIGKILL)
            assert wait_for(lambda before=before: processes(server).get("task-worker") not in {None, before}, 60)
        last = processes(server)
        assert last.keys() == {"worker-1", "worker-2", "task-worker"}

        server.send_signal(stop)
        server.wait()
        assert wait_for(lambda: not any(map(is_alive, last.values())), 60)


@pytest.fixture(scope="module")
def three_workers(prepared, tmp_path_factory, sites):
    """A server without a scheduler, and its URL."""
    folder = copied(prepared, tmp_path_factory.mktemp("three-workers"))
    sites.append(folder)
    with running(environment_of(prepared, folder) | {"SCHEDULER": "0", "WORKERS": "3"}) as server_and_url:
        yield server_and_url


def test_scheduler_and_number_of_workers_can_be_chosen(three_workers):
    server, url = three_workers

    assert processes(server).keys() == {"worker-1", "worker-2", "worker-3"}
    assert json.loads(read(f"{url}/articles/ketamine.json"))["revision"] == 1


def test_readers_notice_nothing_when_a_worker_is_killed(three_workers):
    server, url = three_workers
    before = processes(server)["worker-1"]
    os.kill(before, signal.SIGKILL)
    while processes(server).get("worker-1") in {None, before}:
        assert "Ketamine" in read(f"{url}/articles/ketamine/")
    assert "Ketamine" in read(f"{url}/articles/ketamine/")


def test_ctrl_c_stops_the_server_though_a_client_keeps_sending(environment, capfd):
    """In a terminal, which sends the signal to all processes in its foreground."""
    keyboard, terminal = (os.fdopen(file, "wb", buffering=0) for file in pty.openpty())
    in_terminal = {
        "start_new_session": True,
        "preexec_fn": lambda: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0),
        "stdin": terminal,
    }
    with keyboard, terminal, running(environment, **in_terminal) as (server, url):
        last = processes(server)
        with socket.create_connection(urlsplit(url).netloc.split(":")) as slow:
            slow.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n")
            keyboard.write(b"\x03")
            assert server.wait(3 * STOPPING_SECONDS) == 0
        assert not any(map(is_alive, last.values()))
    assert "Traceback" not in capfd.readouterr().err


def test_server_says_what_to_do_if_the_port_is_taken(environment):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", *COMMAND, address],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.startswith(f"The server can't listen at {address}: ")
    assert "Choose another address" in done.stderr
