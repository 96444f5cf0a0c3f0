"""One at a time: after a change, a response is rendered once, while all others who want it wait."""

import fcntl
import os
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.db import connection

SLOTS = 64  # responses with the same number wait for each other, too


@contextmanager
def turn(key):
    """Keep everybody else, in any thread or process, from rendering the response under `key` until the block ends.

    The lock ends with its holder, and writes nothing to the database: most addresses that strangers think of have no
    response to be stored. SQLite is used by the processes of one machine, so it is one of the system's locks on a file.
    """
    slot = int.from_bytes(blake2b(key.encode(), digest_size=2).digest()) % SLOTS
    if connection.vendor == "postgresql":
        name = [_NAMESPACE, slot]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", name)
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", name)
        return
    file = os.open(_folder(connection.settings_dict["NAME"]) / str(slot), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


_NAMESPACE = 0x5AED  # of our advisory locks, which are the whole database's


@cache
def _folder(database):
    """Return the folder for the locks of an SQLite database, which is next to it: whoever writes to it can make this."""
    folder = Path(f"{database}-turns")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
