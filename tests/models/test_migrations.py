"""Migrations give the same schema on every path and on both databases, and none of them conflict."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from articles.models import RowRecord
from articles.workflow.history import rows
from tests.support.databases.empty import empty_database, schema

MIGRATIONS = Path(apps.get_app_config("articles").path, "migrations")
LAST = (MIGRATIONS / "max_migration.txt").read_text().strip()
SQUASH = "0001_squashed_0008_names"
REPLACED = [
    "0001_initial",
    "0002_freeze_what_was_submitted",
    "0003_evidence",
    "0004_search",
    "0005_around",
    "0006_search_stretches",
    "0007_redactions",
    "0008_names",
]


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def squash(tmp_path_factory, django_db_setup, django_db_blocker):
    """The schema that the squash makes, and what is left when it has been reversed."""
    with django_db_blocker.unblock(), empty_database(tmp_path_factory.mktemp("squash")):
        migrate(SQUASH)
        made = schema()
        migrate(None)
        return made, schema()


def migrate(name, *, replace_migrations=True):
    """Migrate the articles to `name`; without `replace_migrations`, as a site did before the squash existed."""
    executor = MigrationExecutor(connection)
    executor.loader.replace_migrations = replace_migrations
    executor.loader.build_graph()
    executor.migrate([("articles", name)])


def test_the_squash_gives_the_schema_of_the_migrations_it_replaces(squash, tmp_path):
    by_the_squash, _ = squash

    with empty_database(tmp_path):
        migrate(REPLACED[-1], replace_migrations=False)
        by_the_old_chain = schema()

    assert by_the_squash == by_the_old_chain


def test_the_compared_schema_has_tables_indexes_and_triggers(squash):
    found, _ = squash
    is_sqlite = connection.vendor == "sqlite"

    kinds = {kind for kind, _ in found}
    assert kinds == (
        {"table", "index", "trigger"}
        if is_sqlite
        else {"column", "constraint", "index", "sequence", "trigger", "function"}
    )
    triggers = {re.sub(r".*\.", "", name) for kind, name in found if kind == "trigger"}
    frozen = {name for name in triggers if name.startswith("freeze_")}
    assert len(frozen) == 13
    assert len(triggers - frozen) == (9 if is_sqlite else 0)
    assert (("table", "articles_search_names") in found) == is_sqlite
    assert (("index", "articles_passage_of_kind_4_4") in found) == (not is_sqlite)


def test_a_site_with_some_old_migrations_gets_the_same_schema(new_schema, tmp_path):
    with empty_database(tmp_path):
        migrate("0004_search", replace_migrations=False)
        call_command("migrate", verbosity=0)
        recorded = MigrationRecorder(connection).applied_migrations()
        arrived = schema()

    assert arrived == new_schema
    assert ("articles", SQUASH) in recorded


def test_rows_from_before_records_are_recorded_once_and_with_all_their_columns(tmp_path):
    add = "INSERT INTO auth_group (name) VALUES (%s)"
    with empty_database(tmp_path, at="0026_withdrawn_recording_changes"), connection.cursor() as cursor:
        call_command("migrate", "auth", verbosity=0)
        cursor.execute(add, ["Before"])
        call_command("migrate", "articles", "0027_row_records", verbosity=0)
        assert not RowRecord.objects.exists()  # today's models may have columns that come later

        call_command("migrate", verbosity=0)
        assert list(rows.contradictions()) == []
        known = RowRecord.objects.count()
        assert known > 0
        cursor.execute(add, ["Forged"])
        call_command("migrate", "articles", "0027_row_records", verbosity=0)
        call_command("migrate", verbosity=0)

        assert RowRecord.objects.count() == known
        assert [place for place, _ in rows.contradictions()] == [
            f"group {Group.objects.get(name='Forged').pk} “Forged”"
        ]


@pytest.mark.parametrize("count", range(len(REPLACED) + 1))
def test_the_squash_applies_to_sites_with_none_or_all_of_the_old_migrations(tmp_path, count):
    with empty_database(tmp_path):
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for name in REPLACED[:count]:
            recorder.record_applied("articles", name)

        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes("articles"))

    ours = [migration.name for migration, _ in plan if migration.app_label == "articles"]
    ours = [name for name in ours if name in {SQUASH, *REPLACED}]
    assert ours == ([SQUASH] if count == 0 else REPLACED[count:])


def test_people_can_read_while_tables_are_made_anew(tmp_path):
    """Every statement of an upgrade from the previous release leaves each table where others find it."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite rebuilds a changed table")
    with empty_database(tmp_path, at="0037_excerpt_limit"):
        tables = set(connection.introspection.table_names())
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader:
            missing = []

            def look(execute, *statement):
                result = execute(*statement)
                found = {name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
                missing.extend(tables - found)
                return result

            with connection.execute_wrapper(look):
                migrate(LAST)
    assert not missing


def test_the_squash_can_be_reversed(squash):
    _, left = squash

    assert [name for _, name in left if name.startswith(("articles_", "freeze_"))] == []


def test_the_squash_replaces_all_old_migrations_in_order():
    squash = MigrationLoader(None).disk_migrations["articles", SQUASH]

    assert squash.replaces == [("articles", name) for name in REPLACED]


def test_migrations_import_nothing_of_the_application():
    for file in MIGRATIONS.glob("*.py"):
        imported = re.findall(r"^\s*(?:from|import) (articles\S*)|import_module\(\"(\S+)\"\)", file.read_text(), re.M)
        assert all(any(name.startswith("articles.migrations.") for name in names) for names in imported), file.name
