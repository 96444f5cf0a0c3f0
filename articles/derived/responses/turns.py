"""One at a time: after a change, a response is rendered once, while all others who want it wait."""

import fcntl
import os
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.db import OperationalError, connection

PATIENCE = 10  # seconds, after which PostgreSQL's lock isn't waited for any longer, and a response is rendered twice
SLOTS = 64  # responses with the same number wait for each other, too


@contextmanager
def turn(key):
    """Keep everybody else, in any thread or process, from rendering the response under `key` until the block ends.

    The lock ends with its holder, and writes nothing to the database: most addresses that strangers think of have no
    response to be stored. SQLite is used by the processes of one machine, so it is one of the system's locks on a file.
    """
    slot = int.from_bytes(blake2b(key.encode(), digest_size=2).digest()) % SLOTS
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            is_locked = _lock(cursor, slot)
            try:
                yield
            finally:
                if is_locked:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_NAMESPACE, slot])
        return
    file = os.open(_folder(connection.settings_dict["NAME"]) / str(slot), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _lock(cursor, slot):
    """Wait for PostgreSQL's lock, and return whether we got it: a machine that is cut off may keep it for a while."""
    try:
        cursor.execute(
            f"SET lock_timeout = '{PATIENCE}s'; SELECT pg_advisory_lock({_NAMESPACE}, {slot}); RESET lock_timeout"
        )
    except OperationalError:
        return False
    return True


_NAMESPACE = 0x5AED  # of our advisory locks, which are the whole database's


@cache
def _folder(database):
    """Return the folder for the locks of an SQLite database, which is next to it: whoever writes to it can make this."""
    folder = Path(f"{database}-turns")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
