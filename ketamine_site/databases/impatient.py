"""A connection that isn't waited for forever, for a database that the site can do without."""

from psycopg import Connection, OperationalError

SECONDS = 2  # for each answer; what is asked takes milliseconds


class ImpatientConnection(Connection):
    """Closes itself and fails if its server hasn't answered for `SECONDS`.

    One that hangs can't end what it does by itself, and TCP doesn't notice: its machine still acknowledges packets.
    """

    def wait(self, gen, *args, **kwargs):
        try:
            return super().wait(gen, *args, **{"timeout": SECONDS} | kwargs)
        except OperationalError:
            self.close()
            raise
