"""A site with everything, its export, and both served: by the site’s own server and by nginx."""

import os
import shutil
import socket
from types import SimpleNamespace

import pytest

from tests.support.servers import static
from tests.support.servers.production import environment_in, manage

MAKE = "from tests.support.scenarios import exported_site; exported_site.{}()"


def run_in(site, function):
    manage(site.environment, "shell", "--no-imports", "-c", MAKE.format(function))


def export(site, *arguments):
    return manage(site.environment, "export_site", str(site.export), *arguments)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The folder, environment, and export of the site; tests that change it use a `copy`."""
    folder = tmp_path_factory.mktemp("exported")
    port = free_port()
    environment = environment_in(folder, SITE_URL=f"http://127.0.0.1:{port}", SECURITY_CONTACT="a@example.org")
    site = SimpleNamespace(folder=folder, environment=environment, export=folder / "export", port=port)
    for command in (["migrate"], ["ensure_groups"], ["signing_key", "--create"], ["collectstatic", "--noinput"]):
        manage(environment, *command)
    run_in(site, "make")
    site.said = export(site)
    return site


@pytest.fixture
def copy(made, tmp_path):
    """A copy of the site and its export."""
    shutil.copytree(made.folder, tmp_path, ignore=shutil.ignore_patterns("static", "nginx-files"), dirs_exist_ok=True)
    if not (tmp_path / "export" / "site").is_dir():
        raise AssertionError("not exported")
    shutil.copytree(made.export, tmp_path / "export", dirs_exist_ok=True, copy_function=shutil.copy2)
    environment = environment_in(tmp_path, SITE_URL=made.environment["SITE_URL"], SECURITY_CONTACT="a@example.org")
    environment["STATIC_ROOT"] = made.environment["STATIC_ROOT"]
    return SimpleNamespace(folder=tmp_path, environment=environment, export=tmp_path / "export", port=made.port)


@pytest.fixture
def needs_nginx():
    if static.nginx() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("nginx isn’t installed: its checks did NOT run.")
