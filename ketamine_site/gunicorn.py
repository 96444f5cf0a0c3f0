"""How gunicorn serves the site on one machine, scheduled publishing included: gunicorn -c ketamine_site/gunicorn.py."""

import subprocess
import sys

wsgi_app = "ketamine_site.wsgi"
workers = 2
threads = 4
loglevel = "warning"

_timer = None


def when_ready(server):
    """Publish what is due twice a minute, for as long as the server runs."""
    global _timer
    _timer = subprocess.Popen([sys.executable, "manage.py", "publish_due", "--every", "30"])


def on_exit(server):
    if _timer is not None:
        _timer.terminate()
