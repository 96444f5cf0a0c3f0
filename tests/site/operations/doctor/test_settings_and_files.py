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
from ketamine_site.server import limits
from tests.support.paths import PROJECT
from tests.support.servers.mail import mail_server
from tests.support.servers.production import environment_in, manage_all

pytestmark = pytest.mark.one_database(reason="the command runs on a database of its own; test_database.py asks both")

RUN_JOBS = "from articles.workflow.scheduling import run_jobs; run_jobs()"
SAFE = {
    "SECRET_KEY": "kR4-".join("abcdefghijklmnop"),
    "ALLOWED_HOSTS": "example.org",
    "SITE_URL": "https://example.org",
    "HTTPS": "1",
    "BEHIND_PROXY": "1",
    "SECURITY_CONTACT": "security@example.org",
    "EMAIL_URL": "console://",
    "EMAIL_FROM": "site@example.org",
    "SCHEDULER_SECONDS": "3600",
}


def environment_of(folder, **more):
    places = {"BACKUP_FOLDER": f"{folder}/backups", "STATIC_ROOT": str(folder.parent / "static")}
    environment = environment_in(folder, **SAFE | places | more)
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the tests' own; Django's check of deployments finds it
    return environment


@pytest.fixture(scope="module")
def well(prepared, tmp_path_factory):
    """The folder of a site on which nothing is wrong; its static files are beside it."""
    base = tmp_path_factory.mktemp("well")
    shutil.copytree(prepared / "static", base / "static", copy_function=shutil.copy2)
    shutil.copytree(prepared, base / "site", ignore=shutil.ignore_patterns("static"))
    for name in ("db.sqlite3", "signing-key.pem"):
        (base / "site" / name).chmod(0o600)
    for name in ("media", "backups"):
        (base / "site" / name).mkdir(exist_ok=True)
    manage_all(environment_of(base / "site"), ["shell", "--no-imports", "-c", RUN_JOBS], ["backup"])
    return base / "site"


@pytest.fixture
def site(well, tmp_path):
    """A copy of that site, to break."""
    (tmp_path / "static").symlink_to(well.parent / "static")
    shutil.copytree(well, tmp_path / "site", copy_function=shutil.copy2)
    return tmp_path / "site"


