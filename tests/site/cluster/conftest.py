"""A site on two machines: two whole servers, each with its own folders, over one PostgreSQL, a replica of it and one Redis."""

import os
import re
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support import postgresql
from tests.support.servers import programs
from tests.support.servers.mail import mail_server
from tests.support.servers.production import environment_in, manage_each, running

NAMES = ("first", "second")
# An article that waits for its time.
SCHEDULED = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from articles import workflow
from tests.support.factories import make_draft, make_episode
editor, moderator = (User.objects.get(username=name) for name in ("editor", "moderator"))
for account in (editor, moderator):
    account.email = f"{account.username}@example.org"
    account.save()
draft = make_draft("knots", by=editor, title="Knots", episode=make_episode())
workflow.submit(draft, by=editor)
workflow.approve(draft, by=moderator)
workflow.schedule(draft, by=moderator, publish_at=timezone.now() + timedelta(days=1))
"""


@dataclass
class Machine:
    """A server's folder, environment, process and URL."""

    folder: Path
    environment: dict
    process: object = None
    url: str = ""


@dataclass
class Cluster:
    """Two machines over a primary and its replica (`postgresql.Server`), with `passwords` by account."""

    machines: list
    primary: object
    replica: object
    redis: object
    mails: object
    passwords: dict

    def query(self, statement, *values, server=None):
        return postgresql.query((server or self.primary).address("site"), statement, values or None)


@pytest.fixture(scope="module")
def cluster(prepared, tmp_path_factory):
    if postgresql.programs() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(postgresql.MISSING)
    with ExitStack() as blocks:
        folder = tmp_path_factory.mktemp("cluster")
        redis, cache = blocks.enter_context(programs.redis(folder))
        mail = SimpleNamespace()
        mails = blocks.enter_context(mail_server(mail))
        primary, replica = (
            postgresql.Server(blocks.enter_context(postgresql.temporary_folder()), postgresql.REPLICATED)
            for _ in range(2)
        )
        blocks.callback(primary.stop)
        blocks.callback(replica.stop)
        primary.create()
        primary.start()
        postgresql.query(primary.address("postgres"), "CREATE DATABASE site")
        machines = [
            Machine(
                folder / name,
                environment_in(
                    folder / name,
                    DATABASE_URL=primary.address("site"),
                    REPLICA_URL=replica.address("site"),
                    CACHE_URL=cache,
                    BACKUP_FOLDER=str(folder / name / "backups"),
                    STORED_RESPONSES_MB="200",
                    EMAIL_URL=f"smtp://127.0.0.1:{mail.EMAIL_PORT}",
                    SITE_URL="http://site.example",
                    WORKERS="1",
                    SCHEDULER_SECONDS="1",
                ),
            )
            for name in NAMES
        ]
        shutil.copytree(
            prepared / "static", machines[0].folder / "static"
        )  # they are the same, and take long to compress
        commands = [["prepare_demo"], ["shell", "--no-imports", "-c", SCHEDULED]]
        done = manage_each(machines[0].environment | {"REPLICA_URL": ""}, commands)
        assert [(code, error) for code, _, error in done] == [(0, "")] * 2
        printed = done[0][1]
        replica.copy_of(primary)
        replica.start()
        shutil.copytree(machines[0].folder, machines[1].folder)
        for machine in machines:
            machine.process, machine.url = blocks.enter_context(running(machine.environment, start_new_session=True))
        passwords = dict(re.findall(r"^  (\w+) +(\S+)$", printed, re.MULTILINE))
        yield Cluster(machines, primary, replica, redis, mails, passwords)
