"""A site with everything and its export; tests that change something use a copy of both."""

import shutil
import socket
from types import SimpleNamespace

import pytest

from tests.support.servers.production import environment_in, manage

MAKE = "from tests.support.scenarios import exported_site; exported_site.{}()"


def run_in(site, function):
    """Run a function of tests/support/scenarios/exported_site.py with the site’s database."""
    manage(site.environment, "shell", "--no-imports", "-c", MAKE.format(function))


def export(site, *arguments, folder=None):
    """Export the site; returns what the command says."""
    return manage(site.environment, "export_site", str(folder or site.export), *arguments)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("exported"), free_port()
    environment = environment_in(folder, SITE_URL=f"http://127.0.0.1:{port}", SECURITY_CONTACT="a@example.org")
    site = SimpleNamespace(folder=folder, environment=environment, export=folder / "export", port=port)
    for command in (["migrate"], ["ensure_groups"], ["signing_key", "--create"], ["collectstatic", "--noinput"]):
        manage(environment, *command)
    run_in(site, "make")
    export(site)
    return site


@pytest.fixture
def copy(made, tmp_path):
    shutil.copytree(made.folder, tmp_path, ignore=lambda path, names: {"static"} if path == str(made.folder) else (), dirs_exist_ok=True)  # fmt: skip
    environment = made.environment | environment_in(tmp_path, STATIC_ROOT=made.environment["STATIC_ROOT"])
    environment["SITE_URL"] = made.environment["SITE_URL"]
    return SimpleNamespace(folder=tmp_path, environment=environment, export=tmp_path / "export", port=made.port)
