"""A site set up as `make run` does it, which tests copy: it takes long to make."""

import fcntl
import os
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.databases import template
from tests.support.servers.compressed import kept_compressed
from tests.support.servers.production import environment_in, manage_all

SCHEDULE = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from articles import workflow
from articles.models import Revision
waiting = Revision.objects.get(number=2)
by = User.objects.get(username="moderator")
workflow.approve(waiting, by=by)
workflow.schedule(waiting, by=by, publish_at=timezone.now() + timedelta(days=1))
"""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, django_db_blocker):
    """The folder of a site set up as `make run` does it, with a scheduled revision; all workers share it.

    That it can be set up from nothing is for `operations/test_wheel.py`: migrating takes most of the time.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "prepared-site"
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
        if not (folder / "is-complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            with django_db_blocker.unblock():
                template.copy_to(folder / "db.sqlite3")
            shutil.copy(settings.SIGNING_KEY_FILE, folder)  # it has signed what is in the template
            with kept_compressed(folder / "static"):
                _prepare(folder)
            (folder / "is-complete").touch()
    return folder


def _prepare(folder):
    commands = ["prepare_demo"], ["prepare_demo"], ["shell", "--no-imports", "-c", SCHEDULE]
    printed, again, _ = manage_all(environment_in(folder), *commands)
    assert re.findall(r"^  (\w+) ", printed, re.MULTILINE) == ["admin", "editor", "moderator"]
    assert again == ""
