"""Test databases: migrated once into a template that every worker copies, on SQLite and PostgreSQL.

Migrating takes ten seconds; copying takes none. The template also contains the groups of the roles. Tests of migrations
copy what there was after the `EARLIER` ones, kept while SQLite's template is made.
"""

import fcntl
import hashlib
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from articles.management.commands import migrate
from tests.support import postgresql
from tests.support.databases import states
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

# The migrations from which tests migrate.
EARLIER = ("0010_plain_labels", "0011_site_history", "0026_withdrawn_recording_changes", "0037_excerpt_limit")

MAKE_TEMPLATE = """
import django
django.setup()
from tests.support.databases import template
template._template()
"""


def set_up():
    """Give this process a new database with all migrations and the groups."""
    if connection.vendor == "sqlite":
        _set_up_sqlite()
    else:
        _set_up_postgresql()


def tear_down():
    """Remove this process's database; the template stays."""
    _close()
    if connection.vendor == "postgresql":
        postgresql.drop(_own_name())


def restore(flush):
    """Restore the initial state, even while other threads and processes use the database.

    On PostgreSQL, this means only rows and the triggers of stored responses. Without a superuser, `flush()` empties the tables.
    """
    if states.can_load():
        states.load(*_initial)
    else:
        flush()


def name():
    """Return the name of the template on PostgreSQL."""
    return f"tests_{_key()}"


def copy_to(path, at=None):
    """Write an SQLite file with an empty site, as `migrate` and the first start would make it in many seconds.

    With `at`, one of `EARLIER`, as it was after that migration.
    """
    whole = _template()
    states.copy(_earlier(at) if at else whole, path)


def _earlier(at):
    return TEMPLATES_FOLDER / f"{_key()}-{at}.sqlite3"


def filled(make):
    """Fill the empty database by `make()` and return what that returns; later calls restore a copy of both."""
    if make in _filled:
        state, made, heads = _filled[make]
        states.load(state)
        if heads:
            settings.SIGNED_HEADS_FILE.write_bytes(heads)
        return pickle.loads(made)  # noqa: S301  (our own)
    made, file = make(), settings.SIGNED_HEADS_FILE
    if states.can_load():
        _filled[make] = states.saved(), pickle.dumps(made), file.read_bytes() if file.exists() else b""
    return made


_filled = {}
_initial = []  # the state that the tests begin with, once there is a database


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
    _initial.append(states.saved())  # of our own: another run may remove the template meanwhile


def _template():
    """Return the SQLite template file, making it if there is none for the current code."""
    path = TEMPLATES_FOLDER / f"{_key()}.sqlite3"
    if path.exists():
        return path
    if connection.vendor != "sqlite":  # a process without this one's address of a database makes it
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        subprocess.run([sys.executable, "-c", MAKE_TEMPLATE], cwd=PROJECT, env=environment, check=True)  # noqa: S603
        return path
    TEMPLATES_FOLDER.mkdir(parents=True, exist_ok=True)
    with locked(TEMPLATES_FOLDER / "lock"):
        if not path.exists():
            _remove_all_but_the_lock()
            with tempfile.TemporaryDirectory(dir=TEMPLATES_FOLDER, prefix="unfinished-") as folder:
                own, unfinished = _own_name(), Path(folder, path.name)
                _use(unfinished)
                _fill(keep=lambda at: states.copy(unfinished, _earlier(at)))
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
            _close()
            postgresql.rename(unfinished, template)
        postgresql.create(own, template=template)
    _use(own)
    _initial.append(states.saved())


def _close():
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def _fill(keep=lambda at: None):
    """Migrate, and `keep(at)` what there is after each of the `EARLIER` migrations."""
    from articles.workflow.governance.permissions import ensure_groups

    class Migrate(migrate.Command):
        def migration_progress_callback(self, action, migration=None, fake=False):
            if action == "apply_success" and migration.name in EARLIER:
                keep(migration.name)

    call_command(Migrate(), verbosity=0, interactive=False)
    ensure_groups()


@cache
def _key():
    """Return a short digest of the files that the template is made from, as they are when the tests start.

    One of them is the signing key: what the template has signed with it is only valid with the same one.
    """
    digest = hashlib.sha256(f"{django.VERSION} {settings.INSTALLED_APPS} {EARLIER}".encode())
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
