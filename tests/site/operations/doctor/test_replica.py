"""The doctor says so if a replica of PostgreSQL doesn't get what the primary writes."""

import os
from contextlib import ExitStack

import pytest

from tests.support import postgresql
from tests.support.servers.production import environment_in, manage, wait_for

pytestmark = pytest.mark.one_database(reason="starts PostgreSQL and a replica of its own")

# Without waiting until the replica has been behind for a minute.
CHECK = """
from ketamine_site.operations.doctor import database
database.LAGGING = -1
print(*database.check_replica())
"""


@pytest.fixture
def servers():
    """A primary and its replica, with an empty database `site`."""
    if postgresql.programs() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(postgresql.MISSING)
    with ExitStack() as blocks:
        primary, replica = (
            postgresql.Server(blocks.enter_context(postgresql.temporary_folder()), postgresql.REPLICATED)
            for _ in range(2)
        )
        blocks.callback(primary.stop)
        blocks.callback(replica.stop)
        primary.create()
        primary.start()
        postgresql.query(primary.address("postgres"), "CREATE DATABASE site")
        replica.copy_of(primary)
        replica.start()
        yield primary, replica


def test_a_replica_that_receives_nothing_any_more(servers, tmp_path):
    primary, replica = (server.address("site") for server in servers)
    environment = environment_in(tmp_path, DATABASE_URL=primary, REPLICA_URL=replica)

    def found():
        return manage(environment, "shell", "--no-imports", "-c", CHECK).strip()

    postgresql.query(primary, "CREATE TABLE one ()")
    assert found() == ""

    postgresql.query(replica, "ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'")
    postgresql.query(replica, "SELECT pg_reload_conf()")
    assert wait_for(lambda: postgresql.query(replica, "SELECT count(*) FROM pg_stat_wal_receiver") == [(0,)], 10)
    postgresql.query(primary, "CREATE TABLE two ()")

    assert "REPLICA_URL: it has replayed nothing for " in found()
