"""The server that `make run` starts, over HTTP, with the scheduler beside it."""

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.paths import PROJECT
from tests.support.servers.production import (
    COMMAND,
    children_of,
    environment_in,
    manage,
    read,
    running,
    serving,
    wait_for,
)

STARTS = 20
AT_ONCE = 5  # servers that start at the same time, so that they disturb each other as on a busy machine

SCHEDULE = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from articles import workflow
from articles.models import Revision
waiting = Revision.objects.get(number=2)
by = User.objects.get(username="moderator")
workflow.approve(waiting, by=by)
workflow.schedule(waiting, by=by, publish_at=timezone.now() + timedelta(days=1))
"""

# Makes the moment long in which a new process can be disturbed: `subprocess` has opened the pipe by which it learns that
# the process has started, and whatever is forked then keeps the pipe open.
SLOW_PIPE = """
import os, time
pipe = os.pipe
def slow_pipe():
    ends = pipe()
    time.sleep(0.5)
    return ends
os.pipe = slow_pipe
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The folder of a site set up as `make run` does it, with a scheduled revision; all workers share it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "prepared-site"
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
        if not (folder / "is-complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _prepare(folder)
            (folder / "is-complete").touch()
    return folder


def _prepare(folder):
    environment = environment_in(folder)
    printed = manage(environment, "prepare_demo")
    assert re.findall(r"^  (\w+) ", printed, re.MULTILINE) == ["admin", "editor", "moderator"]
    assert manage(environment, "prepare_demo") == ""
    manage(environment, "shell", "--no-imports", "-c", SCHEDULE)


@pytest.fixture
def environment(prepared, tmp_path):
    environment = copied(prepared, tmp_path)
    yield environment
    manage(environment, "check_integrity")


def copied(prepared, folder):
    """The environment of a copy of the site; its scheduler runs every second."""
    shutil.copytree(prepared, folder, ignore=shutil.ignore_patterns("static"), dirs_exist_ok=True)
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


@pytest.mark.parametrize(("target", "command"), [("run", " ".join(COMMAND)), ("dev", "manage.py run_scheduler")])
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


def test_what_is_due_goes_out_however_the_server_starts(prepared, tmp_path):
    def start(number):
        folder = tmp_path / str(number)
        with serving(copied(prepared, folder)) as url:
            return goes_out(folder, url)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert list(pool.map(start, range(STARTS))) == [True] * STARTS


def test_workers_that_are_forked_while_the_scheduler_starts_do_not_stop_it(environment, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(SLOW_PIPE)
    with serving(environment | {"PYTHONPATH": str(tmp_path)}) as url:
        assert goes_out(tmp_path, url)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_scheduler_is_started_again_and_stops_with_the_server(environment, stop):
    def scheduler():
        """The server's child that isn't a worker, or None while there is none."""
        return next((pid for pid, command in children_of(server.pid).items() if "run_scheduler" in command), None)

    with running(environment) as (server, _):
        assert wait_for(scheduler, 60)
        for _ in range(2):
            before = scheduler()
            os.kill(before, signal.SIGKILL)
            assert wait_for(lambda before=before: scheduler() not in {None, before}, 60)
        last = scheduler()
        workers = children_of(server.pid).keys() - {last}
        assert len(workers) == 2

        server.send_signal(stop)
        server.wait()
        assert wait_for(lambda: not any(map(is_alive, [*workers, last])), 60)


def test_scheduler_can_run_elsewhere(environment):
    with running(environment | {"SCHEDULER": "0"}) as (server, url):
        assert len(children_of(server.pid)) == 2  # the workers
        assert json.loads(read(f"{url}/articles/ketamine.json"))["revision"] == 1
