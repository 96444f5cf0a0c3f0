"""nginx with deploy/nginx.conf, in which only paths and ports are others; it needs nginx and openssl."""

import re
import shutil
import socket
import subprocess
from contextlib import contextmanager

from tests.support.paths import PROJECT

from .production import wait_for

CONFIGURATION = PROJECT / "deploy" / "nginx.conf"
PLACES = "/usr/sbin:/usr/local/sbin"  # not in everybody's PATH
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def missing_programs():
    """Return a sentence about the programs that aren't installed, or ""."""
    missing = [name for name in ("nginx", "openssl") if not _found(name)]
    return f"Not installed: {', '.join(missing)}." if missing else ""


def configure(folder, *, port=443, http_port=80, upstream=8000):
    """Write our configuration into `folder`, with a certificate; returns the path of the file.

    `folder` must be open to the account that nginx runs its workers as.
    """
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=example.org"]
    files = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run([_found("openssl"), *new, *files], check=True, capture_output=True)  # noqa: S603
    text = CONFIGURATION.read_text()
    for old, changed in {
        r"/etc/nginx/tls": str(folder),
        r"/run/nginx\.pid": str(folder / "pid"),
        r"127\.0\.0\.1:8000": f"127.0.0.1:{upstream}",
        r"listen 443 ": f"listen 127.0.0.1:{port} ",
        r"listen 80 ": f"listen 127.0.0.1:{http_port} ",
        r"listen \[::\].*": "",
        r"/dev/stdout": str(folder / "access.log"),
        r"/dev/stderr": str(folder / "error.log"),
    }.items():
        text, times = re.subn(old, changed, text)
        assert times, old
    temporary = "".join(f"    {name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
    path = folder / "nginx.conf"
    path.write_text(text.replace("http {\n", "http {\n" + temporary, 1))
    return path


def check(path):
    """Return what `nginx -t` says about a configuration, asserting that it accepts it."""
    done = subprocess.run([_found("nginx"), "-t", "-c", str(path)], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stderr


@contextmanager
def running(folder, upstream):
    """Run nginx in front of the port `upstream`; yields its process and its https port.

    Its log of errors is `error.log` in `folder`. Leaves no process behind.
    """
    port, http_port = _free_ports(2)
    path = configure(folder, port=port, http_port=http_port, upstream=upstream)
    process = subprocess.Popen(  # noqa: S603
        [_found("nginx"), "-c", str(path), "-e", str(folder / "error.log"), "-g", "daemon off;"]
    )
    try:
        assert wait_for(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close() is None, 20)
        yield process, port
    finally:
        process.terminate()
        process.wait()


def _found(name):
    return shutil.which(name) or shutil.which(name, path=PLACES)


def _free_ports(number):
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    try:
        return [listener.getsockname()[1] for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()
