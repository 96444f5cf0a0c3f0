"""The doctor finds faults of settings and files, each made for real, and nothing on a site that is well."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time

import pytest

from ketamine_site.operations.doctor import files
from tests.support.databases.template import copy_to
from tests.support.paths import PROJECT
from tests.support.servers.mail import mail_server
from tests.support.servers.production import environment_in, manage

pytestmark = pytest.mark.one_database(reason="the command runs on a database of its own; test_database.py asks both")

PREPARE = """
from datetime import timedelta
from django.contrib.auth.models import User
from articles.workflow.scheduling import run_jobs
User.objects.create_superuser("root", "root@example.org", "a long test password")
run_jobs()
"""


@pytest.fixture(scope="module")
def well(tmp_path_factory, django_db_setup):
    """The folder of a site on which nothing is wrong."""
    folder = tmp_path_factory.mktemp("well")
    copy_to(folder / "db.sqlite3")
    (folder / "db.sqlite3").chmod(0o600)
    (folder / "media").mkdir()
    (folder / "backups").mkdir()
    environment = environment_of(folder)
    manage(environment, "signing_key", "--create")
    manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
    manage(environment, "shell", "--no-imports", "-c", PREPARE)
    manage(environment, "backup")
    return folder


def environment_of(folder, **more):
    safe = {
        "SECRET_KEY": "kR4-".join("abcdefghijklmnop"),
        "ALLOWED_HOSTS": "example.org",
        "SITE_URL": "https://example.org",
        "HTTPS": "1",
        "BEHIND_PROXY": "1",
        "SECURITY_CONTACT": "security@example.org",
        "EMAIL_URL": "console://",
        "EMAIL_FROM": "site@example.org",
        "BACKUP_FOLDER": str(folder / "backups"),
        "SCHEDULER_SECONDS": "3600",
    }
    environment = environment_in(folder, **safe | more)
    del environment["DJANGO_ALLOW_ASYNC_UNSAFE"]  # the tests' own; Django's check of deployments finds it
    return environment


@pytest.fixture
def site(well, tmp_path):
    """A copy of that site, to break."""
    folder = tmp_path / "site"
    shutil.copytree(well, folder, copy_function=shutil.copy2)
    return folder


def doctor(folder, *, limit=None, **more):
    """Return the exit code and the findings as {(check, place): finding}."""
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"],
        cwd=PROJECT, env=environment_of(folder, **more), capture_output=True, text=True, check=False,
        preexec_fn=limit and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))),
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == (not all(finding["is_advice"] for finding in findings)), done.stderr
    return findings


def test_a_site_that_is_well(site):
    assert doctor(site) == []


@pytest.mark.parametrize(
    ("setting", "value", "check", "problem", "remedy"),
    [
        ("SECRET_KEY", "short", "settings", "SECRET_KEY", "Set SECRET_KEY to 50 or more random characters"),
        ("DEBUG", "1", "settings", "DEBUG", "Remove DEBUG"),
        ("ALLOWED_HOSTS", "", "settings", "ALLOWED_HOSTS", "Set ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", "www.example.org", "addresses", "isn’t in ALLOWED_HOSTS", "Add example.org to ALLOWED_HOSTS"),
        ("SITE_URL", "http://example.org", "addresses", "it is http, but HTTPS is on", "Start SITE_URL with https"),
        ("HTTPS", "0", "addresses", "it is https, but HTTPS is off", "Set HTTPS=1"),
        ("BEHIND_PROXY", "0", "proxy", "every page redirects to itself", "Set BEHIND_PROXY=1"),
        ("CACHE_URL", "redis://127.0.0.1:1/0", "cache", "", "Start the cache"),
        ("CACHE_URL", "db://cache", "cache", "no such table: cache", "createcachetable"),
        ("EMAIL_URL", "smtp://127.0.0.1:1", "mail", "can’t be used: .*refused", "correct EMAIL_URL"),
        ("EMAIL_FROM", "webmaster@localhost", "mail", "other servers refuse", "Set it to an address of your domain"),
        ("SIGNING_KEY_FILE", "/nowhere/key.pem", "signing key", "There is no signing key at", ""),
        ("STATIC_ROOT", "/nowhere", "static files", "they aren’t collected", "collectstatic"),
        ("MEDIA_ROOT", "/proc/media", "uploads", "nothing can be written there", "MEDIA_ROOT"),
        ("BACKUP_FOLDER", "/nowhere", "backups", "there is no backup", "manage.py backup"),
        ("DATABASE_URL", "sqlite:////nowhere/db.sqlite3", "database", "unable to open database file", "DATABASE_URL"),
    ],
)  # fmt: skip
def test_a_setting_that_is_wrong(site, setting, value, check, problem, remedy):
    findings = [one for one in doctor(site, **{setting: value}) if not one["is_advice"] and one["check"] == check]

    assert any(re.search(problem, one["problem"]) and re.search(remedy, one["remedy"]) for one in findings), findings


@pytest.mark.parametrize("setting", ["SITE_URL", "EMAIL_URL", "BACKUP_FOLDER", "SECURITY_CONTACT"])
def test_a_setting_that_is_missing_is_advice(site, setting):
    findings = doctor(site, **{setting: ""})

    assert findings
    assert all(finding["is_advice"] for finding in findings)


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("SECRET_KEY", "", "SECRET_KEY isn't set. Set it to a long random string"),
        ("DATABASE_URL", "mysql://site:hidden@db/site", "which this site doesn't support"),
        ("WORKERS", "many", "Give a whole number from 1 to 64"),
        ("METRICS_TOKEN", "short", "METRICS_TOKEN is too short"),
    ],
)
def test_settings_that_cannot_be_read_are_one_line(site, setting, value, message):
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=PROJECT, env=environment_of(site, **{setting: value}), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith("The site isn’t configured: ")
    assert message in done.stderr
    assert "hidden" not in done.stderr
    assert "Traceback" not in done.stderr


def stale_style(site):
    path = next(site.glob("static/**/*.css"))
    path.unlink()


def old_script(site):
    os.utime(next((site / "static").glob("**/*.js")), (0, 0))


def open_key(site):
    (site / "signing-key.pem").chmod(0o644)


def open_database(site):
    (site / "db.sqlite3").chmod(0o644)


def old_backup(site):
    [path] = (site / "backups").iterdir()
    os.utime(path, (time.time() - 3 * 86400,) * 2)


def media_is_a_file(site):
    (site / "media").rmdir()
    (site / "media").write_text("")


@pytest.mark.parametrize(
    ("breaks", "check", "problem"),
    [
        (stale_style, "static files", "1 are older than those of this release or missing"),
        (old_script, "static files", "1 are older than those of this release or missing"),
        (open_key, "signing key", "Other accounts on this machine can use the signing key"),
        (open_database, "database", "every account on this machine can read it"),
        (old_backup, "backups", "the newest backup is 3 days old"),
        (media_is_a_file, "uploads", "nothing can be written there: Not a directory"),
    ],
)
def test_a_file_that_is_wrong(site, breaks, check, problem):
    breaks(site)

    [finding] = doctor(site)
    assert (finding["check"], finding["is_advice"]) == (check, False)
    assert problem in finding["problem"]
    assert finding["remedy"]


@pytest.mark.parametrize(("limit", "is_advice"), [(1024, True), (512, False)])
def test_a_low_limit_of_open_files(site, limit, is_advice):
    [finding] = doctor(site, limit=limit)

    assert (finding["check"], finding["is_advice"]) == ("open files", is_advice)
    assert "LimitNOFILE=8448" in finding["remedy"]


def test_a_disk_that_is_nearly_full(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(files, "LOW_BYTES", shutil.disk_usage(tmp_path).free * 2)

    [finding, *_] = files.check_space()

    assert (finding.check, finding.place) == ("space", f"{tmp_path} (uploads)")
    assert "MB are free" in finding.problem


def test_a_mail_server_that_answers_is_fine(site, settings):
    with mail_server(settings):
        assert doctor(site, EMAIL_URL=f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}") == []


def test_findings_are_readable(site):
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=PROJECT, env=environment_of(site, BEHIND_PROXY="0"), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout.startswith("Problem (proxy): HTTPS=1 without BEHIND_PROXY=1: ")
    assert done.stdout.count("\n") == 2
    assert "1 problem found." in done.stderr
