"""A backup restores every row and every file, while the site is in use, and nothing else than that."""

import re
import sqlite3
import stat
import threading
from ast import literal_eval
from contextlib import closing, nullcontext

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from articles import workflow
from articles.models import Article, ChainLink, LogEntry, PublicVersion
from articles.workflow.collaboration import correction_requests
from tests.site.operations.backup.conftest import all_files, all_rows
from tests.support.databases.elsewhere import opened_elsewhere
from tests.support.databases.empty import empty_database, schema
from tests.support.factories import make_draft, make_moderator, make_published, make_user


def backup(target, *options):
    call_command("backup", str(target), *options, verbosity=0)
    return target


def restore(archive, *options):
    call_command("restore", str(archive), *options, verbosity=0)


def next_account():
    """Return the number that the next account gets, as the database gives it."""
    return User.objects.create_user("next").pk


@pytest.fixture
def elsewhere(settings, tmp_path):
    """Make MEDIA_ROOT another, empty folder."""

    def choose():
        settings.MEDIA_ROOT = tmp_path / "elsewhere" / "media"
        return settings.MEDIA_ROOT

    return choose


def are_restored(rows):
    """Whether the database has these rows of each table.

    Where its triggers were made again, all stored responses count as outdated: their numbers are higher.
    """
    found, wanted = all_rows(), dict(rows)
    after, before = (
        dict(literal_eval(row)[:2] for row in each.pop(PublicVersion._meta.db_table)) for each in (found, wanted)
    )
    return found == wanted and all(after[scope] >= number for scope, number in before.items())


def test_an_empty_site_gets_every_row_and_every_file(site, media, elsewhere, tmp_path, capsys):
    User.objects.get(username=User.objects.create_user("gone").username).delete()  # its number isn't given again
    rows, files, tables = all_rows(), all_files(media), schema()
    archive = backup(tmp_path / "backup.tar.gz")

    with empty_database(tmp_path):
        media = elsewhere()
        restore(archive)

        assert are_restored(rows)
        assert all_files(media) == files
        assert schema() == tables
        call_command("check_integrity", verbosity=0)
        restored_number = next_account()
        with pytest.raises(DatabaseError, match="Records are append-only"):
            LogEntry.objects.all()._raw_delete("default")

    assert len(rows) > 40
    assert sum(map(len, rows.values())) > 1000
    assert restored_number == next_account()
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_site_that_is_set_up_but_unused_counts_as_empty(client, site, media, elsewhere, tmp_path):
    rows, archive = all_rows(), backup(tmp_path / "backup.tar.gz")

    with empty_database(tmp_path, is_migrated=True):
        elsewhere()
        call_command("ensure_groups", verbosity=0)
        call_command("publish_due", verbosity=0)
        assert client.get("/").status_code == 200
        restore(archive)

        assert all_rows() == rows


def test_a_site_in_use_is_only_replaced_on_demand(site, media, tmp_path):
    archive = backup(tmp_path / "backup.tar.gz")
    rows, files = all_rows(), all_files(media)
    User.objects.create_user("newcomer")
    (media / "uploads" / "new.webp").write_bytes(b"new")
    (media / "uploads" / "image.webp").write_bytes(b"overwritten")
    changed = all_rows()

    with pytest.raises(CommandError, match=r"isn’t empty.*--replace"):
        restore(archive)
    assert all_rows() == changed
    assert (media / "uploads" / "new.webp").exists()

    with pytest.raises(CommandError, match=r"Nothing was changed\. Keep a copy of what is newer: .*--discard-newer"):
        restore(archive, "--replace")
    assert all_rows() == changed

    restore(archive, "--replace", "--discard-newer")

    assert all_rows() == rows
    assert all_files(media) == files


