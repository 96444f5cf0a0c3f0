"""Commands that a task does: --background starts it, a worker runs the same command with the same options."""

import io
import json
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from articles.importing import ImportProgress, shown_path
from articles.models import BackgroundTask
from articles.workflow import tasks

# Not options of the work; and the title, since tasks don't keep what an article says. Who does it is `by`.
NOT_KEPT = {
    "verbosity",
    "stdout",
    "stderr",
    "settings",
    "pythonpath",
    "traceback",
    "no_color",
    "force_color",
    "skip_checks",
    "title",
    "username",
}
WRITTEN = {"report", "folder"}


class BackgroundCommand(BaseCommand):
    """A command that a task of `kind` can do.

    `run` gives it the `task`, a `tasks.progress.Progress`, and keeps the `counts`, the lines that it says in the end.
    """

    kind = BackgroundTask.Kind.IMPORT
    task = counts = None

    def add_arguments(self, parser):
        add_option(parser)

    def execute(self, *args, **options):
        if options.pop("background", False):
            return self.stdout.write(_start(self, options, by=self.started_by(options)))
        return super().execute(*args, **options)

    def started_by(self, options):
        """Return the user in whose name the command runs, None if it needs none. Raises `CommandError`."""

    def progress(self, total, **kwargs):
        if self.task:
            return _Bar(self.task, total)
        return ImportProgress(self.stderr, total, is_terminal=self.stderr.isatty(), **kwargs)


class _Bar:
    """Shows a task's progress, as `ImportProgress` of the importing layer does on a terminal."""

    def __init__(self, task, total):
        self._task = task
        task.step(0, total)

    def show(self, done):
        self._task.step(done)


def add_option(parser):
    parser.add_argument(
        "--background",
        action="store_true",
        help="Let a worker do this, which has to see the same files, and return; see “Background tasks” in the admin.",
    )


def started(task):
    return f"Background task {task.pk} was started; “Background tasks” in the admin shows how far it is."


def _start(command, options, *, by):
    """Start a task that runs `command` with its parsed `options`; returns what to tell. Raises `CommandError`."""
    if options.get("title"):
        raise CommandError("--title can’t be used with --background.")
    options = {name: value for name, value in options.items() if name not in NOT_KEPT}
    if "source" in options:
        options["source"] = _source(options["source"])
    given = {name: value for name, value in options.items() if _is_path(value)}
    checked = [path for name, value in given.items() if name not in WRITTEN for path in _listed(value)]
    if missing := [shown_path(path) for path in checked if not path.exists()]:
        raise CommandError(f"Not found: {', '.join(missing)}.")
    paths = {
        name: [str(path.absolute()) for path in value] if isinstance(value, list) else str(value.absolute())
        for name, value in given.items()
    }
    plain = {name: value for name, value in options.items() if name not in given}
    name = command.__module__.rpartition(".")[2]
    arguments = {"command": name, "by": by and by.pk, "options": plain, "paths": paths}
    try:
        json.dumps(arguments, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise CommandError("A name that isn’t UTF-8 can’t be used with --background.") from error
    return started(tasks.start(command.kind, arguments, by=by))


def _source(source):
    """Return an address, which tasks keep only without a password, or the whole path of a file."""
    if not source.lower().startswith(("http://", "https://")):
        if not Path(source).exists():
            raise CommandError(f"Not found: {shown_path(source)}.")
        return str(Path(source).absolute())
    if "@" in source.partition("://")[2].partition("/")[0]:
        raise CommandError("The address contains a user name or password, which tasks don’t keep.")
    return source


def run(progress, *, command, by, options, paths):
    """Run a command, a task; returns its counts as lines. What an earlier run has done is recognised."""
    user = get_user_model().objects.filter(pk=by).first()
    if by and not user:
        raise tasks.Refusal("The account that it was started with has been deleted.")
    instance = load_command_class(get_commands()[command], command)
    instance.task = progress
    options |= {name: [*map(Path, value)] if isinstance(value, list) else Path(value) for name, value in paths.items()}
    options |= {"username": user.get_username()} if user else {}
    silent = {"stdout": io.StringIO(), "stderr": io.StringIO(), "no_color": True, "force_color": False}
    try:
        instance.execute(**options, **silent, verbosity=1, skip_checks=True, traceback=False, title="")
    except CommandError as error:
        if isinstance(error.__cause__, DatabaseError):  # which another attempt may not meet
            raise error.__cause__ from None
        raise tasks.Refusal(str(error), {"lines": instance.counts} if instance.counts else None) from error
    return {"lines": instance.counts}


def _listed(value):
    return value if isinstance(value, list) else [value]


def _is_path(value):
    return any(isinstance(one, Path) for one in _listed(value))
