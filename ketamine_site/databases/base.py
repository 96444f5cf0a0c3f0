"""Django's backend for PostgreSQL, with a pool that gets over a restart of the database."""

import select
from contextlib import suppress

from django.db.backends.postgresql import base
from psycopg import Error


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        """Return a connection of the pool; if PostgreSQL has ended it, have the pool replace all that are.

        Django's own CONN_HEALTH_CHECKS asks PostgreSQL before each use, which takes as long as most of readers' queries,
        and after a restart waits longer and longer for each connection that is ended.
        """
        connection = super().get_new_connection(conn_params)
        if self.pool and _is_ended(connection):
            self.pool.putconn(connection)
            self.pool.check()
            connection = super().get_new_connection(conn_params)
        return connection


def _is_ended(connection):
    """Return whether PostgreSQL has ended an idle connection: then there is something to read, though nobody asked."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if not poll.poll(0):
        return False
    with suppress(Error):  # it may also be a message
        connection.execute("")
    return connection.closed
