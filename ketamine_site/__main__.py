"""Django's command line for this project: `python -m ketamine_site`, installed as `ketamine-site`; manage.py calls it."""

import os
import signal
import sys
from importlib.metadata import version

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from ketamine_site.operations import database


def main():
    if sys.argv[1:] in (["--version"], ["version"]):
        return print(version("ketamine-site"))  # Django would print its own
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")
    try:
        return execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")  # says what to set; a traceback would hide it
    except DatabaseError as error:
        problem = database.problem(error)
        if problem is None or "--traceback" in sys.argv:
            raise
        sys.exit(problem)
    except BrokenPipeError:  # such as that of `| head`, which has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python fails once more when it ends
        sys.exit(128 + signal.SIGPIPE)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
