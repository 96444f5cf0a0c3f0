"""Runs what a benchmark measures in a process of its own, with its own database and Django's settings."""

import multiprocessing
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

BENCH = Path(__file__).parent


def configure():
    """Set the environment of the processes that use Django, and make the project and `fill` importable in them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")
    os.environ.setdefault("SECRET_KEY", "benchmark-" + "x" * 50)
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1")
    sys.path[:0] = [str(BENCH.parent), str(BENCH)]


def on_new_site(measure, *arguments):
    """Return what `measure(*arguments, folder)` does with a new SQLite database, in a new folder that is deleted then."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SIGNING_KEY_FILE"] = f"{folder}/key.pem"
        return on_database(f"sqlite:///{folder}/site.sqlite3", measure, *arguments, folder)


def on_database(address, measure, *arguments):
    """Return what `measure(*arguments)` does with the database of this address."""
    os.environ["DATABASE_URL"] = address
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()
