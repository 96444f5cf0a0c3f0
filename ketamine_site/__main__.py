"""Django's command line for this project: `python -m ketamine_site`, installed as `ketamine-site`; manage.py calls it."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # its message says what to do; a traceback would hide it
        sys.exit(f"The site isn’t configured: {error}")


if __name__ == "__main__":
    main()
