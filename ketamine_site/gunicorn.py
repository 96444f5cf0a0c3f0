"""How gunicorn serves the site on one machine, scheduled publishing included: gunicorn -c ketamine_site/gunicorn.py."""

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
    """Publish what is due, for as long as the server runs: a thread of its master, which ends with it."""
    threading.Thread(target=_publish_due, daemon=True).start()


def _publish_due():
    while True:
        # A process of its own: the master holds no connection to the database that its workers would inherit.
        subprocess.run([sys.executable, "manage.py", "publish_due", "--verbosity", "0"], check=False)
        time.sleep(EVERY_SECONDS)
