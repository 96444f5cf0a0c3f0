"""Takes a measurement in a process of its own, with a database and a key of its own."""

import multiprocessing
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor


def run_separately(measure, size):
    """Return `measure(size)`; the process imports Django anew, and what it has written is deleted."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool,
    ):
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["SIGNING_KEY_FILE"] = f"{folder}/key.pem"
        return pool.submit(measure, size).result()
