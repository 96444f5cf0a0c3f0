"""Makes a backup: the database first, then the uploads, so that every upload that the database names is there."""

import json
import os
import re
import shutil
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.db import connection

from . import databases, environment, media
from .archive import DESCRIPTION, FORMAT, MEDIA, SETTINGS, VERSION, BackupError, Reader, Writer

NAME = re.compile(r"backup-\d{8}T\d{6}Z\.tar\.gz")  # in a folder; by the time, so that they sort
UNFINISHED = ".backup-"  # the start of the names of temporary folders
STALE_SECONDS = 24 * 3600


def create(target, *, keep=None, report=lambda line: None):
    """Write a backup to `target`, or to a new file in it if it is a folder; return its path.

    `keep` is the number of backups that stay in the folder. Calls `report` with a line for everything that couldn't be
    backed up. Raises `BackupError` and `OSError`, and leaves nothing behind then.
    """
    target = Path(target)
    folder = target if target.is_dir() else target.parent
    if keep is not None and not target.is_dir():
        raise BackupError(
            f"--keep is for a folder of backups, and {target} isn’t a folder. Make it, or leave out --keep."
        )
    if target.is_dir():
        target /= f"backup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar.gz"
    if target.exists():
        raise BackupError(f"{target} exists already. Give another name, or a folder.")
    if not target.name.endswith((".tar.gz", ".tgz")):
        raise BackupError(f"There is no folder {target}. Make it, or give the name of a file, which ends in .tar.gz.")
    _remove_stale(folder)
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=folder) as temporary:
        unfinished = Path(temporary, "archive")
        # It has addresses of people and digests of passwords: only its owner may read it.
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            _write(file, temporary, report)
            file.flush()
            os.fsync(file.fileno())
            Reader(file, target.name).verify()
        unfinished.rename(target)
    if keep is not None:
        for old in backups_in(folder)[:-keep]:
            old.unlink()
    return target


def backups_in(folder):
    """Return the backups in a folder, oldest first: files with the names that `create` gives."""
    return sorted(path for path in Path(folder).iterdir() if NAME.fullmatch(path.name) and path.is_file())


def _write(file, temporary, report):
    archive, made_at = Writer(file), datetime.now(UTC)  # before its state: what is newer isn't in it
    with databases.current().snapshot(temporary) as (details, members):
        left_out = details.pop("left_out", [])
        archive.add_text(DESCRIPTION, _description(details | {"made_at": made_at.isoformat()}))
        archive.add_text(SETTINGS, environment.without_secrets())
        for name, path in members:
            with path.open("rb") as member:
                archive.add(name, member, path.stat().st_size)
    for table in left_out:
        report(f"Not backed up: the table {table}, which isn’t the site’s.")
    for name, is_file in media.files():
        if not is_file:
            report(f"Not backed up: {media.place()}/{name}, which isn’t a file.")
            continue
        try:
            member, size = media.opened(name)
        except FileNotFoundError:  # erased since the folder was read
            report(f"Not backed up: {media.place()}/{name}, which was deleted meanwhile.")
            continue
        with member:
            archive.add(f"{MEDIA}{name}", member, size)
    return archive.finish()


def _description(details):
    try:
        release = version("ketamine-site")
    except PackageNotFoundError:
        release = "unknown"
    about = {
        "format": FORMAT,
        "version": VERSION,
        "release": release,
        "database": connection.vendor,
    }
    return json.dumps(about | details, indent=1)


def _remove_stale(folder):
    """Remove what backups left that were killed."""
    for path in folder.glob(f"{UNFINISHED}*"):
        if path.is_dir() and time.time() - path.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
