"""Every row arrives as it was, or nothing does; what can't be copied is named."""

import io
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from articles.derived import search
from articles.models import BackgroundTask, LogEntry, StoredResponse, TaskFilePart, TranscriptWindow
from ketamine_site.operations import in_use
from ketamine_site.operations.copying import rows, source
from tests.site.operations.backup.conftest import all_rows
from tests.site.operations.copying.conftest import address_of, copy
from tests.support import postgresql
from tests.support.databases import template
from tests.support.databases.elsewhere import opened_elsewhere
from tests.support.databases.empty import empty_database, schema
from tests.support.servers.production import environment_in, manage

only_sqlite = pytest.mark.one_database(reason="PostgreSQL keeps no such value")
UNUSUAL = {"é": [1.5, 0.1, 2**53 + 1, -0.5e-7, None, True, {"b": "\u2028", "a": "𝄞"}], "empty": [], "": ""}


def add_unusual():
    """Add values that databases keep differently, to rows that neither the record nor the texts cover."""
    last = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    task = BackgroundTask.objects.create(
        kind="site",
        arguments=UNUSUAL,
        created_at=last,
        due_at=datetime(1, 1, 1, tzinfo=UTC),
        error="é 𝄞 %s \\ ' \" \r\n",
    )
    TaskFilePart.objects.create(task=task, number=0, data=bytes(range(256)) * 20_000)
    TranscriptWindow.objects.update(end_seconds=0.1 + 0.2)
    TranscriptWindow.objects.filter(pk=TranscriptWindow.objects.first().pk).update(end_seconds=1e300)


def own_rows():
    """Return the rows of each table without what a database lays out for itself, and without stored responses."""
    left_out = ("articles_search_", StoredResponse._meta.db_table)
    return {table: rows for table, rows in all_rows().items() if not table.startswith(left_out)}


def next_account():
    return User.objects.create_user("next").pk


@pytest.fixture
def refused(tmp_path):
    """Require that a copy into an empty site is refused with a message and changes nothing there."""

    def require(address, message, error=CommandError):
        with empty_database(tmp_path, is_migrated=True):
            before = all_rows(), schema()
            with pytest.raises(error, match=message):
                copy(address)
            assert (all_rows(), schema()) == before

    return require


def test_every_row_is_copied_and_the_site_goes_on(site, tmp_path, address, capsys):
    add_unusual()
    User.objects.create_user("gone").delete()  # its number isn't given again
    StoredResponse.objects.create(key="x", scope=0, version=0, has_query=False, stored_at="2026-01-01T00:00Z", size=0)
    before, definitions = own_rows(), schema()
    close()

    with empty_database(tmp_path, is_migrated=True):
        out = io.StringIO()
        copy(address, verbosity=1, stdout=out)

        assert own_rows() == before
        assert not StoredResponse.objects.exists()
        assert schema() == definitions
        call_command("verify_history", verbosity=0)
        assert [found.article.slug for found in search.find("waste").found] == ["naps", "sleep"]
        number = next_account()
        with pytest.raises(DatabaseError, match="Records are append-only"):
            LogEntry.objects.all()._raw_delete("default")

    assert number == next_account()
    assert re.match(
        r"Copied [\d,]+ rows of \d\d tables into .*, and compared them\.\nNow:\n1. Set DATABASE_URL", out.getvalue()
    )


def close():
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="needs both databases")
def test_from_postgresql_to_sqlite_and_back(site, tmp_path, address, refused):
    add_unusual()
    before = all_rows()
    close()
    (tmp_path / "sqlite").mkdir()
    path = tmp_path / "sqlite" / "db.sqlite3"
    template.copy_to(path)

    out = manage(environment_in(tmp_path / "sqlite"), "copy_database", "--from", address)

    assert "Now:" in out
    with empty_database(tmp_path, is_migrated=True):
        copy(f"sqlite:///{path}")
        assert all_rows() == before
        call_command("verify_history", verbosity=0)
        number = next_account()
    assert number == next_account()

    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE articles_comment SET text = 'a' || char(0) WHERE id = 1")
        database.commit()
    refused(
        f"sqlite:///{path}", "articles_comment, row 1, column text: the value can’t be copied: it has a NUL character"
    )
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "UPDATE articles_comment SET text = 'a', by_name = replace(hex(zeroblob(100)), '0', 'n') WHERE id = 1"
        )
        database.commit()
    refused(f"sqlite:///{path}", "articles_comment, row 1, column by_name: .* it has 200 characters, at most 150 fit")
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE articles_comment SET by_name = 'n' WHERE id = 1")
        database.execute("UPDATE articles_backgroundtask SET attempts = 70000")
        database.commit()
    refused(f"sqlite:///{path}", r"articles_backgroundtask, row \d+, column attempts: .* out of range")


@only_sqlite
def test_a_value_that_is_not_of_its_columns_kind(address, refused):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_comment SET resolved_at = 'soon' WHERE id = 1")
    refused(address, "articles_comment, row 1, column resolved_at: the value can’t be copied: it isn’t of the kind")


