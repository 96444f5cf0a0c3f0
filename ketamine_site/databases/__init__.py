"""PostgreSQL, with the driver's own pool: `base` is Django's backend with one that gets over a restart."""


def add_pool(database, *, most, seconds=5, is_needed=True):
    """Give the settings of a `database` the driver's own pool of at most `most` connections for each process.

    A thread waits for `seconds` for a connection, and then fails. Unless the database `is_needed`, a thread also waits
    for its answers no longer than `impatient.SECONDS`. Imported by the settings, so without Django.
    """
    session = {
        "jit": "off",  # compiling takes several times as long as any query of this site
        # PostgreSQL gives free what a machine had locked that was cut off.
        "tcp_keepalives_idle": 10,
        "tcp_keepalives_interval": 5,
        "tcp_keepalives_count": 3,
    }
    database["OPTIONS"] = {
        "options": " ".join(f"-c {name}={value}" for name, value in session.items()),
        "connect_timeout": 3,
        "tcp_user_timeout": 10_000,  # milliseconds, after which a connection is given up that is cut off
        **database.get("OPTIONS", {}),
        # Attempts to connect become rarer and rarer until they are given up, and then the next request makes one.
        "pool": {"min_size": 1, "max_size": most, "timeout": seconds, "reconnect_timeout": 3},
    }
    if not is_needed:
        from .impatient import ImpatientConnection  # needs the driver

        database["OPTIONS"]["pool"]["connection_class"] = ImpatientConnection
