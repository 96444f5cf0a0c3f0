"""Another process that has the test database open, as a server has."""

import os
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import connection

OPENED = {
    "sqlite": "import sqlite3; held = sqlite3.connect({name!r}); held.execute('SELECT 1 FROM sqlite_master').fetchall()",
    "postgresql": "import psycopg; held = psycopg.connect({name!r})",
}


@contextmanager
def opened_elsewhere(name=None):
    """Have another process keep a connection to the database with a `name`, by default that of the tests."""
    vendor, name = connection.vendor, name or connection.settings_dict["NAME"]
    if vendor == "postgresql":
        name = urlsplit(os.environ["DATABASE_URL"])._replace(scheme="postgresql", path=f"/{name}").geturl()
    code = f"{OPENED[vendor].format(name=str(name))}\nprint(flush=True)\ninput()"
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout.readline() == b"\n"
        yield process
    finally:
        process.communicate(b"\n", timeout=20)
