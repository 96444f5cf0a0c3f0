"""A task is begun after the commit, done by one worker, tried again after a failure, and ended when told."""

import gzip
import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from articles import workflow
from articles.models import BackgroundTask, ScheduledJob, TaskFilePart
from articles.workflow import tasks
from articles.workflow.scheduling import run_job
from articles.workflow.tasks import kinds, messages, progress, recovery, running
from tests.support.factories import make_change, make_published, make_user

State, Kind = BackgroundTask.State, BackgroundTask.Kind
pytestmark = pytest.mark.django_db

calls = []  # the arguments of each call of `work`


def work(run, **arguments):
    calls.append(arguments)
    behave = arguments.get("behave")
    run.step(0, 2)
    if behave == "fail":
        raise KeyError("a secret word of the text")
    if behave == "refuse":
        raise tasks.Refusal("There is nothing to do.")
    run.write("one,")
    run.step(1, 2)
    run.write("two")
    run.step(2, 2)
    return {"repeated": run.is_repeated}


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    calls.clear()
    monkeypatch.setitem(kinds.FUNCTIONS, Kind.IMPORT, f"{__name__}.work")
    yield
    progress.stopping.clear()


def started(**arguments):
    """A task that waits; its message went nowhere, as this test's transaction is never committed."""
    return tasks.start(Kind.IMPORT, arguments)


def stored(task):
    return BackgroundTask.objects.get(pk=task.pk)


def text_of(task):
    parts = TaskFilePart.objects.filter(task=task).order_by("number")
    return b"".join(gzip.decompress(bytes(part.data)) for part in parts).decode()


def test_each_kind_has_a_function():
    assert set(kinds.FUNCTIONS) == set(Kind)
    assert all(callable(import_string(path)) for path in kinds.FUNCTIONS.values())


def test_it_is_begun_after_the_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        task = started(number=1)
        assert calls == []

    assert len(callbacks) == 1
    assert calls == [{"number": 1}]
    task = stored(task)
    assert (task.state, task.done, task.total, task.result) == (State.DONE, 2, 2, {"repeated": False})
    assert (task.claim, task.claimed_until, task.error) == ("", None, "")
    assert text_of(task) == "one,two"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_begun_if_the_transaction_fails():
    with transaction.atomic():
        started()
        transaction.set_rollback(True)

    assert calls == []
    assert not BackgroundTask.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_that_cant_be_sent_after_the_commit_is_logged(monkeypatch, caplog):
    def fail(pk):
        raise OperationalError("the connection was lost")

    monkeypatch.setattr("articles.workflow.tasks.queue.send", fail)

    task = started()
    tasks.cancel(task)
    tasks.retry(task)

    assert caplog.text.count("in on_commit() (the connection was lost)") == 2
    assert stored(task).state == State.WAITING


def test_a_message_that_comes_again_does_nothing_twice():
    task = started()

    messages.work_on.enqueue(task.pk)
    messages.work_on.enqueue(task.pk)
    running.run(task.pk)

    assert len(calls) == 1


def let_wait(task):
    """Let a task wait whose message has just been followed, because this test's transactions are committed."""
    BackgroundTask.objects.filter(pk=task.pk).update(
        state=State.WAITING, attempts=0, runs=0, done=0, result={}, sent_at=None
    )
    calls.clear()
    return task


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_does_it():
    task = let_wait(started())
    barrier = threading.Barrier(4)

    def worker():
        barrier.wait()
        running.run(task.pk)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(calls) == 1
    assert stored(task).state == State.DONE


def test_of_those_with_the_same_key_one_waits():
    first = tasks.start(Kind.IMPORT, {}, key="checks episode 1")
    assert tasks.start(Kind.IMPORT, {}, key="checks episode 1") == first
    assert tasks.start(Kind.IMPORT, {}, key="checks episode 2") != first

    running.run(first.pk)

    assert tasks.start(Kind.IMPORT, {}, key="checks episode 1") != first


