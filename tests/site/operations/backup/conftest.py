"""A site with one of everything, and what it consists of, to compare."""

import pytest
from django.db import connection

from articles.workflow.history import chain
from tests.support.databases import template
from tests.support.scenarios.sites.full_site import make_everything


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def site(transactional_db, media):
    """Rows in every state, and uploads with all kinds of names."""
    rows = template.filled(make_everything)
    chain.seal()
    for name in ("uploads/image.webp", "uploads/déjà vu \\ \n.webp", "deep/er/empty"):
        path = media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"" if name.endswith("empty") else name.encode() * 1000)
    return rows


def all_rows():
    """Return {table: rows in any order} of every table of the database."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows[table] = sorted(map(repr, cursor.fetchall()))
        return rows


def all_files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
