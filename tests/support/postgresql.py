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
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.support.servers.production import children_of

FOLDER = "TESTS_POSTGRESQL"  # the environment variable with the server's folder
TEMPORARY = [
    "fsync=off",
    "max_locks_per_transaction=256",  # tests of every column lock every table, in several processes at once
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=256MB",
    "autovacuum=off",  # it would count no rows while a test's transaction is open, and queries would be planned for none
]
# Of a server that has a replica.
REPLICATED = ["fsync=off", "wal_level=replica", "max_wal_senders=4", "hot_standby=on", "log_statement=all"]
MEMORY = Path("/dev/shm")  # noqa: S108  (a file system in memory, if there is one)
ROOM = 2**30  # bytes needed; containers often have less
MISSING = "PostgreSQL isn't installed (Debian: apt-get install postgresql): its tests did NOT run."


def main(arguments):
    if programs() is None:
        print(MISSING, file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with temporary_folder() as folder:
        os.environ[FOLDER] = str(folder)
        os.environ["DATABASE_URL"] = Server(folder).address("postgres")
        try:
            return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode  # noqa: S603
        finally:
            Server(folder).stop()


@contextmanager
def temporary_folder():
    """Yield a new folder, in memory if there is room, that the account of PostgreSQL owns."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir=MEMORY if _has_room(MEMORY) else None))
    try:
        if os.geteuid() == 0:  # the server refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield folder
    finally:
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
    server = Server(Path(folder))
    server.create()
    server.start()


class Server:
    """A server with its data in `folder`, which must belong to PostgreSQL's account; it listens on a socket there."""

    def __init__(self, folder, options=TEMPORARY):
        self.folder, self.options = folder, options

    def address(self, database):
        return f"postgres://postgres@{quote(str(self.folder), safe='')}/{database}"

    def create(self):
        self._run("initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8")

    def copy_of(self, primary):
        """Make this server a replica of another one."""
        self._run("pg_basebackup", "-h", primary.folder, "-U", "postgres", "-R", "--checkpoint=fast", "--no-sync")

    def start(self):
        options = " ".join(f"-c {option}" for option in self.options)
        self._control("start", "-o", f"-c listen_addresses= -k {self.folder} {options}")

    def stop(self):
        if (self.folder / "data" / "postmaster.pid").exists():
            self._control("stop", "-m", "immediate")

    def restart(self):
        self._control("restart", "-m", "fast")

    def signal(self, number):
        """Send a signal to all of the server's processes."""
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        for pid in [*children_of(main), main]:
            os.kill(pid, number)

    def _control(self, action, *arguments):
        self._run("pg_ctl", action, "-w", "-l", self.folder / "log", *arguments)

    def _run(self, program, *arguments):
        account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(  # noqa: S603
            [programs() / program, "-D", self.folder / "data", *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            **account,
        )


def exists(name):
    return bool(_execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]))


def create(name, template="template0"):
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop(name):
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def rename(old, new):
    _execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def dump(name, path):
    """Write the database with a `name` to a file, for `load`."""
    _run_client("pg_dump", "--no-owner", f"--file={path}", name)


def load(name, path):
    """Create a database as it was dumped."""
    create(name)
    _run_client("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={path}", name)


def _run_client(program, *options_and_name):
    *options, name = options_and_name
    address = urlsplit(os.environ["DATABASE_URL"])._replace(scheme="postgresql", path=f"/{name}").geturl()
    subprocess.run([programs() / program, *options, f"--dbname={address}"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _execute(statement, values=None):
    return query(os.environ["DATABASE_URL"], statement, values)


def query(address, statement, values=None):
    """Return the rows of a statement in the database at `address`."""
    import psycopg

    with psycopg.connect(urlsplit(address)._replace(scheme="postgresql").geturl(), autocommit=True) as connection:
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
