"""Metrics count what all workers answer, for those who have the token."""

import os
import re
import shutil
import signal
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.servers.production import children_of, environment_in, read, running, wait_for

TOKEN = "a token that nobody guesses"


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = TOKEN


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_nobody_gets_them_unless_they_are_switched_on(client):
    assert client.get("/metrics", headers=bearer("")).status_code == 404


@pytest.mark.parametrize("headers", [{}, bearer(""), bearer("wrong"), {"Authorization": f"Basic {TOKEN}"}, bearer("é")])
def test_nobody_gets_them_without_the_token(client, token, headers):
    response = client.get("/metrics", headers=headers)

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "site_" not in response.text


def test_they_tell_of_the_work_in_the_background(client, token, db):
    response = client.get("/metrics", headers=bearer(TOKEN))

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    values = dict(re.findall(r"^(site_\S+) (\S+)$", response.text, re.MULTILINE))
    assert values["site_database_up"] == "1.0"
    assert values["site_scheduler_running"] == "0.0"
    assert values['site_queue_waiting{queue="mail"}'] == "0.0"
    assert (
        values['site_queue_waiting{queue="tasks"}'] == values['site_queue_oldest_age_seconds{queue="tasks"}'] == "0.0"
    )
    assert values["site_tasks_running"] == values["site_tasks_failed"] == "0.0"


@pytest.mark.one_database(reason="starts a server with a database of its own")
def test_all_workers_count_together(tmp_path, prepared):
    shutil.copy(prepared / "db.sqlite3", tmp_path)
    values = {"METRICS_TOKEN": TOKEN, "WORKERS": "2", "SCHEDULER": "0", "STATIC_ROOT": str(prepared / "static")}
    environment = environment_in(tmp_path, TMPDIR=str(tmp_path), **values)

    def counted():
        request = urllib.request.Request(f"{url}/metrics", headers=bearer(TOKEN))  # noqa: S310
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            text = response.read().decode()
        found = re.findall(
            r'^site_requests_total\{kind="(.*?)",method="(.*?)",status="(.*?)"\} (\S+)$', text, re.MULTILINE
        )
        return {tuple(labels): float(value) for *labels, value in found}

    with running(environment, ready="/livez") as (process, url):
        with ThreadPoolExecutor(8) as readers:
            list(readers.map(read, [f"{url}/robots.txt"] * 40))
        for path in ("/nowhere/", "/other/nowhere/"):
            with pytest.raises(urllib.error.HTTPError):
                read(f"{url}{path}")
        first = counted()
        for worker in children_of(process.pid):
            os.kill(worker, signal.SIGKILL)
        assert wait_for(lambda: read(f"{url}/livez"), 20)
        after = counted()
        assert list(tmp_path.glob("metrics-*/*.db"))

    assert first["robots.txt", "GET", "200"] == after["robots.txt", "GET", "200"] == 40
    assert first["other", "GET", "404"] == 2
    assert after["metrics", "GET", "200"] >= 1
    assert list(tmp_path.glob("metrics-*")) == []
