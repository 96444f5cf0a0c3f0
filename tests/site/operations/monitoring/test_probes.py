"""The probes answer whoever asks, wherever it asks, and say whether to restart a process or to send it no readers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles import workflow
from articles.models import BackgroundTask, Notice, Revision, ScheduledJob
from tests.support.databases.empty import empty_database
from tests.support.factories import make_change, make_published

PROBES = ["/livez", "/readyz"]


def ran(ago):
    moment = timezone.now() - ago
    ScheduledJob.objects.create(name="publishing", ended_at=moment, succeeded_at=moment)


@pytest.mark.parametrize("path", PROBES)
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_probe_is_neither_redirected_nor_refused_nor_cached(client, db, settings, path, method):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_SSL_HOST = "example.org"

    response = getattr(client, method)(path, headers={"host": "10.1.2.3:8000"})

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert client.get("/", headers={"host": "10.1.2.3:8000"}).status_code == 301


@pytest.mark.parametrize("path", [*PROBES, "/metrics"])
def test_a_probe_changes_nothing(client, path):
    response = client.post(path)

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


def test_a_live_process_needs_no_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/livez").json() == {"status": "alive"}


def test_a_ready_process_tells_of_the_work_in_the_background(client, db):
    ran(timedelta(seconds=10))

    assert client.get("/readyz").json() | {"scheduler": None} == {
        "status": "ready",
        "database": "ok",
        "unapplied_migrations": 0,
        "scheduler": None,
        "queues": {
            "publishing": {"late": 0, "oldest_age": None},
            "mail": {"waiting": 0, "oldest_age": None, "failed": 0},
            "tasks": {"waiting": 0, "running": 0, "oldest_age": None, "failed": 0},
        },
    }


def test_late_work_is_reported_but_takes_no_process_out(client, people):
    ran(timedelta(hours=1))
    article = make_published("sleep", **people)
    change = workflow.approve(make_change(article, by=people["by"], lead="Another lead."), by=people["moderator"])
    Revision.objects.filter(pk=change.pk).update(publish_at=timezone.now() - timedelta(hours=2))
    Notice.objects.all().delete()
    for minutes, mail in ((30, Notice.Mail.WAITING), (10, Notice.Mail.WAITING), (99, Notice.Mail.FAILED)):
        at = timezone.now() - timedelta(minutes=minutes)
        Notice.objects.create(user=people["by"], kind="decided", article=article, text="Secret", at=at, mail=mail)
    later = timezone.now() + timedelta(hours=1)
    Notice.objects.create(user=people["by"], kind="decided", article=article, text="Later", at=later, mail_due_at=later)

    now = timezone.now()
    for state, minutes in (
        ("waiting", 40),
        ("waiting", 20),
        ("waiting", -5),
        ("running", 50),
        ("failed", 0),
        ("done", 0),
    ):
        at = now - timedelta(minutes=minutes)
        BackgroundTask.objects.create(kind="checks", state=state, created_at=at, due_at=at, ended_at=now)

    response = client.get("/readyz")

    found = response.json()
    assert (response.status_code, found["status"]) == (200, "ready")
    assert found["scheduler"]["running"] is False
    assert found["scheduler"]["last_run_age"] == pytest.approx(3600, abs=60)
    assert found["queues"]["publishing"] == {"late": 1, "oldest_age": pytest.approx(7200, abs=60)}
    assert found["queues"]["mail"] == {"waiting": 2, "oldest_age": pytest.approx(1800, abs=60), "failed": 1}
    assert found["queues"]["tasks"] == {
        "waiting": 2,
        "running": 1,
        "oldest_age": pytest.approx(2400, abs=60),
        "failed": 1,
    }
    assert "Secret" not in response.text


def test_a_database_without_the_migrations_is_not_ready(client, tmp_path, django_db_blocker):
    with django_db_blocker.unblock(), empty_database(tmp_path):
        response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (503, "not ready")
    assert response.json()["unapplied_migrations"] > 20


def test_a_database_of_the_next_release_is_ready(client, db):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('articles', '9999_next', CURRENT_TIMESTAMP)"
        )

    assert client.get("/readyz").status_code == 200


@pytest.mark.one_database(reason="the answer depends on Django's exception, which both databases raise")
def test_a_database_that_cannot_be_reached_is_not_ready(client, tmp_path, django_db_blocker, monkeypatch):
    with django_db_blocker.unblock(), empty_database(tmp_path):
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "nowhere" / "db.sqlite3"))
        response = client.get("/readyz")
        live = client.get("/livez")

    assert (response.status_code, response.json()) == (503, {"status": "not ready", "database": "unreachable"})
    assert live.status_code == 200
