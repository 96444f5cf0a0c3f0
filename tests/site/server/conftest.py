"""Copies of the prepared site that servers and workers use are checked together, once all of a module have been used."""

import pytest

from tests.support.servers.production import environment_in, manage_each


@pytest.fixture(scope="module")
def sites(prepared):
    """A list to which tests add the folders of sites that must be intact in the end."""
    folders = []
    yield folders
    environment = environment_in("", STATIC_ROOT=str(prepared / "static"))
    checks = manage_each(environment, [["check_integrity"]], folders)
    assert [(folder, out + err) for folder, (code, out, err) in zip(folders, checks, strict=True) if code] == []
