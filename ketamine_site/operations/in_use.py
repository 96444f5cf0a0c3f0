"""Who else has a database open, as far as that can be known: a server that should be stopped first."""

import fcntl
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path

from articles.core.parsing.numbers import counted

# Each connection to a SQLite database with a write-ahead log holds a lock on this byte of the file beside it
# (https://sqlite.org/walformat.html, “WAL locks”: the dead-man-switch).
HELD_BYTE = 128
LOCK = "hhqqi4x"  # Linux's struct flock: type, whence, start, length, process
OTHERS = """
SELECT pid, usename, host(client_addr) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY pid
"""


def others(connection):
    """Return in words who else has the database of a `connection` open, "" if nobody is known to.

    A connection to SQLite is closed by that, so it mustn't be in a transaction.
    """
    return _of_postgresql(connection) if connection.vendor == "postgresql" else _of_sqlite(connection)


def _of_postgresql(connection):
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        rows = cursor.fetchall()
    own = connection.pool.get_stats()["pool_size"] - 1 if connection.pool else 0
    if len(rows) <= own:
        return ""
    pid, user, host = rows[-1]
    return f"{counted(len(rows) - own, 'other connection')}, such as {pid} of {user} from {host or 'this host'}"


def _of_sqlite(connection):
    connection.close()  # closing the file below would give its lock free, too
    path = Path(f"{connection.settings_dict['NAME']}-shm")
    if sys.platform != "linux":
        return ""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:  # there is none while nobody has it open
        return ""
    try:
        asked = struct.pack(LOCK, fcntl.F_WRLCK, os.SEEK_SET, HELD_BYTE, 1, 0)
        kind, *_, pid = struct.unpack(LOCK, fcntl.fcntl(file, fcntl.F_GETLK, asked))
    finally:
        os.close(file)
    return "" if kind == fcntl.F_UNLCK else _process(pid)


def _process(pid):
    command = b""
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    shown = command.replace(b"\0", b" ").decode(errors="replace").strip()[:120]
    return f"process {pid}" + (f" ({shown})" if shown else "") if pid else "another process"
