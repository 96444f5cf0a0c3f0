"""Gunicorn settings for one machine, including scheduled publishing: gunicorn -c ketamine_site/gunicorn.py."""

import subprocess
import sys
import threading
import time

wsgi_app = "ketamine_site.wsgi"
workers = 2
threads = 4
loglevel = "warning"

EVERY_SECONDS = 30


def when_ready(server):
    """Publish scheduled revisions while the server runs, in a daemon thread of its master process."""
    threading.Thread(target=_publish_due, daemon=True).start()


def _publish_due():
    while True:
        # In a process of its own, so that the master never opens a database connection for workers to inherit.
        subprocess.run([sys.executable, "manage.py", "publish_due", "--verbosity", "0"], check=False)
        time.sleep(EVERY_SECONDS)