@pytest.mark.django_db(transaction=True)
def test_one_that_waits_is_begun_after_the_commit_of_whoever_counts_on_it():
    first = let_wait(tasks.start(Kind.IMPORT, {}, key="k"))

    def work_on_it():
        running.run(first.pk)
        connection.close()

    worker = threading.Thread(target=work_on_it)
    with transaction.atomic():
        make_user("committed with it")
        assert tasks.start(Kind.IMPORT, {}, key="k") == first
        worker.start()
        worker.join(0.5)
        assert calls == []
    worker.join()

    assert len(calls) == 1


def test_what_the_database_refuses_is_not_taken_for_another_task(monkeypatch):
    started()
    monkeypatch.setattr(type(BackgroundTask.objects), "create", refuse)

    with pytest.raises(IntegrityError):
        started()


def refuse(*args, **columns):
    raise IntegrityError


def test_one_that_waits_already_does_the_work_of_one_that_would_wait_again(monkeypatch):
    def start_again():
        progress.stopping.set()
        tasks.start(Kind.IMPORT, {}, key="k")

    first = interrupted(tasks.start(Kind.IMPORT, {}, key="k"), monkeypatch, start_again)

    assert (first.state, first.error) == (State.CANCELLED, "Another task that waits does the same.")
    assert tasks.retry(first) == BackgroundTask.objects.waiting().get() != first
    assert stored(first).state == State.CANCELLED


def test_a_failure_is_tried_again_later_and_given_up_in_the_end(caplog):
    task = started(behave="fail")
    waits = []
    for _ in running.RETRY_AFTER:
        before = timezone.now()
        running.run(task.pk)
        task = stored(task)
        assert task.state == State.WAITING
        assert "failed with KeyError; it will be tried again" in task.error
        assert "secret" not in task.error
        waits.append(round((task.due_at - before).total_seconds()))
        running.run(task.pk)  # not due yet
        BackgroundTask.objects.update(due_at=before)
    assert waits == [30, 300, 1800]

    running.run(task.pk)

    task = stored(task)
    assert (task.state, task.attempts, len(calls)) == (State.FAILED, 4, 4)
    assert task.error.startswith("It failed 4 times, at last with KeyError.")
    assert "secret word" in caplog.text

    running.run(task.pk)
    assert len(calls) == 4
    assert tasks.retry(task) == task
    task = stored(task)
    assert (task.state, task.attempts, task.error) == (State.WAITING, 0, "")


def test_a_refusal_is_not_tried_again():
    task = started(behave="refuse")

    running.run(task.pk)

    assert (stored(task).state, stored(task).error) == (State.FAILED, "There is nothing to do.")


def test_cancelling_one_that_waits():
    task = started()

    assert tasks.cancel(task) is True
    assert tasks.cancel(task) is False
    running.run(task.pk)

    assert stored(task).state == State.CANCELLED
    assert calls == []
    assert tasks.retry(task) == task
    assert tasks.retry(task) is None
    running.run(task.pk)
    assert stored(task).state == State.DONE
    assert tasks.cancel(stored(task)) is False


def interrupted(task, monkeypatch, act):
    """Run the task, and do `act` while it runs, between its first and its second step."""
    write = progress.Progress.write

    acts = [act]

    def watched(run, text):
        if text == "two" and acts:
            acts.pop()()
        write(run, text)

    with monkeypatch.context() as patched:
        patched.setattr(progress.Progress, "write", watched)
        running.run(task.pk)
    return stored(task)


def test_cancelling_one_that_runs_ends_it_at_its_next_step(monkeypatch):
    task = interrupted(started(), monkeypatch, lambda: tasks.cancel(BackgroundTask.objects.get()))

    assert (task.state, task.done, task.claim) == (State.CANCELLED, 1, "")
    assert text_of(task) == ""


