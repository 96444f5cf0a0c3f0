"""Options that commands share: accounts, progress, and those of the import commands."""

from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from articles.importing import ImportProgress, newest_change, shown_path, visible_changes
from articles.workflow import name_of

from .background import BackgroundCommand


class ImportCommand(BackgroundCommand):
    """A command that imports files in the name of a user with the permissions `needed`, or only reports."""

    needed = []
    _lost_right = ""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--as", dest="username", metavar="USER", help="The user who imports (default: the first superuser)."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Report what would be done without changing anything."
        )
        parser.add_argument("--report", metavar="FILE.csv", type=Path, help="Write every problem to this file.")

    def started_by(self, options):
        return acting_user(options["username"], [])

    def execute(self, *args, **options):
        self._changes_before, self._is_reported = newest_change(), bool(options.get("report"))
        return super().execute(*args, **options)

    def while_allowed(self, items, by):
        """Yield each of `items` as long as `by`, if anybody, may import: a long run doesn't outlast their rights.

        Before each, `by` becomes the account as it is now. `require_allowed` says whether it was the end.
        """
        for item in items:
            if by is not None and (problem := self._problem_of(by)):
                self._lost_right = problem
                return
            yield item

    def _problem_of(self, by):
        current = get_user_model().objects.filter(pk=by.pk, is_active=True).first()
        if current is None:
            return f"{name_of(by)} is no longer active, so the rest wasn’t imported."
        by.__dict__ = current.__dict__  # without the permissions that it has kept
        if missing := missing_permissions(by, self.needed):
            return f"{name_of(by)} now lacks permission: {', '.join(missing)}. So the rest wasn’t imported."
        return ""

    def require_allowed(self):
        """Raise `CommandError` if the run ended early because whoever imports may no longer."""
        if self._lost_right:
            raise CommandError(self._lost_right, returncode=1)

    def conclude(self, report, counts, *, dry_run):
        """Write the table of a `ProblemReport` and the lines of `counts`; a task keeps both, without what is quoted."""
        problems, kept = report.table(), report.reasons()
        conclusion = ["Nothing was changed: this was a dry run."] if dry_run else []
        self.counts = [*counts, *kept, *conclusion]
        if report.count > len(kept) and not self._is_reported:
            self.counts.append("For a list of all problems, import again with --report FILE.csv.")
        lines = [*problems, *counts, *visible_changes(self._changes_before), *conclusion]
        self.stdout.write("\n".join(lines))


def progress(stream, total, **kwargs):
    """The `ImportProgress` of a command on its standard error."""
    return ImportProgress(stream, total, is_terminal=stream.isatty(), **kwargs)


def existing(rows, missing):
    """Return `rows`, a query set. Raises `CommandError` with the message `missing` if there are none."""
    if not rows.exists():
        raise CommandError(missing)
    return rows


def account(username, advice=""):
    """The account with this name. Raises `CommandError`, which adds the `advice`."""
    users = get_user_model().objects.filter(username=username)
    return existing(users, f"There is no account “{username}”.{advice}").get()


def acting_user(username, needed):
    """Return the active user named by ``--as``, else the first superuser, None if there is none.

    Raises `CommandError` for an unknown name, or if the named user lacks a permission in `needed`.
    """
    users = get_user_model().objects.filter(is_active=True)
    if username is None:
        return users.filter(is_superuser=True).order_by("pk").first()
    user = existing(users.filter(username=username), f"There is no active user “{username}”.").get()
    if missing := missing_permissions(user, needed):
        raise CommandError(f"{name_of(user)} lacks permission: {', '.join(missing)}.")
    return user


def missing_permissions(user, needed):
    return [permission for permission in needed if not user.has_perm(permission)]


@contextmanager
def report_file(path):
    """Open the ``--report`` file for writing, encoded for spreadsheets; yield None without a `path`."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise CommandError(f"Can’t write {shown_path(path)}: {error.strerror}.") from error
    with file:
        yield file
