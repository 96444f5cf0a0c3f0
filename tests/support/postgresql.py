"""Run pytest on a temporary PostgreSQL server: `python -m tests.support.postgresql ARGUMENT…`

The arguments are pytest's. The server starts with the first test that needs a database, so other selections don't wait
for it. It is thrown away afterwards, so it needn't write durably.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, urlsplit

FOLDER = "TESTS_POSTGRESQL"  # the environment variable with the server's folder
TEMPORARY = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=256MB",
    "autovacuum=off",  # it would count no rows while a test's transaction is open, and queries would be planned for none
]
MEMORY = Path("/dev/shm")  # noqa: S108  (a file system in memory, if there is one)
ROOM = 2**30  # bytes needed; containers often have less
MISSING = "PostgreSQL isn't installed (Debian: apt-get install postgresql): its tests did NOT run."


def main(arguments):
    if programs() is None:
        print(MISSING, file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir=MEMORY if _has_room(MEMORY) else None))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if os.geteuid() == 0:  # the server refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    os.environ[FOLDER] = str(folder)
    os.environ["DATABASE_URL"] = f"postgres://postgres@{quote(str(folder), safe='')}/postgres"
    try:
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode  # noqa: S603
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            _run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _has_room(folder):
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM


def programs():
    """Return the folder of PostgreSQL's server programs, or None."""
    if pg_ctl := shutil.which("pg_ctl"):
        return Path(pg_ctl).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return debian[-1].parent if debian else None


def lock_file():
    """Return the file that a worker locks while it starts the server or makes a database."""
    return Path(os.environ.get(FOLDER, tempfile.gettempdir()), "tests.lock")


def ensure_server():
    """Start this run's server unless another worker has; does nothing if DATABASE_URL names another server."""
    folder = os.environ.get(FOLDER)
    if folder is None or Path(folder, "data", "postmaster.pid").exists():
        return
    _run("initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8")
    options = " ".join(f"-c {option}" for option in TEMPORARY)
    _run("pg_ctl", "-o", f"-c listen_addresses= -k {folder} {options}", "-l", f"{folder}/log", "-w", "start")


def exists(name):
    return bool(_execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]))


def create(name, template="template0"):
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop(name):
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def rename(old, new):
    _execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def _execute(statement, values=None):
    import psycopg

    address = urlsplit(os.environ["DATABASE_URL"])._replace(scheme="postgresql").geturl()
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def _run(program, *arguments):
    folder = Path(os.environ[FOLDER])
    account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run(  # noqa: S603
        [programs() / program, "-D", folder / "data", *arguments],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        **account,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