def test_one_that_was_cancelled_and_fails_is_not_tried_again(monkeypatch):
    def cancel_and_fail():
        tasks.cancel(BackgroundTask.objects.get())
        raise KeyError

    assert interrupted(started(), monkeypatch, cancel_and_fail).state == State.CANCELLED


def test_a_new_attempt_says_nothing_of_the_failure_before(monkeypatch):
    task, errors = started(), []
    BackgroundTask.objects.update(error="Attempt 1 failed.")

    interrupted(task, monkeypatch, lambda: errors.append(stored(task).error))

    assert errors == [""]


def test_a_worker_that_is_told_to_end_puts_back_what_it_does(monkeypatch):
    task = interrupted(started(), monkeypatch, progress.stopping.set)

    assert (task.state, task.attempts, task.runs, task.sent_at) == (State.WAITING, 0, 1, None)

    progress.stopping.clear()
    running.run(task.pk)

    assert stored(task).result == {"repeated": True}
    assert text_of(task) == "one,two"


def kill_worker(task, **columns):
    """Leave the task as a worker does that is killed while doing it, and whose time is up."""
    past = timezone.now() - timedelta(seconds=1)
    BackgroundTask.objects.filter(pk=task.pk).update(
        **{"state": State.RUNNING, "claim": "killed", "claimed_until": past, "attempts": 1, "runs": 1} | columns
    )


def test_what_a_killed_worker_did_is_done_again():
    task = started()
    kill_worker(task)
    TaskFilePart.objects.create(task=task, number=0, data=b"half")

    assert recovery.recover() == (1, 1)

    assert stored(task).result == {"repeated": True}
    assert text_of(task) == "one,two"


def test_what_is_still_being_done_is_left_alone():
    task = started()
    kill_worker(task, claimed_until=timezone.now() + timedelta(seconds=30))

    assert recovery.recover() == (0, 0)
    running.run(task.pk)

    assert calls == []


@pytest.mark.parametrize(("longest", "is_kept"), [(60, True), (0, False)])
@pytest.mark.django_db(transaction=True)
def test_a_long_step_keeps_the_task_unless_it_hangs(longest, is_kept, monkeypatch):
    monkeypatch.setattr(progress, "ALIVE_SECONDS", 0.02)
    monkeypatch.setattr(progress, "LONGEST_STEP", longest)
    task = let_wait(started())
    past = timezone.now() - timedelta(seconds=1)
    kept = []

    def take_long():
        BackgroundTask.objects.update(claimed_until=past)
        end = time.monotonic() + (10 if is_kept else 0.5)
        while time.monotonic() < end and stored(task).claimed_until == past:
            time.sleep(0.02)
        kept.append(stored(task).claimed_until > timezone.now())

    interrupted(task, monkeypatch, take_long)

    assert kept == [is_kept]


def test_one_that_kills_each_worker_fails_in_the_end():
    task = started()
    kill_worker(task, attempts=running.ATTEMPTS)

    recovery.recover()

    assert stored(task).state == State.FAILED
    assert stored(task).error == "The worker was killed during each of 4 attempts."
    assert calls == []


def test_a_worker_that_was_taken_for_dead_writes_nothing_any_more(monkeypatch):
    def take_over():
        kill_worker(BackgroundTask.objects.get())
        recovery.recover()

    task = interrupted(started(), monkeypatch, take_over)

    assert len(calls) == 2
    assert (task.state, task.result) == (State.DONE, {"repeated": True})
    assert text_of(task) == "one,two"


def test_a_message_that_was_lost_is_sent_again(monkeypatch):
    task = started()
    monkeypatch.setattr(type(messages.work_on), "enqueue", fail)

    messages.send(task.pk)  # a broker that is down keeps nobody from saving

    assert stored(task).sent_at is None
    monkeypatch.undo()
    monkeypatch.setitem(kinds.FUNCTIONS, Kind.IMPORT, f"{__name__}.work")
    run_job(ScheduledJob.Name.TASKS)
    assert stored(task).state == State.DONE


