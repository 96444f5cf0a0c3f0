"""The server as `make run` starts it: granian, with its data in a separate folder and static files collected."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.paths import PROJECT

SECONDS = 60


def environment_in(folder, **more):
    """Return the environment of a site whose database, uploads and static files are in `folder`."""
    return (
        os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
            "SECRET_KEY": "x" * 60,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{Path(folder, 'db.sqlite3')}",
            "MEDIA_ROOT": str(Path(folder, "media")),
            "STATIC_ROOT": str(Path(folder, "static")),
            "SIGNING_KEY_FILE": str(Path(folder, "signing-key.pem")),
            "SIGNED_HEADS_FILE": str(Path(folder, "signed-heads.txt")),
        }
        | more
    )


def manage(environment, *arguments, project=PROJECT):
    """Return the output of a manage.py command of the release in `project`, asserting that it succeeds."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# Each command ends a process of its own as it would end any other, but Django is imported only once.
FORKING = """
import gc, json, os, sys, tempfile
gc.disable()  # what is imported stays
sys.path[0] = os.getcwd()
import django
from ketamine_site.__main__ import main
django.setup()
gc.freeze()
gc.enable()
done = []
for folder, arguments in json.loads(sys.argv[1]):
    out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        sys.argv = ["manage.py", *arguments]
        sys.exit(main())
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    done.append([code, *(os.pread(file.fileno(), 10**6, 0).decode() for file in (out, err))])
print(json.dumps(done))
"""


def manage_each(environment, commands, folders=(PROJECT,)):
    """Return (exit code, output, errors) of each of several commands of manage.py, lists of their arguments.

    They run in each of the folders; with the environment in "", these are sites of their own.
    """
    runs = [(str(folder), command) for folder in folders for command in commands]
    arguments = [sys.executable, "-c", FORKING, json.dumps(runs)]
    done = subprocess.run(arguments, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    return json.loads(done.stdout)


def manage_all(environment, *commands):
    """Return the outputs of several commands of manage.py, one after the other, asserting that each succeeds."""
    done = manage_each(environment, commands)
    assert [code for code, *_ in done] == [0] * len(commands), done
    return [out for _, out, _ in done]


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


COMMAND = ["ketamine_site.server", "--bind"]  # as the Makefile's `run` has it


@contextmanager
def running(environment, ready="/", project=PROJECT, python=sys.executable, **popen):
    """Run a server with `environment`; yields its process and its URL once it answers at the path `ready`.

    `project` is the folder of a release, and `python` the interpreter that runs it. `popen` is passed on to `subprocess.Popen`. Leaves no process behind.
    """
    # The server inherits the bound socket, so that no other server can take its port in between.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = subprocess.Popen(  # noqa: S603
            [python, "-m", *COMMAND, f"fd://{listener.fileno()}"],
            cwd=project,
            env=environment,
            pass_fds=[listener.fileno()],
            **popen,
        )
        url = "http://{}:{}".format(*listener.getsockname())
    try:
        assert wait_for(lambda: read(url + ready), SECONDS)
        yield process, url
    finally:
        process.terminate()
        process.wait()


# Servers like any other, several at once, but what they import is imported once.
FORKING_SERVERS = """
import json, os, signal, sys
sys.path[0] = os.getcwd()
from ketamine_site.server import __main__, site, worker
import ketamine_site.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
for sites in json.loads(sys.argv[1]):
    servers = []
    for folder, listener in sites:
        server = os.fork()
        if server == 0:
            os.chdir(folder)
            sys.argv = ["server", "--bind", f"fd://{listener}"]
            __main__.main()
            sys.exit()
        servers.append(server)
    sys.stdin.readline()
    for server in servers:
        os.kill(server, signal.SIGTERM)
    if any([os.waitpid(server, 0)[1] for server in servers]):
        sys.exit("A server failed.")
"""


@contextmanager
def serving_each(environment, groups):
    """Yield an iterator of lists of URLs, those of the servers of each group of folders; the next group replaces them.

    With the `environment` in "", the folders are sites of their own. Asserts that each server ends well.
    """
    with ExitStack() as blocks:
        listeners = [[blocks.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in group] for group in groups]
        numbers = [[listener.fileno() for listener in group] for group in listeners]
        sites = [list(zip(map(str, group), fds, strict=True)) for group, fds in zip(groups, numbers, strict=True)]
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", FORKING_SERVERS, json.dumps(sites)],
            cwd=PROJECT,
            env=environment,
            pass_fds=[number for group in numbers for number in group],
            stdin=subprocess.PIPE,
            text=True,
        )

        def urls():
            for group in listeners:
                yield ["http://{}:{}".format(*listener.getsockname()) for listener in group]
                print(file=process.stdin, flush=True)

        try:
            yield urls()
        finally:
            process.stdin.close()
            process.wait()
        assert process.returncode == 0


@contextmanager
def serving(environment, **options):
    """Run a server with `environment`, and what `running` takes; yield its URL."""
    with running(environment, **options) as (_, url):
        yield url


def children_of(pid):
    """Return {process id: name} of the child processes of `pid`."""
    lines = subprocess.run(  # noqa: S603
        ["ps", "--ppid", str(pid), "-o", "pid=,comm="],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    return {int(child): name for child, name in (line.split(maxsplit=1) for line in lines)}


def memory_of(pids):
    """Return the memory of processes in bytes."""
    status = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
    return sum(int(re.search(r"VmRSS:\s+(\d+)", text)[1]) * 1024 for text in status)
