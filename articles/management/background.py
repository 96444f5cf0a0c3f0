"""Commands that a task does: --background starts it, a worker runs the same command with the same options."""

import io
from pathlib import Path

from django.core.management import load_command_class
from django.core.management.base import CommandError

from articles.importing import shown_path
from articles.models import BackgroundTask
from articles.workflow import tasks

# Not options of the import; and the title, since tasks don't keep what an article says.
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
}
WRITTEN = {"report"}


class Bar:
    """Shows a task's progress, as `Progress` of the importing layer does on a terminal."""

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


def start_import(command, options, *, by):
    """Start a task that runs the import `command` with its parsed `options`; returns what to tell. Raises `CommandError`."""
    if options.get("title"):
        raise CommandError("--title can’t be used with --background.")
    options = {name: value for name, value in options.items() if name not in NOT_KEPT}
    if "source" in options and Path(options["source"]).exists():
        options["source"] = str(Path(options["source"]).absolute())
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
    arguments = {"command": name, "options": plain, "paths": paths}
    return started(tasks.start(BackgroundTask.Kind.IMPORT, arguments, by=by))


def run_import(progress, *, command, options, paths):
    """Run an import command, a task; returns its counts as lines. A file that was imported before is recognised."""
    instance = load_command_class("articles", command)
    instance.task, instance.counts = progress, None
    paths = {name: [*map(Path, value)] if isinstance(value, list) else Path(value) for name, value in paths.items()}
    silent = {"stdout": io.StringIO(), "stderr": io.StringIO(), "no_color": True, "force_color": False}
    try:
        instance.execute(
            **options | paths | silent, verbosity=1, skip_checks=True, traceback=False, title="", background=False
        )
    except CommandError as error:
        if instance.counts is None:
            raise
        instance.counts.append(str(error))  # what wasn't imported
    return {"lines": instance.counts}


def _listed(value):
    return value if isinstance(value, list) else [value]


def _is_path(value):
    return any(isinstance(one, Path) for one in _listed(value))