def fail(*args):
    raise ConnectionError("No broker.")


def test_old_tasks_files_and_messages_are_deleted():
    now = timezone.now()
    task = started()
    running.run(task.pk)
    ready, begun, *_ = (
        DBTaskResult.objects.create(
            args_kwargs={"args": [1], "kwargs": {}}, task_path="x", backend_name="default", status=status
        )
        for status in ("READY", "RUNNING", "FAILED", "SUCCESSFUL")
    )
    recovery.tidy()
    assert text_of(task)
    assert DBTaskResult.objects.count() == 4

    BackgroundTask.objects.update(ended_at=now - timedelta(days=1, minutes=1))
    DBTaskResult.objects.update(enqueued_at=now - timedelta(hours=2))
    recovery.tidy()
    assert text_of(task) == ""
    assert set(DBTaskResult.objects.all()) == {ready, begun}  # others would fail to note how a long one ended
    DBTaskResult.objects.update(enqueued_at=now - timedelta(days=2, minutes=1))
    recovery.tidy()
    assert not DBTaskResult.objects.exists()
    assert BackgroundTask.objects.exists()

    BackgroundTask.objects.update(ended_at=now - timedelta(days=31))
    recovery.tidy()
    assert not BackgroundTask.objects.exists()


def test_the_account_of_who_started_it_can_be_deleted():
    user = make_user("somebody")
    task = tasks.start(Kind.IMPORT, {}, by=user)

    user.delete()

    assert stored(task).by is None


@pytest.fixture
def erasable(people):
    article = make_published(**people)
    change = make_change(article, by=people["by"], lead="A lead to be erased.")
    workflow.reject(change, by=people["moderator"], comment="No.")
    return change


@pytest.fixture
def erase(erasable, administrator):
    return lambda: workflow.erase(erasable, by=administrator, reason="A court says so.")


def test_an_erasure_ends_exports_that_run_and_deletes_files(monkeypatch, erase):
    monkeypatch.setitem(kinds.FUNCTIONS, Kind.EXPORT, f"{__name__}.work")
    monkeypatch.setattr(progress, "PART_BYTES", 3)
    earlier = tasks.start(Kind.EXPORT, {})
    running.run(earlier.pk)
    assert text_of(earlier) == "one,two"

    task = interrupted(tasks.start(Kind.EXPORT, {}), monkeypatch, erase)

    assert (task.state, task.error) == (State.CANCELLED, "A text was erased meanwhile. Try again.")
    assert not TaskFilePart.objects.exists()
    assert tasks.retry(task) == task
    running.run(task.pk)
    assert text_of(task) == "one,two"


def test_an_export_that_began_during_the_transaction_of_an_erasure(erase, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase()
        task = tasks.start(Kind.EXPORT, {})
        kill_worker(task, claimed_until=timezone.now() + timedelta(seconds=30))
        TaskFilePart.objects.create(task=task, number=0, data=b"A lead to be erased.")

    assert stored(task).is_cancelled
    assert not TaskFilePart.objects.exists()


@pytest.mark.parametrize(("erased", "count"), [("options", 0), ("import", 0), ("Rest", 1)])
def test_the_sites_own_words_in_arguments_are_no_quotation(erased, count):
    started(command="import_articles", options={"show": ""}, paths={"paths": ["/srv/Rest.md"]})

    assert tasks.forget(lambda text: erased in text) == count


def test_a_task_whose_arguments_quote_what_was_erased_is_refused(erase):
    task, other = started(paths="/srv/a-lead-to-be-erased.md"), started(paths="/srv/another-lead.md")

    erase()

    running.run(task.pk)
    running.run(other.pk)
    assert (stored(task).state, stored(task).error) == (State.FAILED, "What it was about has been erased.")
    assert calls == [{"paths": "/srv/another-lead.md"}]
