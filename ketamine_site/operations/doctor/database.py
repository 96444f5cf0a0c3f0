"""The database: whether it can be reached, keeps what it acknowledges, and is that of this release."""

import os
import time
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader

from ketamine_site.operations.database import is_missing, name, reason

from .types import Finding

FULL = 2  # of PRAGMA synchronous
OTHERS_READ_OR_WRITE, OTHERS_ENTER = 0o006, 0o001
LAGGING = 60  # seconds
CATCHING_UP = 2  # seconds that a replica gets to replay what the primary has written until now


def check_reachable():
    """Return a finding if no query can be made; then nothing else about the database can be checked."""
    if is_missing():
        yield Finding(
            "database",
            name(),
            "the file doesn’t exist",
            "Correct DATABASE_URL. For a new site run manage.py migrate, to get one back manage.py restore.",
        )
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        yield Finding(
            "database",
            name(),
            f"it can’t be used: {reason(error)}",
            "Start the database, correct DATABASE_URL, or let the site’s account read and write the file and its folder.",
        )


def check_migrations():
    loader = MigrationLoader(connection)
    missing = sorted(loader.graph.nodes.keys() - loader.applied_migrations.keys())
    if missing:
        yield Finding(
            "migrations",
            name(),
            f"{len(missing)} migrations of this release aren’t applied, the first is {'.'.join(missing[0])}",
            "Back up, then run: manage.py migrate",
        )
    known = {*loader.disk_migrations, *(one for each in loader.disk_migrations.values() for one in each.replaces)}
    apps = {app for app, _ in known}
    later = sorted(one for one in loader.applied_migrations.keys() - known if one[0] in apps)
    if later:
        yield Finding(
            "migrations",
            name(),
            f"it has migrations that this release doesn’t know, such as {'.'.join(later[0])}",
            "A later release has used this database. Install that release again, or restore the backup from before.",
        )


def check_sqlite():
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if mode != "wal":
        yield Finding(
            "database",
            name(),
            f"its journal mode is {mode}, so readers wait whenever somebody writes",
            "Keep the file on a local disk: network and some overlay file systems can’t have a write-ahead log (WAL).",
        )
    if synchronous < FULL:
        yield Finding(
            "database",
            name(),
            f"PRAGMA synchronous is {synchronous}, so a power cut can lose what was acknowledged",
            "Remove what sets it from the options of the database; the site sets FULL.",
        )
    path = Path(name())
    for one in (path, path.parent):
        if one.exists() and not os.access(one, os.R_OK | os.W_OK):
            yield Finding(
                "database", str(one), "the site can’t write it", f"Let the site’s account own it: chown … {one}"
            )
    is_entered = all(folder.stat().st_mode & OTHERS_ENTER for folder in path.absolute().parents)
    if path.exists() and is_entered and path.stat().st_mode & OTHERS_READ_OR_WRITE:
        yield Finding(
            "database",
            name(),
            "other accounts on this machine can read or change it, with mail addresses and password digests",
            f"Run: chmod 600 {path}",
        )


def check_postgresql():
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute(f"SHOW {setting}")
            if cursor.fetchone()[0] == "off":
                yield Finding(
                    "database",
                    f"{setting} of PostgreSQL",
                    "it is off, so a power cut can lose what was acknowledged, or the database",
                    f"Set {setting} = on in postgresql.conf and reload.",
                )
        cursor.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
        )
        free = cursor.fetchone()[0]
        cursor.execute("SHOW in_hot_standby")
        if cursor.fetchone()[0] == "on":
            remedy = "Name the primary in DATABASE_URL, and the replica in REPLICA_URL."
            yield Finding("database", "DATABASE_URL", "it is a replica, which nothing can be written to", remedy)
    wanted = (
        settings.WORKERS * settings.DATABASE_CONNECTIONS + 4
    )  # with the process of scheduler and tasks, and a command
    if free < wanted:
        yield Finding(
            "database",
            "max_connections of PostgreSQL",
            f"it leaves {free} connections, but {settings.WORKERS} workers with {settings.DATABASE_CONNECTIONS} each, "
            f"scheduler, tasks and a command may use {wanted}, on each machine",
            "Raise max_connections, or lower WORKERS or DATABASE_CONNECTIONS.",
        )


def check_replica():
    if not settings.REPLICA:
        return
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_flush_lsn() END")
        position = cursor.fetchone()[0]
    try:
        with connections[settings.REPLICA].cursor() as cursor:
            end = time.monotonic() + CATCHING_UP
            while True:
                cursor.execute(
                    "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() < %s::pg_lsn, "
                    "EXTRACT(EPOCH FROM now() - pg_last_xact_replay_timestamp())::int",
                    [position],
                )
                is_replica, is_behind, seconds = cursor.fetchone()
                if not (is_replica and is_behind) or time.monotonic() > end:
                    break
                time.sleep(0.1)
    except DatabaseError as error:
        problem = f"it can’t be used: {reason(error, connections[settings.REPLICA])}"
    else:
        if not is_replica:
            problem = "it is no replica: what is changed in the database of DATABASE_URL may never reach it"
        elif is_behind and (seconds is None or seconds > LAGGING):
            since = "it has replayed nothing" if seconds is None else f"it has replayed nothing for {seconds} seconds"
            problem = f"{since} of what the primary has written, so readers’ queries go to the primary"
        else:
            return
    remedy = "Correct REPLICA_URL, start the replica, or see its log; without one, remove REPLICA_URL."
    yield Finding("database", "REPLICA_URL", problem, remedy)


CHECKS = [check_migrations, check_sqlite, check_postgresql, check_replica]