def test_what_is_newer_than_the_backup_is_named_before_it_is_deleted(site, tmp_path, capsys):
    archive, moderator = backup(tmp_path / "backup.tar.gz"), make_moderator("new moderator")
    for number in range(6):
        make_published(f"new-{number}", title=f"New {number}", by=make_user(f"author {number}"), moderator=moderator)
    make_draft("drafted", title="Drafted\x1b", by=moderator)
    correction_requests.receive(Article.objects.get(slug="new-0").published_revision, "It is wrong.", sender="a")
    capsys.readouterr()

    with pytest.raises(CommandError, match="Nothing was changed"):
        restore(archive, "--replace")

    lines = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"This site has what the backup of 20\d\d-.* UTC lacks, and what a restore deletes:", lines[0])
    assert lines[1:] == [
        "  6 published texts: “New 5”, “New 4”, “New 3”, “New 2”, “New 1”, …",
        "  7 articles: “drafted”, “new-5”, “new-4”, “new-3”, “new-2”, …",
        "  1 saved draft: “Drafted�”",
        "  6 submitted texts: “New 5”, “New 4”, “New 3”, “New 2”, “New 1”, …",
        "  6 decisions: “approved, New 5”, “approved, New 4”, “approved, New 3”, “approved, New 2”, “approved, New 1”, …",
        "  1 correction request: “It is wrong.”",
        "  7 accounts: “author 5”, “author 4”, “author 3”, “author 2”, “author 1”, …",
        (
            "  26 entries in the log: “drafted: started a draft”, “drafted: created”, “new-5: approved”, "
            "“new-5: submitted”, “new-5: started a draft”, …"
        ),
    ]

    restore(archive, "--replace", "--discard-newer")
    assert capsys.readouterr().err.splitlines() == lines
    restore(archive, "--replace")  # nothing is newer any longer
    assert capsys.readouterr().err == ""


def test_what_was_taken_away_since_the_backup_is_named_too(site, tmp_path, capsys):
    root = User.objects.get(username="root")
    archive = backup(tmp_path / "backup.tar.gz")
    workflow.unpublish(site.article, by=root, reason="A court.")

    with pytest.raises(CommandError, match="Nothing was changed"):
        restore(archive, "--replace")
    assert capsys.readouterr().err.splitlines()[1:] == ["  1 entry in the log: “sleep: unpublished”"]

    restore(archive, "--replace", "--discard-newer")
    workflow.suppress_name("moderator", by=root)
    capsys.readouterr()
    with pytest.raises(CommandError, match="Nothing was changed"):
        restore(archive, "--replace")
    assert re.search(r"\d+ other changes on record", capsys.readouterr().err)


def test_a_site_that_cannot_be_read_is_only_replaced_on_demand(site, tmp_path, capsys):
    archive = backup(tmp_path / "backup.tar.gz")

    with empty_database(tmp_path, is_migrated=True):
        User.objects.create_user("newcomer")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE articles_comment RENAME TO articles_remark")

        with pytest.raises(CommandError, match="--discard-newer"):
            restore(archive, "--replace")

    assert re.search("unknown, because its tables can’t be read: .*articles_comment", capsys.readouterr().err)


def test_discarding_is_a_part_of_replacing(tmp_path):
    with pytest.raises(CommandError, match="--discard-newer is for --replace"):
        restore(tmp_path / "backup.tar.gz", "--discard-newer")


@pytest.mark.parametrize("is_open", [True, False])
def test_a_server_that_still_runs_is_named(site, tmp_path, capsys, is_open):
    archive = backup(tmp_path / "backup.tar.gz")

    with opened_elsewhere() if is_open else nullcontext():
        restore(archive, "--replace")

    warned = re.search(r"Something else has the database .* open: .*Stop the server", capsys.readouterr().err)
    assert bool(warned) is is_open


def test_uploads_alone_keep_a_site_from_being_replaced(site, media, tmp_path):
    archive = backup(tmp_path / "backup.tar.gz")

    with empty_database(tmp_path), pytest.raises(CommandError, match=r"There are uploads in .*deep/er/empty"):
        restore(archive)


def test_a_backup_by_an_earlier_release_is_brought_up_to_date(site, media, elsewhere, tmp_path, without_triggers):
    slugs = sorted(Article.objects.values_list("slug", flat=True))
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("articles")[0][1]
    call_command("migrate", "articles", "0025_own_confirmations", verbosity=0)
    with without_triggers():
        ChainLink.objects.filter(article_key=0).delete()  # of row records, which that release didn't have
    archive = backup(tmp_path / "backup.tar.gz")
    if connection.vendor == "postgresql":  # whose tables stay for the next test; on SQLite the file is replaced
        call_command("migrate", verbosity=0)

    with empty_database(tmp_path):
        elsewhere()
        restore(archive)

        assert sorted(Article.objects.values_list("slug", flat=True)) == slugs
        assert MigrationExecutor(connection).migration_plan([("articles", newest)]) == []


