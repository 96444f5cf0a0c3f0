"""The server as `make run` starts it: gunicorn, with its data in a separate folder and static files collected."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.support.paths import PROJECT

SECONDS = 60


def environment_in(folder, **more):
    """Return the environment of a site whose database and uploads are in `folder`."""
    return (
        os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
            "SECRET_KEY": "x" * 60,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "MEDIA_ROOT": str(Path(folder, "media")),
        }
        | more
    )


def manage(environment, *arguments):
    """Return the output of a manage.py command, asserting that it succeeds."""
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


def wait_for(condition, seconds):
    """Return whether `condition` came true within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def read(address):
    with urllib.request.urlopen(address, timeout=10) as response:  # noqa: S310
        return response.read().decode()


@contextmanager
def serving(environment):
    """Run a server with `environment` and yield its URL."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "gunicorn", "-c", "ketamine_site/gunicorn.py", f"--bind=127.0.0.1:{port}"],
        cwd=PROJECT,
        env=environment,
    )
    try:
        assert wait_for(lambda: read(f"http://127.0.0.1:{port}/"), SECONDS)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
