"""The site's database in the words of commands: what it is called, and why it can't be used."""

import re
import sqlite3
from pathlib import Path

from django.db import DatabaseError, DataError, IntegrityError, ProgrammingError, connection

MISSING = re.compile(r"no such (table|column)|has no column named|relation .* does not exist|column .* does not exist")
# What to do, by what SQLite and PostgreSQL say.
REMEDIES = [
    (
        MISSING,
        (
            "It doesn’t have the tables of this release: back it up, then run manage.py migrate. If it is the wrong "
            "database, correct DATABASE_URL"
        ),
    ),
    (re.compile("locked"), "Something else is writing to it: wait until that has ended, then run this again"),
    (re.compile("disk is full|disk I/O error|No space left"), "Make room on its disk, then run this again"),
]


def name():
    """Return the database’s name without its password."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(values["NAME"])
    host = values["HOST"] or "this host"
    return f"{values['NAME']} at {host}" + (f":{values['PORT']}" if values["PORT"] else "")


def is_missing():
    """Whether the database is a file that isn't there; connecting would create it."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return False
    return _is_missing(Path(connection.settings_dict["NAME"]))


def _is_missing(path):
    try:
        return not path.exists()
    except PermissionError:  # to enter a folder above it: nobody knows
        return False


def reason(error, of=None):
    """Return in one line why the database, or that of another connection, can't be used, without its full stop."""
    if (of or connection).vendor == "postgresql":
        error = _without_pool(error, of or connection)
    return str(error).strip().partition("\n")[0].rstrip(".")


def problem(error):
    """Return what is wrong, where, and what to do, in sentences; None if the fault is the program's."""
    is_missing_table = MISSING.search(str(error)) is not None
    if isinstance(error, (IntegrityError, DataError)) or (isinstance(error, ProgrammingError) and not is_missing_table):
        return None
    if not isinstance(error, (DatabaseError, sqlite3.Error)):
        return None
    why = reason(error)
    remedy = next((remedy for pattern, remedy in REMEDIES if pattern.search(why)), _how_to_reach())
    return f"The database {name()} can’t be used: {why}. {remedy}. See also: manage.py doctor"


def _how_to_reach():
    if connection.vendor == "postgresql":
        return "Start it, or correct DATABASE_URL"
    folder = Path(connection.settings_dict["NAME"]).absolute().parent
    if _is_missing(folder):
        return f"There is no folder {folder}: make it, or correct DATABASE_URL"
    return "Correct DATABASE_URL, or let this account read and write it and its folder"


def _without_pool(error, connection):
    """Return why a connection fails if all that the pool said is that there was none in time, else `error`."""
    import psycopg
    import psycopg_pool

    if isinstance(error.__cause__, psycopg_pool.PoolTimeout):
        try:
            psycopg.connect(**connection.get_connection_params() | {"connect_timeout": 5}).close()
        except psycopg.Error as own:
            return own
    return error
