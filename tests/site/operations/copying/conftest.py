"""The site with one of everything, as the database that is copied."""

import os
from urllib.parse import quote, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection

from tests.site.operations.backup.conftest import media, site  # noqa: F401  (fixtures)


@pytest.fixture
def address(site):  # noqa: F811
    """The address of the site's database, to which no connection is open."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    return address_of(connection.settings_dict["NAME"])


def address_of(name):
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(name))}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def copy(address, **options):
    call_command("copy_database", source=address, **{"verbosity": 0} | options)
