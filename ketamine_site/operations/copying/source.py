"""The database that is copied: what its address means, and that nobody writes to it meanwhile."""

from contextlib import ExitStack, contextmanager
from pathlib import Path

import dj_database_url
from django.db import DatabaseError, connection, connections, transaction
from django.db.utils import load_backend

from ketamine_site.operations import database

from .types import ALIAS, CopyError, models

USABLE = "Give sqlite:///path (a whole path has four slashes) or postgres://user:password@host/name."
BUSY_SECONDS = 20  # that are waited for whoever writes to an SQLite database
PLACE = ["NAME", "HOST", "PORT"]


@contextmanager
def opened(address):
    """Open the database at an `address`, as in DATABASE_URL, as the connection `ALIAS`; yield that.

    Raises `CopyError`, which doesn't repeat the address: it may have a password.
    """
    try:
        values = dj_database_url.parse(address)
    except ValueError:
        values = {}
    kind = values.get("ENGINE", "").rpartition(".")[2]
    if kind not in {"sqlite3", "postgresql"} or values["NAME"] in {"", ":memory:"}:
        raise CopyError(f"The address of --from can’t be read. {USABLE}")
    if kind == "sqlite3":
        if not Path(values["NAME"]).is_file():
            raise CopyError(f"There is no database {values['NAME']}. Correct --from. {USABLE}")
        # So that its transaction keeps writers out.
        values["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": BUSY_SECONDS}
    values = connections.configure_settings({"default": values})["default"]
    if all(str(values[name]) == str(connection.settings_dict[name]) for name in PLACE):
        raise CopyError("--from names the database of DATABASE_URL. Set DATABASE_URL to the new one.")
    connections[ALIAS] = load_backend(values["ENGINE"]).DatabaseWrapper(values, ALIAS)
    try:
        with _explained():
            connections[ALIAS].introspection.table_names()
        yield connections[ALIAS]
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]


@contextmanager
def unchanging(source):
    """Read one state of the source, and let nobody write to it, until the block ends."""
    with ExitStack() as blocks:
        with _explained():
            blocks.enter_context(transaction.atomic(using=ALIAS, durable=True))
            if source.vendor == "postgresql":
                _lock_on_postgresql(blocks.enter_context(source.cursor()))
        yield


def _lock_on_postgresql(cursor):
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    tables = ", ".join(connections[ALIAS].ops.quote_name(model._meta.db_table) for model in models())
    cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")


@contextmanager
def _explained():
    """Raise a `CopyError` if the source can't be used: the words of other commands are about DATABASE_URL."""
    try:
        yield
    except DatabaseError as error:
        reason = database.reason(error, connections[ALIAS])
        raise CopyError(
            f"The database of --from can’t be used: {reason}. Nothing was changed. Correct --from, or what keeps it from "
            "being read and written, then run this again."
        ) from error
