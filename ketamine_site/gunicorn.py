"""Gunicorn settings for one machine, including the scheduler: gunicorn -c ketamine_site/gunicorn.py."""

import os
import subprocess
import sys
from pathlib import Path

wsgi_app = "ketamine_site.wsgi"
workers = 2
threads = 4
loglevel = "warning"

PROJECT = Path(__file__).resolve().parent.parent


def when_ready(server):
    """Start the scheduler under its supervisor, unless SCHEDULER=0: before the first fork, in the master's only thread.

    In a session of its own, so that it stops after the server and not by the terminal's Ctrl+C.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")
    from django.conf import settings

    server.scheduler = None
    if settings.SCHEDULER:
        command = [sys.executable, "-m", "ketamine_site.supervisor", str(server.pid)]
        server.scheduler = subprocess.Popen(command, cwd=PROJECT, start_new_session=True)  # noqa: S603


def on_exit(server):
    """Stop the scheduler with the server."""
    if server.scheduler is not None:
        server.scheduler.terminate()
        server.scheduler.wait()
