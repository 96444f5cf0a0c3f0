"""Django's command line for this project: `python -m ketamine_site`, installed as `ketamine-site`; manage.py calls it."""

import os
import sys
from importlib.metadata import version

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main():
    if sys.argv[1:] in (["--version"], ["version"]):
        return print(version("ketamine-site"))  # Django would print its own
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")
    try:
        return execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")  # says what to set; a traceback would hide it


if __name__ == "__main__":
    main()
