"""Environment variables are read completely, or refused with what to write instead and without their passwords."""

import os
import runpy
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from ketamine_site import environment
from ketamine_site.services import database, mail_url
from tests.support.paths import PROJECT


@pytest.mark.parametrize(("value", "number"), [("", 30), (" ", 30), ("1", 1), (" 60 ", 60), ("3600", 3600)])
def test_a_setting_takes_a_whole_number(monkeypatch, value, number):
    monkeypatch.setenv("SCHEDULER_SECONDS", value)

    assert environment.number("SCHEDULER_SECONDS", default=30, least=1, most=3600) == number


@pytest.mark.parametrize("value", ["0", "3601", "-1", "1.5", "soon", "³"])
def test_a_setting_rejects_anything_else(monkeypatch, value):
    monkeypatch.setenv("SCHEDULER_SECONDS", value)

    with pytest.raises(ImproperlyConfigured, match="Give a whole number from 1 to 3600, such as 30"):
        environment.number("SCHEDULER_SECONDS", default=30, least=1, most=3600)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("imap://me:hunter2@mail.example.org", "The scheme of EMAIL_URL, 'imap', isn't supported."),
        ("smtp://", "EMAIL_URL has no host name."),
        ("smtp:///mail.example.org", "EMAIL_URL has no host name."),
        ("console://mail.example.org", "EMAIL_URL has a host name, but nothing is mailed."),
        ("mail.example.org", "EMAIL_URL has no scheme."),
        ("smtp://me:hunter2@mail.example.org:abc", "The host or port in EMAIL_URL can't be read."),
        ("smtp://me:hunter2@mail.example.org:70000", "The host or port in EMAIL_URL can't be read."),
        ("smtp://me:hunter2@[::1", "The host or port in EMAIL_URL can't be read."),
        ("smtp://me:hunter2@mail.example.org:0", "The port in EMAIL_URL is 0."),
        ("smtp://me@mail.example.org", "EMAIL_URL needs user and password, or neither."),
        ("smtp://:hunter2@mail.example.org", "EMAIL_URL needs user and password, or neither."),
        ("smtp://mail.example.org?tls=1", "EMAIL_URL has more than scheme, user, password, host and port."),
        ("smtp://me:25#hunter2@mail.example.org", "EMAIL_URL has more than scheme, user, password, host and port."),
        ("console:///var/mail", "EMAIL_URL has more than scheme, user, password, host and port."),
    ],
)
def test_a_mail_server_that_cannot_be_meant_is_refused_without_its_password(monkeypatch, value, wrong):
    monkeypatch.setenv("EMAIL_URL", value)

    with pytest.raises(ImproperlyConfigured, match="Use smtp://") as refusal:
        mail_url()

    assert str(refusal.value).startswith(wrong)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "host", "port"),
    [("", None, None), ("console://", None, None), ("smtps://a:b@mail.example.org:465", "mail.example.org", 465)],
)
def test_a_mail_server_is_read(monkeypatch, value, host, port):
    monkeypatch.setenv("EMAIL_URL", value)

    assert (mail_url().hostname, mail_url().port) == (host, port)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("mysql://me:hunter2@db.example.org/site", "DATABASE_URL names mysql, which this site doesn't support."),
        ("mongodb://me:hunter2@db.example.org/site", "DATABASE_URL can't be read."),
        ("site.sqlite3", "DATABASE_URL can't be read."),
        ("postgres://me:hunter2@db.example.org:port/site", "DATABASE_URL can't be read."),
        ("postgres://me:12#hunter2@db.example.org/site", "DATABASE_URL can't be read."),
        ("sqlite:////srv/site#1.sqlite3", "DATABASE_URL can't be read."),
        ("postgres://me:hunter2@db.example.org", "DATABASE_URL names no database."),
        ("sqlite:///", "DATABASE_URL names no database."),
        ("sqlite://srv/site.sqlite3", "DATABASE_URL has a host or options, but SQLite has neither."),
        ("sqlite:////srv/site.sqlite3?mode=ro", "DATABASE_URL has a host or options, but SQLite has neither."),
    ],
)
def test_a_database_that_cannot_be_meant_is_refused_without_its_password(monkeypatch, value, wrong):
    monkeypatch.setenv("DATABASE_URL", value)

    with pytest.raises(ImproperlyConfigured, match="Use sqlite:///path or postgres://") as refusal:
        database("DATABASE_URL")

    assert str(refusal.value).startswith(wrong)
    assert "hunter2" not in str(refusal.value)


