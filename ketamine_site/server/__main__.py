"""Starts the server: `python -m ketamine_site.server --bind 127.0.0.1:8000`."""

import argparse
import gc
import os
import resource
import socket
import sys
import tempfile
from contextlib import ExitStack

# Before numpy is imported: its threads wouldn't survive a fork, and nothing here needs them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")

from django.core.exceptions import ImproperlyConfigured

from . import limits
from .master import Master


def main():
    parser = argparse.ArgumentParser("python -m ketamine_site.server", description=__doc__)
    parser.add_argument(
        "--bind", default="127.0.0.1:8000", help="HOST:PORT, [IPv6 address]:PORT, or fd://NUMBER of a socket"
    )
    listener = listen(parser.parse_args().bind)
    allow_open_files()

    with ExitStack() as blocks:
        try:
            run(listener, blocks)
        except ImproperlyConfigured as error:
            sys.exit(f"{error}")  # says what to set; a traceback would hide it


def run(listener, blocks):
    """Serve `listener` until told to stop; what is to be cleaned up then is added to `blocks`."""
    # Everything is imported once, before the processes are forked. It stays, so there is no garbage to look for.
    gc.disable()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    if settings.METRICS_TOKEN:  # where the workers count; before the metrics are imported
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = blocks.enter_context(tempfile.TemporaryDirectory(prefix="metrics-"))

    from .site import application
    from .worker import serve

    served = application()
    if settings.METRICS_TOKEN:
        from ketamine_site.operations.monitoring.metrics import Measured

        served = Measured(served)
    jobs = {
        f"worker {number}": lambda alive, beat: serve(served, listener, alive, beat)
        for number in range(1, settings.WORKERS + 1)
    }
    if settings.SCHEDULER:
        master = os.getpid()
        jobs["task worker"] = lambda alive, beat: call_command("run_worker", stop_with=master)
    # Processes can't share connections to the database, and a pool's threads wouldn't survive a fork.
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if connection.vendor == "postgresql":
            connection.close_pool()
    gc.collect()
    gc.freeze()  # so that the processes share the memory of what was imported
    gc.enable()
    Master(jobs).run()


def allow_open_files():
    """Raise the limit of open files, as far as allowed, to what all connections of a worker need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * limits.CONNECTIONS + limits.OTHER_FILES
    if 0 <= soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))


def listen(address):
    """Return the socket that all workers accept connections from. Exits with a message if it can't be opened."""
    if address.startswith("fd://"):
        listener = socket.socket(fileno=int(address.removeprefix("fd://")))
    else:
        host, _, port = address.rpartition(":")
        host = host.strip("[]")
        try:
            listener = socket.create_server(
                (host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=limits.QUEUE
            )
        except (OSError, ValueError, OverflowError) as error:
            sys.exit(f"The server can't listen at {address}: {error}. Choose another address, such as 127.0.0.1:8123.")
    # Accepted connections inherit these options.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, limits.STALL_SECONDS * 1000)
    return listener


if __name__ == "__main__":
    main()