@pytest.mark.one_database(reason="PostgreSQL has a snapshot of its own: test_one_state_on_postgresql.")
def test_one_state_while_others_write(site, tmp_path):
    path = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE pairs (one, other)")
    stop, written = threading.Event(), []

    def write():
        with closing(sqlite3.connect(path, timeout=60)) as database:
            number = 0
            while not stop.is_set():
                number += 1
                for column in ("one", "other"):  # one transaction, two rows
                    database.execute(f"INSERT INTO pairs ({column}) VALUES (?)", [number])  # noqa: S608
                database.commit()
                written.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        archives = [backup(tmp_path / f"{number}.tar.gz") for number in range(3)]
    finally:
        stop.set()
        thread.join()

    assert len(written) > 10
    for archive in archives:
        with empty_database(tmp_path):
            restore(archive, "--replace")
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(one), count(other), max(one), max(other) FROM pairs")
                ones, others, newest_one, newest_other = cursor.fetchone()
        assert ones == others == (newest_one or 0) == (newest_other or 0)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite copies pages: test_one_state_while_others_write.")
def test_one_state_on_postgresql(site, monkeypatch, tmp_path, media, elsewhere):
    """What is committed while the tables are read isn't in the backup, although later tables are read afterwards."""
    from ketamine_site.operations.backup import postgresql

    rows = all_rows()
    write = postgresql._written

    def written(*arguments):
        for number, member in enumerate(write(*arguments)):
            if number == 0:
                thread = threading.Thread(target=newcomer)
                thread.start()
                thread.join()
            yield member

    def newcomer():
        User.objects.create_user("newcomer")
        connection.close()

    monkeypatch.setattr(postgresql, "_written", written)
    archive = backup(tmp_path / "backup.tar.gz")

    assert User.objects.filter(username="newcomer").exists()
    with empty_database(tmp_path):
        elsewhere()
        restore(archive)
        assert are_restored(rows)


def test_only_so_many_backups_are_kept(site, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    old = [folder / f"backup-2026010{day}T000000Z.tar.gz" for day in (1, 2, 3)]
    for path in old:
        path.write_bytes(b"old")

    call_command("backup", str(folder), "--keep", "2", verbosity=0)

    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3
    assert names[0] == old[-1].name
    assert names[2] == "notes.txt"


def test_the_folder_of_the_settings_is_made(site, settings, tmp_path):
    settings.BACKUP_FOLDER = tmp_path / "new" / "backups"

    call_command("backup", verbosity=0)

    assert len(list(settings.BACKUP_FOLDER.iterdir())) == 1
    assert stat.S_IMODE(settings.BACKUP_FOLDER.stat().st_mode) == 0o700
    settings.BACKUP_FOLDER = None
    with pytest.raises(CommandError, match="Give a file or folder, or set BACKUP_FOLDER"):
        call_command("backup")


@pytest.mark.parametrize(
    ("target", "options", "message"),
    [
        ("backup.tar.gz", ["--keep", "1"], "isn’t a folder"),
        ("exists", [], "exists already"),
        ("mistyped", [], "There is no folder .*mistyped"),
        ("", ["--keep", "0"], "at least 1"),
        ("nowhere/backup.tar.gz", [], r"can’t be written: .*nowhere.*No such file"),
    ],
)
def test_a_target_that_cannot_be_used_is_named(site, tmp_path, target, options, message):
    (tmp_path / "exists").write_text("mine")

    with pytest.raises(CommandError, match=message):
        backup(tmp_path / target, *options)

    assert (tmp_path / "exists").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["exists"]


def test_uploads_that_cannot_be_read_are_not_left_out_without_a_word(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_text("")

    with pytest.raises(CommandError, match=r"The backup can’t be written: .*/file: Not a directory"):
        backup(tmp_path / "backup.tar.gz")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "media"]


def test_what_is_no_file_is_reported(site, media, tmp_path, capsys):
    (media / "folder").symlink_to(tmp_path)
    (media / "linked").symlink_to(media / "uploads" / "image.webp")
    (media / "dangling").symlink_to(tmp_path / "nowhere")

    call_command("backup", str(tmp_path / "backup.tar.gz"), verbosity=0)

    assert sorted(capsys.readouterr().err.splitlines()) == [
        f"Not backed up: {media / name}, which isn’t a file." for name in ("dangling", "folder")
    ]