@only_sqlite
def test_a_row_that_refers_to_one_that_is_missing(address, refused):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("DELETE FROM articles_topic")
    close()
    refused(address, "can’t be copied: The row in table 'articles_\\w*' with primary key .* invalid foreign key")


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_one_that_is_interrupted_changes_nothing(address, refused, monkeypatch, error):
    def ended(model, alias):
        raise error("ended")

    monkeypatch.setattr(rows, "sum_of", ended)

    refused(address, "ended", error)


def test_a_difference_is_found_before_anything_is_committed(address, refused, monkeypatch):
    insert = rows._insert

    def changing(model, batch):
        for row in batch:
            if model is User and row.username == "editor":
                row.email = "another@example.org"
        insert(model, batch)

    monkeypatch.setattr(rows, "_insert", changing)

    refused(address, r"auth_user isn’t the same afterwards: .* row \d+, column email differs\. Nothing was changed")


def test_nobody_else_may_use_the_databases(site, tmp_path, address):
    own = connection.settings_dict["NAME"]
    with empty_database(tmp_path, is_migrated=True):
        connection.ensure_connection()  # as a server does, which turns SQLite's write-ahead log on
        connection.close()
        for name, which in ((own, "copied"), (connection.settings_dict["NAME"], "that of DATABASE_URL")):
            message = f"Something else has the database open, {which}: .*Stop the server"
            with opened_elsewhere(name), pytest.raises(CommandError, match=message):
                copy(address)


def test_nobody_writes_to_the_source_meanwhile(address, tmp_path, monkeypatch):
    tried, sum_of = [], rows.sum_of

    def write():
        if connection.vendor == "postgresql":
            return postgresql.query(address, "SET lock_timeout = 1; UPDATE auth_user SET email = 'x'")
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"), timeout=0)) as database:
            return database.execute("UPDATE auth_user SET email = 'x'")

    def writing(model, alias):
        with pytest.raises(Exception, match=r"database is locked|lock timeout"):
            write()
        tried.append(model)
        return sum_of(model, alias)

    monkeypatch.setattr(rows, "sum_of", writing)
    with empty_database(tmp_path, is_migrated=True):
        copy(address)

    assert len(tried) > 60


def test_only_an_empty_database_is_copied_into(address, tmp_path):
    with empty_database(tmp_path, is_migrated=True):
        User.objects.create_user("newcomer")

        with pytest.raises(CommandError, match=r"isn’t empty: there are rows in auth_user\. Nothing was changed"):
            copy(address)


def test_both_need_all_migrations(address, tmp_path):
    with (
        empty_database(tmp_path),
        pytest.raises(CommandError, match=r"database of DATABASE_URL doesn’t have all migrations .* manage.py migrate"),
    ):
        copy(address)
    with empty_database(tmp_path):
        own = address_of(connection.settings_dict["NAME"])
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE another (id integer)")
        close()
        with (
            empty_database(tmp_path, is_migrated=True),
            pytest.raises(CommandError, match="database of --from doesn’t have all migrations"),
        ):
            copy(own)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('articles', '9999_later', '2026-01-01')"
        )
    close()
    with (
        empty_database(tmp_path, is_migrated=True),
        pytest.raises(CommandError, match=r"migration that this release doesn’t know, articles\.9999_later"),
    ):
        copy(address)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("no address", "can’t be read"),
        ("mysql://secret@host/name", "can’t be read. Give sqlite"),
        ("sqlite://", "can’t be read"),
        ("sqlite:////nowhere/db.sqlite3", "There is no database /nowhere/db.sqlite3"),
    ],
)
def test_an_address_that_names_no_database(refused, db, address, message):
    refused(address, message)


def test_a_database_that_cannot_be_read(refused, db, tmp_path):
    (tmp_path / "text").write_text("no database " * 100)

    refused(
        f"sqlite:///{tmp_path}/text",
        "The database of --from can’t be used: file is not a database. Nothing was changed",
    )


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="needs PostgreSQL's driver")
def test_a_server_that_cannot_be_reached_is_named_without_its_password(refused, db):
    refused(
        "postgres://site:hidden@127.0.0.1:1/site", r"The database of --from can’t be used: (?!.*hidden).*127\.0\.0\.1"
    )


@only_sqlite
def test_a_source_that_somebody_writes_to(address, refused, monkeypatch):
    monkeypatch.setattr(in_use, "others", lambda connection: "")  # as with another journal than SQLite's default here
    monkeypatch.setattr(source, "BUSY_SECONDS", 0)
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as database:
        database.execute("UPDATE auth_user SET email = 'x'")
        refused(address, "The database of --from can’t be used: database is locked")


def test_a_table_of_others_is_named(address, tmp_path, capsys):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE another (id integer)")
    close()
    with empty_database(tmp_path, is_migrated=True):
        copy(address)

    assert capsys.readouterr().err == "Not copied: the table another, which isn’t the site’s.\n"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE another")


def test_the_same_database_is_not_copied_into_itself(address):
    with pytest.raises(CommandError, match="--from names the database of DATABASE_URL"):
        copy(address)
