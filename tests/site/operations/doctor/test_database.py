"""The doctor finds faults of the database and of the work in the background, each made for real."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from articles import workflow
from articles.models import Article, BackgroundTask, Mailbox, Notice, Revision, ScheduledJob
from articles.workflow.history import keys, signed_heads
from ketamine_site.operations.doctor import database, diagnose, work
from tests.support.databases.empty import empty_database
from tests.support.factories import make_change, make_published

IS_SQLITE = connection.vendor == "sqlite"


def found(check):
    return {f"{finding.place}: {finding.problem}": finding for finding in check()}


@pytest.mark.one_database(reason="PostgreSQL's durability is test_durability_of_postgresql")
@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous is 1, so a power cut can lose"),
        ("PRAGMA journal_mode=DELETE", "its journal mode is delete, so readers wait"),
    ],
)
def test_durability_of_sqlite(tmp_path, django_db_blocker, command, problem):
    with django_db_blocker.unblock(), empty_database(tmp_path):
        options = connection.settings_dict["OPTIONS"]
        safe = options["init_command"].replace("PRAGMA synchronous=OFF;", "")
        connection.settings_dict["OPTIONS"] = options | {"init_command": safe}
        assert not [text for text in found(database.check_sqlite) if "synchronous" in text or "journal" in text]
        connection.close()
        connection.settings_dict["OPTIONS"] = options | {"init_command": f"{safe} {command};"}

        [text] = [text for text in found(database.check_sqlite) if "synchronous" in text or "journal" in text]

    assert problem in text


@pytest.mark.one_database(reason="PostgreSQL's files are its own")
def test_a_database_that_others_can_read(django_db_blocker):
    with (
        tempfile.TemporaryDirectory() as name,  # pytest's own folders are closed to others
        django_db_blocker.unblock(),
        empty_database(folder := Path(name)),
    ):
        connection.ensure_connection()
        [path] = folder.glob("*.sqlite3")
        readable = []
        for of_folder, of_file in [(0o755, 0o644), (0o755, 0o600), (0o700, 0o644)]:
            folder.chmod(of_folder)
            path.chmod(of_file)
            readable.append(any("password digests" in text for text in found(database.check_sqlite)))

    assert readable == [True, False, False]


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no server")
def test_why_a_server_cannot_be_reached(monkeypatch, db, settings):
    values = connection.settings_dict | {"HOST": "127.0.0.1", "PORT": "1", "PASSWORD": "hidden"}
    values["OPTIONS"] = values["OPTIONS"] | {"pool": {"timeout": 0.2, "min_size": 0, "max_size": 1}}
    own = type(connections["default"])(values, "unreachable")
    monkeypatch.setattr(database, "connection", own)
    monkeypatch.setattr("ketamine_site.operations.database.connection", own)

    [finding] = database.check_reachable()
    connections["unreachable"], settings.REPLICA = own, "unreachable"
    [of_replica] = database.check_replica()

    del connections["unreachable"]
    own.close_pool()
    assert finding.place.endswith(" at 127.0.0.1:1")
    assert "Connection refused" in finding.problem
    assert "hidden" not in str(finding)
    assert (of_replica.place, of_replica.problem) == ("REPLICA_URL", finding.problem)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite's durability is test_durability_of_sqlite")
def test_durability_of_postgresql(db, settings):
    settings.WORKERS = 1
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        is_durable = cursor.fetchone()[0] == "on"  # the tests' own server isn't
        cursor.execute("SET synchronous_commit = on")
        before = set(found(database.check_postgresql))
        cursor.execute("SET synchronous_commit = off")
        after = set(found(database.check_postgresql))

    assert list(after - before) == [
        "synchronous_commit of PostgreSQL: it is off, so a power cut can lose what was acknowledged, or the database"
    ]
    assert any(text.startswith("fsync") for text in before) is not is_durable


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no limit of connections")
def test_too_few_connections(db, settings):
    settings.WORKERS, settings.DATABASE_CONNECTIONS = 60, 5

    wanted = "but 60 workers with 5 each, scheduler, tasks and a command may use 304, on each machine"
    assert any(wanted in text for text in found(database.check_postgresql))


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no replicas")
def test_a_replica_that_is_none(db, settings):
    assert list(database.check_replica()) == []
    settings.REPLICA = "default"

    (text,) = found(database.check_replica)

    assert text.startswith("REPLICA_URL: it is no replica")


def test_migrations_that_are_missing_leave_out_what_needs_them(tmp_path, django_db_blocker):
    with django_db_blocker.unblock(), empty_database(tmp_path):
        connection.ensure_connection()  # makes the file
        [finding] = [finding for finding in diagnose() if finding.check in {"migrations", "scheduler", "doctor"}]

    assert finding.check == "migrations"
    assert "migrations of this release aren’t applied" in finding.problem
    assert finding.remedy == "Back up, then run: manage.py migrate"


def test_migrations_of_a_later_release(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('articles', '9999_next', CURRENT_TIMESTAMP)"
        )

    [text] = found(database.check_migrations)
    assert "doesn’t know, such as articles.9999_next" in text


def test_a_scheduler_that_never_ran(db):
    assert list(found(work.check_scheduler)) == [
        "run_worker: it has never run, so nothing is published on time and no mail is sent"
    ]


def test_a_scheduler_that_stopped_with_late_work_and_a_failed_job(people):
    hour = timezone.now() - timedelta(hours=1)
    ScheduledJob.objects.create(name="publishing", ended_at=hour, succeeded_at=hour)
    ScheduledJob.objects.create(name="mail", ended_at=hour, error="OSError: no route.")
    change = make_change(make_published("sleep", **people), by=people["by"], lead="Another lead.")
    workflow.approve(change, by=people["moderator"])
    Revision.objects.filter(pk=change.pk).update(publish_at=hour)

    stopped, late, failed = found(work.check_scheduler)

    assert f"it last ran at {hour:%Y-%m-%d %H:%M} UTC" in stopped
    assert late == "1 texts: they should have been published or unpublished by now"
    assert failed == "mail: its last run failed: OSError: no route"


def test_a_scheduler_that_works(db):
    now = timezone.now()
    ScheduledJob.objects.create(name="publishing", ended_at=now, succeeded_at=now)

    assert found(work.check_scheduler) == {}


def test_tasks_that_nobody_does_and_that_failed(db, settings):
    now = timezone.now()
    assert found(work.check_tasks) == {}
    waiting = BackgroundTask.objects.create(kind="checks", created_at=now, due_at=now - timedelta(minutes=4))
    assert found(work.check_tasks) == {}
    BackgroundTask.objects.filter(pk=waiting.pk).update(due_at=now - timedelta(minutes=7))
    BackgroundTask.objects.create(kind="import", created_at=now, due_at=now, ended_at=now, state="failed")

    late, failed = found(work.check_tasks)

    assert late == "1 background task: waiting, the longest for 7 minutes, and no worker does anything"
    assert failed == "1 background task: failed within the last day"
    BackgroundTask.objects.create(kind="checks", created_at=now, due_at=now, state="running")
    assert "waiting for 1 other, " in next(iter(found(work.check_tasks)))


def test_a_broker_that_cannot_be_used(db, settings, monkeypatch):
    celery = pytest.importorskip("ketamine_site.celery")
    settings.CELERY_BROKER_URL = "redis://:secret@127.0.0.1:1/0"
    monkeypatch.setattr(celery.app.conf, "broker_write_url", settings.CELERY_BROKER_URL)

    [text] = found(work.check_tasks)

    assert text.startswith("CELERY_BROKER_URL: the broker can’t be used: ")
    assert "secret" not in text


def test_mail_that_was_given_up(people, settings):
    settings.EMAIL_IS_ON, settings.DEFAULT_FROM_EMAIL = True, "site@example.org"
    article = make_published("sleep", **people)
    assert found(work.check_mail) == {}
    Notice.objects.create(
        user=people["by"], kind="decided", article=article, text="Approved", at=timezone.now(), mail=Notice.Mail.FAILED
    )

    [(text, finding)] = found(work.check_mail).items()
    assert text == "1 notices: their mail was given up after several attempts"
    assert "deliver_notices --retry-failed" in finding.remedy


def test_a_mailbox_that_refuses_mail(editor, settings):
    settings.EMAIL_IS_ON, settings.DEFAULT_FROM_EMAIL = True, "site@example.org"
    Mailbox.objects.create(user=editor, failures=3, failing_address=editor.email)

    assert [text.partition(":")[0] for text in found(work.check_mail)] == ["1 mailboxes"]


def test_pages_of_an_earlier_release(people):
    article = make_published("sleep", **people)
    assert found(work.check_pages) == {}
    article = Article.objects.get(pk=article.pk)
    type(article.published_revision.rendering).objects.update(renderer_version=0)

    [finding] = work.check_pages()
    assert (finding.place, finding.remedy) == ("1 published articles", "Run: manage.py rebuild --stale")


def test_accounts_and_groups_that_are_missing(db):
    assert list(found(work.check_accounts)) == ["superusers: there is none"]
    User.objects.create_superuser("root", "root@example.org", "a long test password")
    assert found(work.check_accounts) == {}
    Group.objects.filter(name="Moderators").delete()

    assert list(found(work.check_accounts)) == ["Moderators: these groups are missing"]


def test_groups_that_lack_permissions_of_this_release(db):
    User.objects.create_superuser("root", "root@example.org", "a long test password")
    permissions = {name: Group.objects.get(name=name).permissions for name in ("Editors", "Moderators")}
    permissions["Editors"].remove(Permission.objects.get(codename="share_draft"))
    permissions["Moderators"].add(Permission.objects.get(codename="erase_revision"))  # more is for the site to decide

    [finding] = work.check_accounts()
    assert (finding.place, finding.problem) == ("Editors", "the group lacks permissions: share_draft")
    assert finding.remedy == "Run: manage.py ensure_groups"
    call_command("ensure_groups", verbosity=0)
    assert found(work.check_accounts) == {}


def test_a_check_that_cannot_go_on_is_a_finding(transactional_db, without_triggers):
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_scheduledjob RENAME TO elsewhere")
        try:
            findings = [finding for finding in diagnose() if finding.check == "doctor"]
        finally:
            cursor.execute("ALTER TABLE elsewhere RENAME TO articles_scheduledjob")

    assert [(finding.place, finding.problem.split(":")[0]) for finding in findings] == [
        ("check_scheduler", "it can’t go on"),
        ("check_tasks", "it can’t go on"),
    ]


def test_a_database_that_is_older_than_what_was_signed(db, settings, tmp_path):
    settings.SIGNED_HEADS_FILE = tmp_path / "heads.txt"
    assert found(work.check_signatures) == {}
    signed_heads.note(keys.load(), f"7:{'0' * 64}")

    [text] = found(work.check_signatures)

    assert text.startswith(f"{tmp_path}/heads.txt: signing has stopped: the site’s chain doesn’t contain 7:000")
    assert text.endswith("the database is older than that, or its chain has been rewritten")
    settings.SIGNED_HEADS_FILE = tmp_path  # as a check of Django's says
    assert found(work.check_signatures) == {}
