"""SQLite: the database is copied page by page, as one state of it, while others read and write."""

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from .archive import SQLITE, BackupError

BUSY_SECONDS = 60


@contextmanager
def snapshot(folder):
    """Yield what to describe the database with, and (member's name, path) of its copy in `folder`."""
    path = Path(folder, SQLITE)
    if not _file().exists():
        raise BackupError(f"There is no database {_file()}. Correct DATABASE_URL.")
    _copy(_file(), path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")  # a single file, without a write-ahead log
        # Of the copy: another one may have been applied since.
        try:
            rows = database.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
        except sqlite3.DatabaseError as error:
            raise BackupError(
                f"{_file()} isn’t a database of this site: {error}. Correct DATABASE_URL, or run manage.py migrate."
            ) from error
    yield {"migrations": [list(row) for row in rows]}, [(SQLITE, path)]


@contextmanager
def loading(description):
    """Yield a function that takes (member's name, file); the database is replaced when the block ends without an error.

    Raises `BackupError` if what was loaded isn't a sound database, and leaves the site's as it was.
    """
    target = _file()
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f"{target.name}.restoring")

    def load(name, file):
        with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as copy:
            shutil.copyfileobj(file, copy, 1 << 20)

    try:
        yield load
        if not staged.exists():
            raise BackupError("The backup has no database. Nothing was changed. Use another one.")
        _require_sound(staged)
        connection.close()
        os.close(os.open(target, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite would let others read a new one
        _copy(staged, target)
    finally:
        staged.unlink(missing_ok=True)


def _file():
    return Path(connection.settings_dict["NAME"])


def _copy(source, target):
    """Replace the database `target` by the state that `source` has now, in one transaction. Raises `BackupError`."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as state,
            closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as copy,
        ):
            state.backup(copy)
    except sqlite3.Error as error:
        raise BackupError(
            f"The database {source} can’t be copied to {target}: {error}. Correct this, then try again."
        ) from error


def _require_sound(path):
    try:
        with closing(sqlite3.connect(path)) as database:
            [(answer,), *_] = database.execute("PRAGMA integrity_check(1)").fetchall()
            orphans = database.execute("PRAGMA foreign_key_check").fetchmany(1)
    except sqlite3.DatabaseError as error:
        answer, orphans = str(error), []
    if answer != "ok" or orphans:
        problem = (
            answer if answer != "ok" else f"a row of {orphans[0][0]} refers to one of {orphans[0][2]} that is gone"
        )
        raise BackupError(
            f"The backup’s database was broken when it was backed up ({problem}). Nothing was changed. Use an earlier backup."
        )
