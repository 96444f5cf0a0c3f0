"""The site's settings with Celery's broker that keeps messages as files, in the folder MESSAGES."""

import os

from ketamine_site.settings import *  # noqa: F403

_folder = os.environ["MESSAGES"]
CELERY_TRANSPORT_OPTIONS = {
    "data_folder_in": _folder,
    "data_folder_out": _folder,
    "control_folder": f"{_folder}-control",
}
