"""The scheduler's jobs: one that fails is recorded and stops neither the others nor the scheduler."""

import os
import signal
import threading
from datetime import timedelta
from queue import SimpleQueue

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from articles import workflow
from articles.management.commands.run_worker import is_stopped
from articles.models import Article, Notice, Revision, ScheduledJob, Tally
from articles.workflow import InvalidTransition
from articles.workflow.scheduling import due, jobs, run_job, run_jobs
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db


def make_due(*slugs):
    """Approved revisions whose time has come, the first slug's first."""
    author, moderator, episode = make_user(), make_moderator(), make_episode()
    for minutes, slug in enumerate(slugs):
        revision = make_draft(slug, by=author, title=slug.capitalize(), episode=episode)
        workflow.submit(revision, by=author)
        workflow.approve(revision, by=moderator)
        workflow.schedule(revision, by=moderator, publish_at=timezone.now() + timedelta(hours=1))
        Revision.objects.filter(pk=revision.pk).update(publish_at=timezone.now() - timedelta(minutes=5 - minutes))


def public():
    return set(Article.objects.published().values_list("slug", flat=True))


def job(name):
    return ScheduledJob.objects.get(name=name)


def test_jobs_publish_count_and_mail(settings, mailoutbox):
    settings.EMAIL_IS_ON = True
    make_due("naps", "dreams")

    assert run_jobs() == []

    assert public() == {"naps", "dreams"}
    assert Tally.objects.filter(on=timezone.localdate()).exists()
    assert Notice.objects.unsent().count() == 0
    assert len(mailoutbox) == Notice.objects.filter(mail="sent").count() > 0
    assert [(row.name, row.error) for row in ScheduledJob.objects.all()] == [
        ("mail", ""),
        ("publishing", ""),
        ("tasks", ""),
    ]


def test_a_text_that_cannot_be_published_stops_no_other(monkeypatch, caplog):
    make_due("naps", "dreams")
    move_pointer = due.move_pointer

    def fail(revision, *args, **kwargs):
        if revision.slug == "naps":
            raise KeyError("glossary")
        return move_pointer(revision, *args, **kwargs)

    with monkeypatch.context() as broken:
        broken.setattr(due, "move_pointer", fail)
        published, _, failed = run_job("publishing")

    assert [revision.slug for revision in published] == ["dreams"]
    assert [(revision.slug, type(error)) for revision, error in failed] == [("naps", KeyError)]
    assert "KeyError: 'glossary'" in caplog.text
    assert job("publishing").error.endswith("KeyError: 'glossary'")
    assert job("publishing").succeeded_at is not None

    assert run_jobs() == []  # it stayed due, and is tried again

    assert public() == {"naps", "dreams"}
    assert job("publishing").error == ""


def test_an_article_that_cannot_be_unpublished_stops_no_other(monkeypatch):
    now = timezone.now()
    people = {"by": make_user(), "moderator": make_moderator()}
    for slug in ("naps", "dreams"):
        make_published(slug, **people)
    Article.objects.update(take_down_at=now)  # by no schedule, so nobody is known in whose name to do it

    _, unpublished, failed = workflow.publish_due(now + timedelta(seconds=1))

    assert unpublished == []
    assert {article.slug for article, _ in failed} == {"naps", "dreams"}


def test_a_lock_that_another_process_holds_cancels_no_schedule(monkeypatch):
    make_due("naps")

    def fail(*args, **kwargs):
        raise InvalidTransition("busy") from OperationalError("database is locked")

    with monkeypatch.context() as busy:
        busy.setattr(due, "_publish", fail)
        assert [str(error) for _, error in workflow.publish_due()[2]] == ["busy"]
    assert not Notice.objects.filter(kind="not_published").exists()

    assert len(workflow.publish_due()[0]) == 1


def test_a_job_that_fails_stops_no_other(monkeypatch, settings, mailoutbox, caplog):
    settings.EMAIL_IS_ON = True
    make_due("naps")

    def fail():
        raise RuntimeError("no luck")

    monkeypatch.setitem(jobs.JOBS, ScheduledJob.Name.PUBLISHING, fail)

    assert run_jobs() == ["publishing"]

    assert (job("publishing").error, job("publishing").succeeded_at) == ("RuntimeError: no luck", None)
    assert "RuntimeError: no luck" in caplog.text
    assert job("mail").error == ""
    assert mailoutbox
    with pytest.raises(RuntimeError, match="no luck"):
        run_job("publishing")


def test_a_database_that_is_down_for_a_while_does_not_end_the_scheduler(monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise DatabaseError("gone")

    with monkeypatch.context() as down:
        down.setattr(due.Revision.objects, "due", fail)
        down.setattr(ScheduledJob.objects, "update_or_create", fail)
        assert run_jobs() == ["publishing", "mail", "tasks"]
    assert caplog.text.count("DatabaseError: gone") >= 2

    assert run_jobs() == []


def test_statistics_that_fail_are_recorded_and_undo_no_publication(monkeypatch):
    make_due("naps")

    def fail(*args, **kwargs):
        raise ZeroDivisionError("no citations")

    monkeypatch.setattr(jobs.statistics, "record_if_due", fail)

    run_job("publishing")

    assert public() == {"naps"}
    assert job("publishing").error == "statistics: ZeroDivisionError: no citations"


# Commands -----------------------------------------------------------------------------------------


def test_publish_due_says_what_it_did_and_counts_as_a_run(capsys):
    make_due("naps")

    call_command("publish_due")

    assert capsys.readouterr().out == f"Published: {Revision.objects.get()}\n"
    assert job("publishing").succeeded_at is not None


@pytest.mark.django_db(transaction=True)  # it closes its connections between runs
def test_run_scheduler_works_at_once_and_stops_when_told(settings):
    settings.SCHEDULER_SECONDS = 3600
    make_due("naps")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    timer = threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGTERM])
    try:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # until the command has its own handler
        timer.start()
        call_command("run_scheduler")
    finally:
        timer.cancel()
        for number, handler in handlers.items():
            signal.signal(number, handler)

    assert public() == {"naps"}


def test_waiting_ends_after_its_time_or_with_the_parent():
    signals = SimpleQueue()

    assert is_stopped(signals, 0.01, parent=None) is False
    assert is_stopped(signals, 0.01, parent=os.getppid()) is False
    assert is_stopped(signals, 3600, parent=os.getppid() + 1) is True


def test_a_compaction_in_a_transaction_is_refused_before_it_ends_the_transaction():
    with pytest.raises(TransactionManagementError):
        run_job(ScheduledJob.Name.COMPACTION)

    assert job(ScheduledJob.Name.COMPACTION).error.startswith("TransactionManagementError")
