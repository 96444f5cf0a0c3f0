"""Gunicorn settings for one machine, including the scheduler: gunicorn -c ketamine_site/gunicorn.py."""

import os
import sys
from pathlib import Path

from ketamine_site.supervisor import Supervisor

wsgi_app = "ketamine_site.wsgi"
workers = 2
threads = 4
loglevel = "warning"
# Its path is the same for all servers of a user, and its thread would disturb the forks of the master process.
control_socket_disable = True

PROJECT = Path(__file__).resolve().parent.parent


def when_ready(server):
    """Start the scheduler, unless SCHEDULER=0."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")
    from django.conf import settings

    server.scheduler = None
    if settings.SCHEDULER:
        command = [sys.executable, str(PROJECT / "manage.py"), "run_scheduler", f"--stop-with={server.pid}"]
        server.scheduler = Supervisor(command, PROJECT)
        server.scheduler.start()


def on_exit(server):
    """Stop the scheduler with the server."""
    if server.scheduler is not None:
        server.scheduler.stop()
