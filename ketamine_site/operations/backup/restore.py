"""Restores a backup. Nothing is changed until the whole archive has been verified and everything in it is loaded."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection

from ketamine_site.operations import database, in_use

from . import databases, media, newer
from .archive import DESCRIPTION, MEDIA, SETTINGS, BackupError, Reader


def restore(path, *, replace=False, discard_newer=False, report=lambda line: None):
    """Restore the backup at `path` and return its description, a dictionary.

    `replace` deletes what the site has; without it, the site must be empty. What is newer than the backup is only deleted
    with `discard_newer`. Calls `report` with a line if a server still runs, and for what is newer and gets lost.
    Raises `BackupError` and `OSError`.
    """
    path = Path(path)
    with path.open("rb") as file:
        reader = Reader(file, path.name)
        description, sizes = reader.verify()
        databases.require_fitting(description)
        if not replace:
            _require_empty()
        _require_space(sizes)
        _require_nobody_else(report)
        if replace:
            _require_nothing_newer(description, discard_newer, report)
        try:
            _load(reader, description)
        except DatabaseError as error:
            raise BackupError(
                f"The database doesn’t take the backup: {str(error).strip()}. Nothing was changed. Correct this, then "
                "restore again."
            ) from error
    connection.close()
    _migrate()
    try:
        cache.clear()
    except Exception as error:
        raise BackupError(f"Everything is restored, but the cache can’t be emptied: {error}. Empty it.") from error
    return description


def _migrate():
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except Exception as error:
        raise BackupError(
            f"The backup is restored, but not brought up to date: {str(error).strip()}. Correct this, then run manage.py "
            "migrate; or install the release that made it, which can use it as it is."
        ) from error


def _load(reader, description):
    with ExitStack() as blocks:
        staging = blocks.enter_context(media.Staging())
        with databases.current().loading(description) as load:
            for name, member in reader.members():
                if name.startswith(MEDIA):
                    staging.add(name.removeprefix(MEDIA), member)
                elif name not in {DESCRIPTION, SETTINGS}:
                    load(name, member)
        staging.replace()


def _require_empty():
    if table := databases.used_table():
        raise BackupError(
            f"This site isn’t empty: there are rows in {table}. Nothing was changed. To delete its articles, accounts and uploads and put the backup "
            "in their place, stop the server, back it up, and add --replace."
        )
    if found := next(media.files(), None):
        empty = "MEDIA_BUCKET" if media.root() is None else "MEDIA_ROOT"
        raise BackupError(
            f"There are uploads in {media.place()}, such as {found[0]}. Nothing was changed. Choose an empty {empty}, or "
            "add --replace, which deletes them."
        )


def _require_nobody_else(report):
    """Report who else uses the database: a server goes on with what it has read of the site that is replaced."""
    if not database.is_missing() and (others := in_use.others(connection)):
        report(f"Something else has the database {database.name()} open: {others}. Stop the server before you restore.")


def _require_nothing_newer(description, discard_newer, report):
    """Report what the site has that the backup lacks. Raises `BackupError` if there is any, unless it may be discarded."""
    try:
        lost = newer.since(newer.moment_of(description)) if databases.used_table() else []
    except DatabaseError as error:  # of an earlier release, or broken, which may be why it is replaced
        lost = [f"unknown, because its tables can’t be read: {database.reason(error)}"]
    if not lost:
        return
    report(f"This site has what the backup of {newer.shown(description)} lacks, and what a restore deletes:")
    for line in lost:
        report(f"  {line}")
    if not discard_newer:
        raise BackupError(
            "Nothing was changed. Keep a copy of what is newer: stop the server, then run manage.py backup FILE. To delete "
            "it, add --discard-newer to --replace."
        )


def _require_space(sizes):
    """Raise `BackupError` if what the archive has doesn't fit in."""
    uploads = media.root() or Path(tempfile.gettempdir())  # where they wait
    places = [(uploads, sum(size for name, size in sizes.items() if name.startswith(MEDIA)))]
    if connection.vendor == "sqlite":  # once beside the database, and once in it
        database = sum(size for name, size in sizes.items() if not name.startswith(MEDIA))
        places.append((Path(connection.settings_dict["NAME"]).absolute(), 2 * database))
    needed = {}
    for path, size in places:
        folder = next(one for one in (path, *path.parents) if one.is_dir())
        device = folder.stat().st_dev
        needed[device] = folder, needed.get(device, (folder, 0))[1] + size
    for folder, size in needed.values():
        if (free := shutil.disk_usage(folder).free) < size:
            raise BackupError(
                f"The backup needs {size >> 20} MB at {folder}, where {free >> 20} MB are free. Nothing was changed. Make "
                "room, then restore again."
            )
