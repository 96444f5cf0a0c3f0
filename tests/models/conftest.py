"""The schema that migrated databases are compared with."""

import pytest

from tests.support.databases.empty import schema


@pytest.fixture(scope="module")
def new_schema(django_db_setup, django_db_blocker):
    """The schema of a new site: that of the tests' own database, into which all migrations ran."""
    with django_db_blocker.unblock():
        return schema()
