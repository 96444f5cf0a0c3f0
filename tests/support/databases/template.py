"""Test databases: migrated once into a template that every worker copies, on SQLite and PostgreSQL.

Migrating takes ten seconds; copying takes none. The template also contains the groups of the roles.
"""

import fcntl
import hashlib
import os
import pickle
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from articles.derived.responses import triggers
from tests.support import postgresql
from tests.support.paths import PROJECT

TEMPLATES_FOLDER = PROJECT / "var" / "tests"
# The files that define an empty database.
INGREDIENTS = (
    "*/migrations/*.py",
    "models/**/*.py",
    "**/permissions.py",
    "workflow/history/*.py",
    "derived/responses/rules.py",
    "derived/responses/triggers.py",
)

SEQUENCES = """
SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences
WHERE schemaname = 'public'
"""


def set_up():
    """Give this process a new database with all migrations and the groups."""
    if connection.vendor == "sqlite":
        _set_up_sqlite()
    else:
        _set_up_postgresql()


def tear_down():
    """Remove this process's database; the template stays."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
        postgresql.drop(_own_name())


def restore(flush):
    """Restore the initial state, even while other threads and processes use the database.

    On PostgreSQL, this means only rows and the triggers of stored responses. Without a superuser, `flush()` empties the tables.
    """
    if connection.vendor == "sqlite" or _is_superuser():
        _load(*_initial)
    else:
        flush()


def name():
    """Return the name of the template on PostgreSQL."""
    return f"tests_{_key()}"


def copy_to(path):
    """Write an SQLite file with an empty site, as `migrate` and the first start would make it in many seconds."""
    _copy(_template(), path)


def filled(make):
    """Fill the empty database by `make()` and return what that returns; later calls restore a copy of both."""
    if make in _filled:
        state, made, heads = _filled[make]
        _load(state)
        if heads:
            settings.SIGNED_HEADS_FILE.write_bytes(heads)
        return pickle.loads(made)  # noqa: S301  (our own)
    made, file = make(), settings.SIGNED_HEADS_FILE
    if connection.vendor == "sqlite" or _is_superuser():
        _filled[make] = _saved(), pickle.dumps(made), file.read_bytes() if file.exists() else b""
    return made


_filled = {}
_initial = []  # the state that the tests begin with, once there is a database


def _saved():
    """Return the database's present state, for `_load`: the path of a copy on SQLite, elsewhere its rows and numbers.

    These are {table: rows as COPY writes them} and the last numbers that its sequences have given.
    """
    if connection.vendor == "sqlite":
        path = f"{_own_name()}-{len(_initial) + len(_filled)}"
        _copy(_own_name(), path)
        return path
    with connection.cursor() as cursor:
        tables = {table: _read(cursor, table) for table in _filled_tables(cursor)}
        cursor.execute(SEQUENCES)
        return tables, cursor.fetchall()


def _load(state):
    if connection.vendor == "sqlite":
        _copy(state, _own_name())
    else:
        _load_rows(*state)


def _load_rows(tables, sequences):
    """Put rows in place of all that there are: Django's flush alone takes ten times as long."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys
        cursor.execute(f"TRUNCATE {', '.join({*_filled_tables(cursor), *tables})} CASCADE")
        for table, rows in tables.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
        cursor.executemany("SELECT setval(quote_ident(%s)::regclass, %s, %s)", sequences)
    if triggers.missing():
        triggers.install()


def _read(cursor, table):
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


def _copy(source, target):
    with closing(sqlite3.connect(source, timeout=20)) as source, closing(sqlite3.connect(target, timeout=20)) as target:
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)


@contextmanager
def rolled_back():
    """Open a transaction, or a savepoint in one, for tests that share rows; roll it back at the end and release it.

    Savepoints that are only rolled back stay open: a thousand of them, each within the one before, make PostgreSQL slow.
    """
    block = transaction.atomic()
    block._from_testcase = True  # as for a TestCase: lets durable blocks run inside
    with block:
        try:
            yield
        finally:
            transaction.set_rollback(True)


def _use(name):
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(name)


def _own_name():
    return connection.settings_dict["NAME"]


def _set_up_sqlite():
    own = settings.DATABASES["default"]["TEST"]["NAME"]
    shutil.copyfile(_template(), own)
    _use(own)
    _initial.append(_saved())  # of our own: another run may remove the template meanwhile


def _template():
    """Return the SQLite template file, making it if there is none for the current code."""
    path = TEMPLATES_FOLDER / f"{_key()}.sqlite3"
    if path.exists():
        return path
    TEMPLATES_FOLDER.mkdir(parents=True, exist_ok=True)
    with locked(TEMPLATES_FOLDER / "lock"):
        if not path.exists():
            _remove_all_but_the_lock()
            with tempfile.TemporaryDirectory(dir=TEMPLATES_FOLDER, prefix="unfinished-") as folder:
                own, unfinished = _own_name(), Path(folder, path.name)
                _use(unfinished)
                _fill()
                with connection.cursor() as cursor:
                    # A single file without a write-ahead log; whoever opens the copy turns the log on again.
                    cursor.execute("PRAGMA journal_mode=DELETE")
                _use(own)
                unfinished.rename(path)
    return path


def _remove_all_but_the_lock():
    """Remove the templates of other code, and what a run that was killed while it made one has left: files and folders."""
    for old in TEMPLATES_FOLDER.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
        elif old.name != "lock":
            old.unlink()


def _set_up_postgresql():
    template = name()
    own = f"{template}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with locked(postgresql.lock_file()):
        postgresql.ensure_server()
        if not postgresql.exists(template):
            unfinished = f"{template}_unfinished"
            postgresql.drop(unfinished)
            postgresql.create(unfinished)
            _use(unfinished)
            _fill()
            connection.close()
            connection.close_pool()
            postgresql.rename(unfinished, template)
        postgresql.create(own, template=template)
    _use(own)
    _initial.append(_saved())


def _filled_tables(cursor):
    cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
    every = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for (name,) in cursor.fetchall()]  # noqa: S608
    cursor.execute(" UNION ALL ".join(every))
    return [name for (name,) in cursor.fetchall()]


@cache
def _is_superuser():
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        return cursor.fetchone() == (True,)


def _fill():
    from articles.workflow.governance.permissions import ensure_groups

    call_command("migrate", verbosity=0, interactive=False)
    ensure_groups()


@cache
def _key():
    """Return a short digest of the files that the template is made from, as they are when the tests start.

    One of them is the signing key: what the template has signed with it is only valid with the same one.
    """
    digest = hashlib.sha256(f"{django.VERSION} {settings.INSTALLED_APPS}".encode())
    articles = PROJECT / "articles"
    files = {file for pattern in INGREDIENTS for file in [*articles.glob(pattern), *articles.glob(f"*/{pattern}")]}
    for file in sorted({*files, *articles.glob("migrations/*.py")}):
        digest.update(file.read_bytes())
    if settings.SIGNING_KEY_FILE.exists():
        digest.update(settings.SIGNING_KEY_FILE.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def locked(path: Path):
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
