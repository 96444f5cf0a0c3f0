"""Django's command line for this project: `python -m ketamine_site`, installed as `ketamine-site`; manage.py calls it."""

import atexit
import gc
import io
import os
import signal
import sys
from importlib.metadata import version

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from ketamine_site.frames import with_room
from ketamine_site.operations import database


def main():
    if sys.argv[1:] in (["--version"], ["version"]):
        return print(version("ketamine-site"))  # Django would print its own
    # What is imported stays: looking for garbage among it, over and over and once more at the end, would take most
    # commands longer than what they do.
    gc.set_threshold(50_000)
    atexit.register(gc.freeze)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")
    sys.stdout = _ending_with_its_reader(sys.stdout)
    try:
        with_room(execute_from_command_line)(sys.argv)
        print(end="", flush=True)  # what Python writes when it ends would fail unexplained
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")  # says what to set; a traceback would hide it
    except DatabaseError as error:
        problem = database.problem(error)
        if problem is None or "--traceback" in sys.argv:
            raise
        sys.exit(problem)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


class _Output(io.FileIO):
    """Standard output that ends the program once nobody reads it, such as `| head`, which has read enough.

    As an `OSError`, a command would take it for one of its files, and say what to correct.
    """

    def write(self, data):
        try:
            return super().write(data)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())  # or Python fails once more when it ends
            sys.exit(128 + signal.SIGPIPE)


def _ending_with_its_reader(stdout):
    """Return `stdout`, the stream of standard output, as one that writes to an `_Output`."""
    if stdout is None:  # it is closed
        return stdout
    stdout.flush()
    raw = _Output(stdout.fileno(), "w", closefd=False)
    is_unbuffered = stdout.write_through
    return io.TextIOWrapper(
        raw if is_unbuffered else io.BufferedWriter(raw),
        encoding=stdout.encoding,
        errors=stdout.errors,
        line_buffering=stdout.line_buffering,
        write_through=is_unbuffered,
    )


if __name__ == "__main__":
    main()
