"""Workers as processes: a task whose worker is killed is finished by the next one, and nothing is done twice."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager

import pytest
from kombu.exceptions import OperationalError

from ketamine_site.celery import app, execute
from tests.support.paths import PROJECT
from tests.support.servers.production import children_of, environment_in, manage, running, wait_for

FILES = 80
pytestmark = pytest.mark.one_database(reason="starts a server with a database of its own")


@pytest.fixture
def environment(prepared, tmp_path, sites):
    sites.append(tmp_path)
    shutil.copytree(prepared, tmp_path, ignore=shutil.ignore_patterns("static"), dirs_exist_ok=True)
    return environment_in(tmp_path, SCHEDULER_SECONDS="1", STATIC_ROOT=str(prepared / "static"), WORKERS="1")


@pytest.fixture
def received(tmp_path):
    """A folder with many articles, which take seconds to import."""
    folder = tmp_path / "received"
    folder.mkdir()
    for number in range(FILES):
        text = f"# Night {number}\n\nThe brain clears waste at night {number} [00:06:31].\n\n## More\n\nIt rests.\n"
        (folder / f"night-{number:03}.md").write_text(text)
    return folder


@pytest.fixture
def database(tmp_path):
    """A function that returns the rows of an SQL statement on the site's database."""

    def ask(statement, *values):
        with closing(sqlite3.connect(tmp_path / "db.sqlite3", timeout=30)) as database, database:
            return database.execute(statement, values).fetchall()

    return ask


def state_of(database):
    [(state, attempts, error)] = database("SELECT state, attempts, error FROM articles_backgroundtask")
    return state, attempts, error


def imported(database):
    [(number,)] = database("SELECT count(*) FROM articles_article WHERE received_as LIKE '%night-%'")
    return number


def require_all_once(database):
    assert wait_for(lambda: state_of(database)[0] in {"done", "failed"}, 120)
    assert state_of(database)[0] == "done", state_of(database)
    assert imported(database) == FILES
    revisions = database(
        "SELECT count(*) FROM articles_revision r JOIN articles_article a ON a.id = r.article_id "
        "WHERE a.received_as LIKE '%night-%' GROUP BY a.id HAVING count(*) > 1"
    )
    assert revisions == []


def let_its_claim_expire(database):
    """As time does, two minutes after the worker was killed."""
    database("UPDATE articles_backgroundtask SET claimed_until = '2000-01-01 00:00:00' WHERE state = 'running'")


def test_the_server_finishes_an_import_whose_worker_was_killed(environment, received, database):
    with running(environment) as (server, _):

        def worker():
            return {name: pid for pid, name in children_of(server.pid).items()}.get("task-worker")

        assert wait_for(worker, 30)
        printed = manage(environment, "import_articles", str(received), "--background", "--offline")
        assert printed.startswith("Background task 1 was started")
        assert wait_for(lambda: 0 < imported(database) < FILES, 60)
        os.kill(worker(), signal.SIGKILL)
        let_its_claim_expire(database)

        require_all_once(database)
        assert database("SELECT runs, attempts, done, total FROM articles_backgroundtask") == [(2, 2, FILES, FILES)]


def test_a_worker_that_is_told_to_end_puts_its_task_back(environment, received, database):
    manage(environment, "import_articles", str(received), "--background", "--offline")
    with process("manage.py", "run_worker", environment=environment) as worker:
        assert wait_for(lambda: 0 < imported(database) < FILES, 60)
        worker.terminate()
        assert worker.wait(10) == 0
    assert state_of(database) == ("waiting", 0, "")
    assert imported(database) < FILES

    with process("manage.py", "run_scheduler", environment=environment):
        require_all_once(database)


@contextmanager
def process(*arguments, environment):
    with subprocess.Popen([sys.executable, *arguments], cwd=PROJECT, env=environment) as started:  # noqa: S603
        try:
            yield started
        finally:
            started.kill()


def celery(environment):
    options = ["--pool=solo", "--loglevel=WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return process("-m", "celery", "-A", "ketamine_site", "worker", *options, environment=environment)


def test_a_broker_that_is_down_holds_up_nobody_for_long():
    started = time.monotonic()

    with app.connection_for_write("amqp://127.0.0.1:1//") as broker, pytest.raises(OperationalError):
        execute.apply_async(["articles.workflow.tasks.messages.work_on", [1], {}], connection=broker)

    assert time.monotonic() - started < 3


def test_celery_does_the_same_tasks(environment, received, database, tmp_path):
    """With its broker that keeps messages in files; the server then only hosts the scheduler, which recovers them."""
    (tmp_path / "messages").mkdir()
    environment |= {
        "CELERY_BROKER_URL": "filesystem://",
        "MESSAGES": str(tmp_path / "messages"),
        "DJANGO_SETTINGS_MODULE": "tests.support.servers.celery_settings",
    }
    with ExitStack() as blocks:
        blocks.enter_context(running(environment))
        manage(environment, "import_articles", str(received), "--background", "--offline")
        assert database("SELECT count(*) FROM django_tasks_database_dbtaskresult") == [(0,)]
        with celery(environment) as worker:
            assert wait_for(lambda: 0 < imported(database) < FILES, 60)
            worker.kill()
        let_its_claim_expire(database)
        blocks.enter_context(celery(environment))

        require_all_once(database)
