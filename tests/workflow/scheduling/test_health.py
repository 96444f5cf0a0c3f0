"""Whether the scheduler still runs, and what is late: on the review queue, and for monitoring."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from articles import workflow
from articles.models import Article, Revision, ScheduledJob
from articles.views.machine import health
from articles.workflow.scheduling import check_health, run_jobs
from tests.support.clients import logged_in
from tests.support.factories import make_draft, make_episode, make_published

pytestmark = pytest.mark.django_db

NEVER = "It has never run."


@pytest.fixture
def late(editor, moderator):
    """A scheduled revision and a published article, both three minutes late."""
    past = timezone.now() - timedelta(minutes=3)
    revision = make_draft("naps", by=editor, title="Naps & dreams", episode=make_episode())
    workflow.submit(revision, by=editor)
    workflow.approve(revision, by=moderator)
    workflow.schedule(revision, by=moderator, publish_at=timezone.now() + timedelta(hours=1))
    Revision.objects.filter(pk=revision.pk).update(publish_at=past)
    article = make_published("tides", by=editor, moderator=moderator, title="Tides")
    Article.objects.filter(pk=article.pk).update(take_down_at=past)
    return revision, article


def ran(ago, error=""):
    """Record that publishing last succeeded some time ago."""
    moment = timezone.now() - ago
    values = {"succeeded_at": moment, "ended_at": moment, "error": error}
    ScheduledJob.objects.update_or_create(name="publishing", defaults=values)
    return moment


@pytest.mark.parametrize(
    ("interval", "ago", "is_running"), [(30, 110, True), (30, 130, False), (300, 1190, True), (300, 1210, False)]
)
def test_a_run_is_too_old_after_four_intervals_and_at_least_two_minutes(settings, interval, ago, is_running):
    settings.SCHEDULER_SECONDS = interval
    ran(timedelta(seconds=ago))

    assert check_health().is_running is is_running


@pytest.mark.parametrize("minutes", [0, 1])
def test_what_is_due_is_not_late_at_once(late, minutes):
    moment = timezone.now() - timedelta(minutes=minutes)
    Revision.objects.update(publish_at=moment)
    Article.objects.update(take_down_at=moment)

    assert check_health().late_count == 0


def test_many_late_texts_are_counted_and_the_first_ones_shown(late, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("articles.workflow.scheduling.health.SHOWN", 0)

    with django_assert_num_queries(5):
        found = check_health()

    assert (found.late_revisions, found.late_articles, found.late_count) == ([], [], 2)


# For monitoring -----------------------------------------------------------------------------------


def test_health_says_what_monitoring_needs(client):
    moment = ran(timedelta(seconds=10))

    response = client.get("/health/")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "last_run": moment.isoformat(timespec="seconds"), "late_revisions": 0}
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_health_counts_what_is_late_and_names_nothing(client, late):
    ran(timedelta(seconds=10), error="Naps: KeyError")

    response = client.get("/health/")

    assert (response.status_code, response.json()["status"], response.json()["late_revisions"]) == (200, "late", 2)
    assert "Naps" not in response.text


@pytest.mark.parametrize("ago", [None, timedelta(minutes=3)])
def test_health_fails_if_the_scheduler_is_not_running(client, ago):
    if ago:
        ran(ago)

    response = client.get("/health/")

    assert (response.status_code, response.json()["status"]) == (503, "scheduler not running")


def test_health_fails_if_the_database_is_down(client, monkeypatch):
    def fail():
        raise OperationalError("could not connect to server at db.example.org")

    monkeypatch.setattr(health, "check_health", fail)

    response = client.get("/health/")

    assert response.status_code == 503
    assert response.json() == {"status": "no database", "last_run": None, "late_revisions": None}


def test_health_is_not_redirected_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    ran(timedelta(seconds=10))

    assert client.get("/health/").status_code == 200
    assert client.get("/").status_code == 301
    assert client.post("/health/").status_code == 405


# On the review queue ------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", ["", "?tab=scheduled"])
def test_review_queue_shows_the_last_run(moderator, tab):
    run_jobs()

    shown = logged_in(moderator).get(f"/admin/{tab}").text

    assert "Scheduled publishing last ran at" in shown
    assert "data-scheduler-alert" not in shown


def test_review_queue_alerts_to_what_is_late(moderator, late):
    ran(timedelta(seconds=10), error="naps, revision 1: KeyError: 'x'")
    revision, article = late

    shown = logged_in(moderator).get("/admin/").text

    assert "2 scheduled changes are late:" in shown
    assert (
        f'<a href="/admin/articles/revision/{revision.pk}/change/" dir="auto">Naps &amp; dreams</a>: publish at'
        in shown
    )
    assert (
        f'<a href="/admin/articles/revision/{article.published_revision_id}/change/" dir="auto">Tides</a>: unpub'
        in shown
    )
    assert "The scheduler’s last error: publishing: naps, revision 1: KeyError: &#x27;x&#x27;" in shown
    assert "isn’t running" not in shown


def test_review_queue_alerts_to_a_scheduler_that_is_not_running(moderator, editor):
    client = logged_in(moderator)
    assert NEVER in client.get("/admin/").text
    ran(timedelta(minutes=20))

    shown = client.get("/admin/").text

    assert "Scheduled publishing isn’t running.</strong> It last ran 20\xa0minutes ago." in shown
    assert "Scheduled publishing" not in logged_in(editor).get("/admin/").text
