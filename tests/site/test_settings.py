"""Environment variables are read completely, or refused with what to write instead and without their passwords."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from ketamine_site.settings import _database, _mail_url, _number
from tests.support.paths import PROJECT


@pytest.mark.parametrize(("value", "number"), [("", 30), (" ", 30), ("1", 1), (" 60 ", 60), ("3600", 3600)])
def test_a_setting_takes_a_whole_number(monkeypatch, value, number):
    monkeypatch.setenv("SCHEDULER_SECONDS", value)

    assert _number("SCHEDULER_SECONDS", default=30, least=1, most=3600) == number


@pytest.mark.parametrize("value", ["0", "3601", "-1", "1.5", "soon", "³"])
def test_a_setting_rejects_anything_else(monkeypatch, value):
    monkeypatch.setenv("SCHEDULER_SECONDS", value)

    with pytest.raises(ImproperlyConfigured, match="Give a whole number from 1 to 3600, such as 30"):
        _number("SCHEDULER_SECONDS", default=30, least=1, most=3600)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("imap://me:hunter2@mail.example.org", "The scheme of EMAIL_URL, 'imap', isn't supported."),
        ("smtp://", "EMAIL_URL has no host name."),
        ("smtp:///mail.example.org", "EMAIL_URL has no host name."),
        ("console://mail.example.org", "EMAIL_URL has a host name, but nothing is mailed."),
        ("mail.example.org", "EMAIL_URL has no scheme."),
        ("smtp://me:hunter2@mail.example.org:abc", "The port in EMAIL_URL isn't a number up to 65535."),
        ("smtp://me:hunter2@mail.example.org:70000", "The port in EMAIL_URL isn't a number up to 65535."),
    ],
)
def test_a_mail_server_that_cannot_be_meant_is_refused_without_its_password(monkeypatch, value, wrong):
    monkeypatch.setenv("EMAIL_URL", value)

    with pytest.raises(ImproperlyConfigured, match="Use smtp://") as refusal:
        _mail_url()

    assert str(refusal.value).startswith(wrong)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "host", "port"),
    [("", None, None), ("console://", None, None), ("smtps://a:b@mail.example.org:465", "mail.example.org", 465)],
)
def test_a_mail_server_is_read(monkeypatch, value, host, port):
    monkeypatch.setenv("EMAIL_URL", value)

    assert (_mail_url().hostname, _mail_url().port) == (host, port)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("mysql://me:hunter2@db.example.org/site", "DATABASE_URL names mysql, which this site doesn't support."),
        ("mongodb://me:hunter2@db.example.org/site", "DATABASE_URL can't be read."),
        ("site.sqlite3", "DATABASE_URL can't be read."),
        ("postgres://me:hunter2@db.example.org:port/site", "DATABASE_URL can't be read."),
    ],
)
def test_a_database_that_cannot_be_meant_is_refused_without_its_password(monkeypatch, value, wrong):
    monkeypatch.setenv("DATABASE_URL", value)

    with pytest.raises(ImproperlyConfigured, match="Use sqlite:///path or postgres://") as refusal:
        _database()

    assert str(refusal.value).startswith(wrong)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("value", ["sqlite:///replica.sqlite3", "postgres://db.example.org/site"])
def test_a_replica_needs_postgresql(value):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "ketamine_site.settings", "REPLICA_URL": value}
    environment["DATABASE_URL"] = "sqlite:///site.sqlite3"

    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "REPLICA_URL is for a replica of PostgreSQL. Set DATABASE_URL to its primary, too." in done.stderr


def test_postgresql_names_the_file_that_it_needs(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example.org/site")
    monkeypatch.setattr("ketamine_site.settings.find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match=r"pip install --require-hashes -r requirements/postgresql\.txt"):
        _database()


def test_a_command_without_a_key_says_what_to_set_and_nothing_else():
    environment = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "DEBUG"}}
    environment["DJANGO_SETTINGS_MODULE"] = "ketamine_site.settings"

    done = subprocess.run(
        [sys.executable, "manage.py", "verify_history"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("SECRET_KEY isn't set. Set it to a long random string")
    assert done.stderr.endswith("load its environment first: set -a; . var/environment; set +a\n")


@pytest.mark.parametrize("name", ["CACHE_URL", "CELERY_BROKER_URL"])
def test_redis_without_its_driver_is_refused(name):
    environment = os.environ | {"SECRET_KEY": "x" * 60, name: "redis://:hidden@cache.example:6379/0"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", WITHOUT_REDIS, "check"],
        cwd=PROJECT, env=environment | {"DJANGO_SETTINGS_MODULE": "ketamine_site.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (1, "")
    remedy = "pip install --require-hashes -r requirements/production.txt"
    assert done.stderr == f"{name} names Redis, whose driver isn't installed: {remedy}\n"


WITHOUT_REDIS = """
import runpy, sys
sys.modules["redis"] = None
runpy.run_path("manage.py", run_name="__main__")
"""
