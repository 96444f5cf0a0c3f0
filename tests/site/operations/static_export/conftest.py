"""A site with everything and its export; tests that change something use a copy of both."""

import fcntl
import os
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from tests.support.databases import template
from tests.support.servers.production import environment_in, manage, manage_all

SETTINGS = {"SITE_URL": "http://127.0.0.1", "SECURITY_CONTACT": "a@example.org"}
MAKE = "from tests.support.scenarios.sites import exported_site; exported_site.{}()"


def export_after(site, function):
    """Export the site after a function of tests/support/scenarios/sites/exported_site.py with its database."""
    commands = ["shell", "--no-imports", "-c", MAKE.format(function)], ["export_site", str(site.export)]
    manage_all(site.environment, *commands)


def export(site, *arguments, folder=None):
    """Export the site; returns what the command says."""
    return manage(site.environment, "export_site", str(folder or site.export), *arguments)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="session")
def made(prepared, tmp_path_factory, django_db_blocker):
    """The site, which all workers share: it takes long to make."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "exported-site"
    environment = environment_in(folder, **SETTINGS, STATIC_ROOT=str(prepared / "static"))
    site = SimpleNamespace(folder=folder, environment=environment, export=folder / "export")
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
        if not (folder / "is-complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            with django_db_blocker.unblock():
                template.copy_to(folder / "db.sqlite3")
            shutil.copy(settings.SIGNING_KEY_FILE, folder)  # it has signed what is in the template
            export_after(site, "make")
            (folder / "is-complete").touch()
    return site


@pytest.fixture
def copy(made, tmp_path):
    shutil.copytree(made.folder, tmp_path, dirs_exist_ok=True)
    environment = environment_in(tmp_path, **SETTINGS, STATIC_ROOT=made.environment["STATIC_ROOT"])
    return SimpleNamespace(folder=tmp_path, environment=environment, export=tmp_path / "export")