def read(monkeypatch, **environment):
    """Return the settings that the module makes of `environment`."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(PROJECT / "ketamine_site" / "settings.py"))


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("ALLOWED_HOSTS", "https://example.org", "ALLOWED_HOSTS: 'https://example.org' isn't a host name."),
        ("ALLOWED_HOSTS", "example.org,www.example.org:443", "ALLOWED_HOSTS: 'www.example.org:443' isn't a host name."),
        ("ALLOWED_HOSTS", "example.org/", "ALLOWED_HOSTS: 'example.org/' isn't a host name."),
        ("ALLOWED_HOSTS", "*.example.org", "ALLOWED_HOSTS: '*.example.org' isn't a host name."),
        ("ALLOWED_HOSTS", "::1", "ALLOWED_HOSTS: '::1' isn't a host name."),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS=* accepts any host name."),
        ("BACKUP_FOLDER", "~/backups", "BACKUP_FOLDER='~/backups' isn't a path"),
        ("BUCKET_ENDPOINT", "https://me:hunter2@s3.example.org", "BUCKET_ENDPOINT isn't a valid origin."),
        ("BUCKET_KEY_ID", "hunter2", "BUCKET_KEY_ID and BUCKET_SECRET_KEY belong together."),
        ("BUCKET_SECRET_KEY", "hunter2", "BUCKET_KEY_ID and BUCKET_SECRET_KEY belong together."),
        ("CACHE_URL", "redis://:hunter2@cache.example.org/site", "CACHE_URL names no cache that this site supports."),
        ("CACHE_URL", "redis://:hunter2@cache.example.org/0#x", "CACHE_URL names no cache that this site supports."),
        ("CACHE_URL", "db:///cache", "CACHE_URL names no cache that this site supports."),
        ("CDN_PURGE_TOKEN", "hunter2-hunter2-hunterä", "CDN_PURGE_TOKEN can't be sent in a header."),
        ("CDN_PURGE_URL", "http://cdn.example/?key=hunter2", "CDN_PURGE_URL isn't an https address"),
        ("COVERAGE_TARGET", "%", "COVERAGE_TARGET='%' isn't a valid percentage."),
        ("COVERAGE_TARGET", "101%", "COVERAGE_TARGET='101%' isn't a valid percentage."),
        ("CSRF_TRUSTED_ORIGINS", "example.org", "CSRF_TRUSTED_ORIGINS has what isn't an origin."),
        ("CSRF_TRUSTED_ORIGINS", "https://example.org/login", "CSRF_TRUSTED_ORIGINS has what isn't an origin."),
        ("EMAIL_FROM", "Said at", "EMAIL_FROM='Said at' isn't a mail address."),
        (
            "EMAIL_FROM",
            "a@example.org, b@example.org",
            "EMAIL_FROM='a@example.org, b@example.org' isn't a mail address.",
        ),
        ("MEDIA_BUCKET", "s3://images", "MEDIA_BUCKET='s3://images' isn't a bucket's name."),
        ("MEDIA_PUBLIC_URL", "https://images.example.org/?w=1", "MEDIA_PUBLIC_URL isn't where a bucket's objects are."),
        ("MEDIA_PUBLIC_URL", "https://images.example.org/;x", "MEDIA_PUBLIC_URL isn't where a bucket's objects are."),
        ("MEDIA_PUBLIC_URL", "https://example.org/media/", "MEDIA_PUBLIC_URL isn't where a bucket's objects are."),
        ("MEDIA_ROOT", "$HOME/media", "MEDIA_ROOT='$HOME/media' isn't a path"),
        ("MEDIA_ROOT", "file:///srv/media", "MEDIA_ROOT='file:///srv/media' isn't a path"),
        ("METRICS_TOKEN", "hunter2-hunter2-hunterä", "METRICS_TOKEN can't be sent in a header."),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "hunter2", "OTEL_EXPORTER_OTLP_ENDPOINT isn't the address of a collector"),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "localhost:4318",
            "OTEL_EXPORTER_OTLP_ENDPOINT isn't the address of a collector",
        ),
        ("SECURITY_POLICY", "https://example.org:70000/", "SECURITY_POLICY isn't an https address"),
        ("SENTRY_DSN", "hunter2", "SENTRY_DSN isn't a DSN."),
        ("SENTRY_DSN", "https://hunter2@sentry.example.org/project", "SENTRY_DSN isn't a DSN."),
        ("SENTRY_DSN", "https://sentry.example.org/1", "SENTRY_DSN isn't a DSN."),
        ("SITE_URL", "https://me:hunter2@example.org", "SITE_URL isn't a valid origin."),
        ("SITE_URL", "https://example.org:99999", "SITE_URL isn't a valid origin."),
        ("SITE_URL", "https://example..org", "SITE_URL isn't a valid origin."),
        ("SITE_URL", "https://[::::]", "SITE_URL isn't a valid origin."),
        (
            "TRANSCRIPT_MAX_MB",
            "33",
            "TRANSCRIPT_MAX_MB='33' isn't valid. Give a whole number of megabytes from 1 to 32",
        ),
        ("UPLOAD_TOTAL_MB", "9" * 5000, "UPLOAD_TOTAL_MB='999"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_in_one_line_without_secrets(monkeypatch, name, value, wrong):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(monkeypatch, **{"SITE_URL": "https://example.org", name: value})

    assert str(refusal.value).startswith(wrong)
    assert "\n" not in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_what_is_meant_is_read(monkeypatch):
    settings = read(
        monkeypatch,
        ALLOWED_HOSTS="Example.org, .example.net,[::1]",
        CSRF_TRUSTED_ORIGINS="https://Example.org/,https://*.example.org:443,http://example.org:8000",
        COVERAGE_TARGET="100",
        EMAIL_FROM="Said at <site@example.org>",
        MEDIA_BUCKET="images",
        MEDIA_PUBLIC_URL="https://images.example.org/site/",
        OTEL_EXPORTER_OTLP_ENDPOINT="http://me:secret@localhost:4318/otlp",
        SENTRY_DSN="https://0123abcd@o1.ingest.sentry.io/42",
        TRANSCRIPT_MAX_MB="32",
    )

    assert settings["ALLOWED_HOSTS"] == ["example.org", ".example.net", "[::1]"]
    assert settings["CSRF_TRUSTED_ORIGINS"] == [
        "https://example.org",
        "https://*.example.org",
        "http://example.org:8000",
    ]
    assert settings["COVERAGE_TARGET"] == 1
    assert settings["DEFAULT_FROM_EMAIL"] == "Said at <site@example.org>"
    assert settings["MEDIA_PUBLIC_URL"] == "https://images.example.org/site"
    assert settings["TRANSCRIPT_MAX_BYTES"] == 32 * 1024 * 1024
    assert settings["UNUSED_VARIABLES"] == []


@pytest.mark.parametrize(
    ("places", "wrong"),
    [
        ({"MEDIA_ROOT": ""}, "MEDIA_ROOT, {0}, has the place of DATABASE_URL in it, {0}/db.sqlite3."),
        (
            {"STATIC_ROOT": "", "DATABASE_URL": "sqlite:////srv/db"},
            "STATIC_ROOT, {0}, has the place of MEDIA_ROOT in it, ",
        ),
        ({"BACKUP_FOLDER": "media/new"}, "MEDIA_ROOT, {0}/media, has the place of BACKUP_FOLDER in it, {0}/media/new."),
        ({"SIGNED_HEADS_FILE": "key.pem"}, "SIGNING_KEY_FILE and SIGNED_HEADS_FILE are both {0}/key.pem."),
        ({"SIGNED_HEADS_FILE": "link/key.pem"}, "SIGNING_KEY_FILE and SIGNED_HEADS_FILE are both {0}/key.pem."),
    ],
)
def test_nothing_is_kept_where_everybody_gets_it(monkeypatch, tmp_path, places, wrong):
    (tmp_path / "link").symlink_to(tmp_path)
    names = {"MEDIA_ROOT": "media", "STATIC_ROOT": "static", "SIGNING_KEY_FILE": "key.pem", "BACKUP_FOLDER": "backups"}
    names |= {"SIGNED_HEADS_FILE": "heads.txt", "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    paths = {name: str(place if "://" in place else tmp_path / place) for name, place in (names | places).items()}

    with pytest.raises(ImproperlyConfigured) as refusal:
        read(monkeypatch, **paths)

    assert str(refusal.value).startswith(wrong.format(tmp_path))


def test_backups_may_be_around_the_site(monkeypatch, tmp_path):
    paths = {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "MEDIA_ROOT": f"{tmp_path}/media"}

    assert read(monkeypatch, **paths, BACKUP_FOLDER=f"{tmp_path}/")["BACKUP_FOLDER"] == tmp_path


def test_celery_is_told_apart_from_what_production_installs(monkeypatch):
    monkeypatch.setattr("ketamine_site.environment.find_spec", lambda name: None if name == "celery" else True)

    with pytest.raises(ImproperlyConfigured, match=r"its package isn't installed: pip install celery$"):
        read(monkeypatch, CELERY_BROKER_URL="redis://localhost/1")


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
    monkeypatch.setattr("ketamine_site.services.find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match=r"pip install --require-hashes -r requirements/postgresql\.txt"):
        database("DATABASE_URL")


def test_a_command_without_a_key_says_what_to_set_and_nothing_else():
    environment = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "DEBUG"}}
    environment["DJANGO_SETTINGS_MODULE"] = "ketamine_site.settings"

    done = subprocess.run(
        [sys.executable, "manage.py", "verify_history"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("SECRET_KEY isn't set. Set it to a long random string")
    assert done.stderr.endswith("load its environment first: set -a; . var/environment; set +a\n")


def test_the_server_says_what_to_set_and_nothing_else():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "ketamine_site.settings", "WORKERS": "many"}

    done = subprocess.run(
        [sys.executable, "-m", "ketamine_site.server", "--bind", "127.0.0.1:0"],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "WORKERS='many' isn't valid. Give a whole number from 1 to 64, such as 2.\n"


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
