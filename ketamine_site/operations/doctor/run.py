"""Runs the checks."""

from . import database, files, settings, work
from .types import Finding


def diagnose():
    """Yield a `Finding` for everything that is wrong. What needs the database is left out if it can't be used."""
    unreachable = list(database.check_reachable())
    yield from unreachable
    checks = [*settings.CHECKS, *files.CHECKS]
    if not unreachable:
        migrations = list(database.check_migrations())
        yield from migrations
        checks += [*database.CHECKS[1:], work.check_backups]
        if not migrations:
            checks += [check for check in work.CHECKS if check is not work.check_backups]
    for check in checks:
        yield from _lasting(check)


def _lasting(check):
    """Return what a check finds; that it can't go on is a finding, too."""
    try:
        return list(check())
    except Exception as error:
        problem = f"it can’t go on: {type(error).__name__}: {str(error).strip().rstrip('.')}"
        return [Finding("doctor", check.__name__, problem, "Correct the other findings first, then run this again.")]
