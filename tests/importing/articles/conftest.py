"""The account that imports, and a folder with a text."""

import pytest

from tests.importing.articles.importing import TIDES
from tests.support.factories import make_user


@pytest.fixture
def importer():
    return make_user("importer", groups=("Administrators",))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tides.md").write_text(TIDES)
    return tmp_path