# What root may read and write then is what its files’ owner may.
BOUNDED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def doctor(folder, *, limit=None, bounded=False, **more):
    """Return the findings as dictionaries, asserting that the exit code says whether one is a problem."""
    done = subprocess.run(  # noqa: S603
        [*(BOUNDED if bounded and os.geteuid() == 0 else []), sys.executable, "manage.py", "doctor", "--json"],
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
    ("settings", "expected"),
    [
        (
            {
                "SECRET_KEY": "short",
                "ALLOWED_HOSTS": "www.example.org",
                "BEHIND_PROXY": "0",
                "EMAIL_URL": "smtp://127.0.0.1:1",
                "EMAIL_FROM": "webmaster@localhost",
                "SIGNING_KEY_FILE": "/nowhere/key.pem",
                "STATIC_ROOT": "/nowhere/static",
                "MEDIA_ROOT": "/proc/media",
                "BACKUP_FOLDER": "/nowhere/backups",
            },
            [
                ("settings", "SECRET_KEY", "Set SECRET_KEY to 50 or more random characters"),
                ("addresses", "isn’t in ALLOWED_HOSTS", "Add example.org to ALLOWED_HOSTS"),
                ("proxy", "every page redirects to itself", "Set BEHIND_PROXY=1"),
                ("mail", "can’t be used: .*refused", "correct EMAIL_URL"),
                ("mail", "other servers refuse", "Set it to an address of your domain"),
                ("signing key", "There is no signing key at", "Create a key with manage.py signing_key --create"),
                ("static files", "they aren’t collected", "collectstatic"),
                ("uploads", "nothing can be written there", "MEDIA_ROOT"),
                ("backups", "there is no backup", "manage.py backup"),
            ],
        ),
        (
            {"ALLOWED_HOSTS": "", "SITE_URL": "http://example.org", "CACHE_URL": "db://cache"},
            [
                ("settings", "ALLOWED_HOSTS", "Set ALLOWED_HOSTS"),
                ("addresses", "its host isn’t in ALLOWED_HOSTS", "Add example.org"),
                ("addresses", "it is http, but HTTPS is on", "Start SITE_URL with https"),
                ("cache", "no such table: cache", "createcachetable"),
            ],
        ),
        (
            {
                "CHECKS_OFF": "nonsense,past-end",
                "MEDIA_PUBLIC_URL": "https://images.example.org",
                "BUCKET_REGION": "eu-central-1",
                "CDN_PURGE_TOKEN": "hidden",
                "STATIC_ROOT": f"{PROJECT}/static",
                "EMAIL_URL": "smtp://mail..example.org",
            },
            [
                (
                    "settings",
                    "No check has the code 'nonsense'",
                    "Remove it from CHECKS_OFF, or .* past-end, .*missing-alt",
                ),
                ("settings", "nothing uses it without MEDIA_BUCKET", "remove MEDIA_PUBLIC_URL"),
                ("settings", "nothing uses it without MEDIA_BUCKET", "remove BUCKET_REGION"),
                ("settings", "nothing uses it without CDN_PURGE_URL", "remove CDN_PURGE_TOKEN"),
                ("settings", "should not contain the STATIC_ROOT", "Set STATIC_ROOT to an empty folder of its own"),
                ("static files", "they aren’t collected", "collectstatic"),
                ("mail", "can’t be used: .*label empty", "correct EMAIL_URL"),
            ],
        ),
        (
            {
                "MEDIA_BUCKET": "images",
                "BUCKET_ENDPOINT": "http://a_b.example.org",
                "BUCKET_KEY_ID": "me",
                "BUCKET_SECRET_KEY": "hidden",
                "CACHE_URL": "redis://:hidden@127.0.0.1:1",
                "CELERY_BROKER_URL": "redis://:hidden@127.0.0.1:1/0",
            },
            [
                ("uploads", "it can’t be used: Invalid endpoint", "Correct MEDIA_BUCKET, BUCKET_ENDPOINT"),
                ("cache", "it doesn’t return what was stored", "Start the cache"),
                ("cache", "it names the database of CELERY_BROKER_URL", "Give each its own"),
                ("tasks", "the broker can’t be used", "Start it"),
            ],
        ),
        (
            {"DEBUG": "1", "HTTPS": "0"},
            [
                ("settings", "DEBUG", "Remove DEBUG"),
                ("addresses", "it is https, but HTTPS is off", "Set HTTPS=1"),
            ],
        ),
        (
            {"DATABASE_URL": "sqlite:////nowhere/db.sqlite3"},
            [("database", "the file doesn’t exist", "Correct DATABASE_URL. For a new site run manage.py migrate")],
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_settings_that_are_wrong(site, settings, expected):
    findings = [finding for finding in doctor(site, **settings) if not finding["is_advice"]]

    for check, problem, remedy in expected:
        matching = [
            one
            for one in findings
            if one["check"] == check and re.search(problem, one["problem"]) and re.search(remedy, one["remedy"])
        ]
        assert len(matching) == 1, (check, problem, findings)
    assert len(findings) == len(expected), findings


def test_settings_that_are_missing_are_advice(site):
    names = ("SITE_URL", "HTTPS", "EMAIL_URL", "BACKUP_FOLDER", "SECURITY_CONTACT")
    findings = doctor(site, **dict.fromkeys(names, ""))

    assert [finding["check"] for finding in findings if not finding["is_advice"]] == []
    assert sorted(finding["check"] for finding in findings) == ["addresses", "addresses", "backups", "mail", "settings"]


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("SECRET_KEY", "", "SECRET_KEY isn't set. Set it to a long random string"),
        ("DATABASE_URL", "mysql://site:hidden@db/site", "which this site doesn't support"),
        ("WORKERS", "many", "Give a whole number from 1 to 64"),
        ("METRICS_TOKEN", "short", "METRICS_TOKEN is too short"),
        ("TIME_ZONE", "Mars/Base", "TIME_ZONE='Mars/Base' isn't a time zone. Give its name, such as Europe/Berlin."),
    ],
)
def test_settings_that_cannot_be_read_are_one_line(site, setting, value, message):
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=PROJECT, env=environment_of(site, **{setting: value}), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert "hidden" not in done.stderr
    assert "Traceback" not in done.stderr


def test_files_that_are_wrong(site, well):
    (site / "signing-key.pem").chmod(0o644)
    [backup] = (site / "backups").iterdir()
    os.utime(backup, (time.time() - 3 * 86400,) * 2)
    (site / "media").rmdir()
    (site / "media").write_text("")
    static = site / "own-static"
    shutil.copytree(well.parent / "static", static, copy_function=shutil.copy2)
    style, script = (
        next((PROJECT / "static").rglob(kind)).relative_to(PROJECT / "static") for kind in ("*.css", "*.js")
    )
    (static / style).unlink()
    os.utime(static / script, (0, 0))

    findings = doctor(site, STATIC_ROOT=str(static))

    for check, problem in [
        ("signing key", "Other accounts on this machine can use the signing key"),
        ("backups", "the newest backup is 3 days old"),
        ("uploads", "nothing can be written there: Not a directory"),
        ("static files", "2 are older than those of this release or missing"),
    ]:
        [finding] = [finding for finding in findings if finding["check"] == check]
        assert problem in finding["problem"]
        assert finding["remedy"]
        assert not finding["is_advice"]
    assert len(findings) == 4


def test_places_below_a_file_can_never_be_made(site):
    (site / "file").write_text("")

    names = {
        "MEDIA_ROOT": "media",
        "STATIC_ROOT": "static",
        "BACKUP_FOLDER": "backups",
        "SIGNED_HEADS_FILE": "heads.txt",
    }

    findings = doctor(site, **{name: f"{site}/file/{place}" for name, place in names.items()})

    assert [(one["check"], one["place"], one["problem"]) for one in findings] == [
        ("signing key", "SIGNED_HEADS_FILE", f"Signed heads can’t be written to {site}/file/heads.txt"),
        ("static files", f"{site}/file/static", "they can’t be read: Not a directory"),
        ("uploads", f"{site}/file/media", "nothing can be written there: Not a directory"),
        ("backups", f"{site}/file/backups", "nothing can be written there"),
        ("backups", f"{site}/file/backups", "there is no backup"),
    ]


def test_files_that_are_folders(site):
    (site / "key").mkdir()
    (site / "heads").mkdir()

    findings = doctor(site, SIGNING_KEY_FILE=f"{site}/key", SIGNED_HEADS_FILE=f"{site}/heads")

    assert sorted((one["place"], one["problem"], one["remedy"]) for one in findings) == [
        (
            "SIGNED_HEADS_FILE",
            f"Signed heads can’t be written to {site}/heads",
            f"Set SIGNED_HEADS_FILE to another place: {site}/heads is a folder.",
        ),
        (
            "SIGNING_KEY_FILE",
            f"The record of changes isn’t signed. The signing key {site}/key can’t be read: Is a directory",
            "Name the file of the key in SIGNING_KEY_FILE, and let the site read it.",
        ),
    ]


def test_places_in_a_folder_that_may_not_be_entered(site):
    (site / "closed").mkdir(mode=0)
    names = {
        "STATIC_ROOT": "static",
        "MEDIA_ROOT": "media",
        "SIGNING_KEY_FILE": "key.pem",
        "SIGNED_HEADS_FILE": "heads.txt",
        "BACKUP_FOLDER": "backups",
    }

    findings = doctor(site, bounded=True, **{name: f"{site}/closed/{place}" for name, place in names.items()})
    database = f"{site}/closed/db.sqlite3"
    [of_database] = doctor(site, bounded=True, DATABASE_URL=f"sqlite:///{database}")

    assert sorted((one["place"], one["problem"]) for one in findings) == [
        (f"{site}/closed/backups", "nothing can be written there"),
        (f"{site}/closed/backups", "there is no backup"),
        (f"{site}/closed/media", "nothing can be written there: Permission denied"),
        (f"{site}/closed/static", "they can’t be read: Permission denied"),
        ("SIGNED_HEADS_FILE", f"Signed heads can’t be written to {site}/closed/heads.txt"),
        (
            "SIGNING_KEY_FILE",
            f"The record of changes isn’t signed. The signing key {site}/closed/key.pem can’t be read: Permission denied",
        ),
    ]
    assert (of_database["place"], of_database["problem"]) == (
        database,
        "it can’t be used: unable to open database file",
    )


def test_a_place_that_depends_on_where_a_command_is_run_is_advice(site):
    [finding] = doctor(site, BACKUP_FOLDER=os.path.relpath(site / "backups", PROJECT))

    assert finding["is_advice"]
    assert finding["problem"] == f"it is another one for a command that isn’t run in {PROJECT}"
    assert finding["remedy"].startswith("Set it to the whole path, such as /")


def test_a_damaged_list_of_static_files(site):
    (site / "damaged").mkdir()
    (site / "damaged" / "staticfiles.json").write_text("{")

    [finding] = doctor(site, STATIC_ROOT=f"{site}/damaged")

    assert (finding["check"], finding["place"]) == ("static files", f"{site}/damaged")
    assert finding["problem"].startswith("they can’t be read: Couldn't load manifest")


def test_a_database_that_is_not_there_is_not_made(site):
    [finding] = doctor(site, DATABASE_URL=f"sqlite:///{site}/typo.sqlite3")

    assert (finding["check"], finding["problem"]) == ("database", "the file doesn’t exist")
    assert not (site / "typo.sqlite3").exists()


@pytest.mark.parametrize(("limit", "is_advice"), [(1024, True), (512, False)])
def test_a_low_limit_of_open_files(site, limit, is_advice):
    [finding] = doctor(site, limit=limit)

    assert (finding["check"], finding["is_advice"]) == ("open files", is_advice)
    assert f"LimitNOFILE={2 * limits.CONNECTIONS + limits.OTHER_FILES}" in finding["remedy"]


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
