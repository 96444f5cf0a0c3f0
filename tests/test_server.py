"""The server that `make run` starts, asked over HTTP."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
SCHEDULE = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from articles import workflow
from articles.models import Revision
waiting = Revision.objects.get(number=2)
by = User.objects.get(username="moderator")
workflow.approve(waiting, by=by)
workflow.schedule(waiting, by=by, publish_at=timezone.now() + timedelta(seconds=1))
"""


@pytest.fixture
def environment(tmp_path):
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "MEDIA_ROOT": str(tmp_path / "media"),
    }


def manage(environment, *arguments):
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def server(environment):
    """The address of the server, set up as `make run` does it, with a revision that is due in a second."""
    printed = manage(environment, "prepare_demo")
    assert re.findall(r"^  (\w+) ", printed, re.MULTILINE) == ["admin", "editor", "moderator"]
    assert manage(environment, "prepare_demo") == ""
    manage(environment, "shell", "--no-imports", "-c", SCHEDULE)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "gunicorn", "-c", "ketamine_site/gunicorn.py", f"--bind=127.0.0.1:{port}"],
        cwd=PROJECT,
        env=environment,
    )
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


def read(address):
    with urllib.request.urlopen(address, timeout=10) as response:  # noqa: S310
        return response.read().decode()


def wait_for(condition, seconds):
    """Whether `condition` came true in time; the bound is the promise, not a speed that is measured."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def test_the_server_serves_the_article_and_publishes_what_is_due(server):
    article = f"{server}/articles/ketamine/"

    assert wait_for(lambda: 'data-revision="' in read(article), 60)
    html = read(article)
    assert html.count("<section id=") == 9
    assert html.count('class="citation"') in {8, 9}  # before and after the scheduled revision
    style = re.search(r'href="(/static/css/site\.[0-9a-f]+\.css)"', html)[1]
    assert "@layer" in read(server + style)
    assert wait_for(lambda: 'data-revision="2"' in read(article), 60)
    assert read(article).count('class="citation"') == 9
