"""nginx serving an export, with the configuration in deploy/ but for addresses, folders and certificate."""

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from tests.support.paths import PROJECT
from tests.support.servers.production import wait_for

_FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def nginx():
    """Return the path of nginx, None if it isn’t installed."""
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")


def configuration(export, folder, port):
    """Return deploy/nginx-static.conf for the export in a folder, on a port of this machine."""
    text = (PROJECT / "deploy" / "nginx-static.conf").read_text()
    plain = re.sub(r" *listen (?:80|\[::\]:443|\[::\]:80)[^;]*;\n|.*ssl_.*\n| *return 301 .*\n", "", text)
    plain = re.sub(r" *server \{\n\s*\}\n", "", plain)
    places = "\n".join(f"{name}_temp_path {folder}/{name};" for name in _FOLDERS)
    for old, new in (
        ("/srv/export", str(export)),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        ("server_name example.org;", "server_name 127.0.0.1;"),
        ("/run/nginx.pid;", f"{folder}/pid;\ndaemon off;"),
        ("access_log /dev/stdout json;", f"access_log {folder}/access.log json;\n{places}"),
        (
            "worker_processes auto;",
            f"worker_processes 1;\n{'' if os.geteuid() else 'user root;'}",
        ),  # who made the files
    ):
        assert old in plain, old
        plain = plain.replace(old, new)
    return plain


def check(text, folder):
    """Return what `nginx -t` says of a configuration, and whether it accepts it."""
    path = Path(folder, "nginx.conf")
    path.write_text(text)
    done = subprocess.run([nginx(), "-t", "-c", str(path)], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stderr, done.returncode == 0


@contextmanager
def serving(export, folder, port):
    """Serve the export in a folder; `folder` is for nginx’s own files."""
    said, is_right = check(configuration(export, folder, port), folder)
    assert is_right, said
    errors = Path(folder, "errors")
    with errors.open("w") as stderr:
        process = subprocess.Popen([nginx(), "-c", f"{folder}/nginx.conf"], stderr=stderr)  # noqa: S603
    try:
        assert wait_for(lambda: Path(folder, "pid").read_text().strip(), 60), errors.read_text()
        yield
    finally:
        process.terminate()
        process.wait()
