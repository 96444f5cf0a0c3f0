"""A command whose database can't be used says so in one line, and a broken pipe or Ctrl+C isn't an error of the program."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from django.core.management import get_commands

from articles.workflow.history import keys
from tests.support.paths import PROJECT
from tests.support.servers.production import environment_in, manage_each

pytestmark = pytest.mark.one_database(reason="the commands run on databases of their own")

NEEDED = {
    "demo_topics": ["--as", "admin"],
    "erase_revision": ["sleep", "1", "--as", "admin", "--reason", "law"],
    "export_article": ["sleep"],
    "export_judgements": ["{folder}/judgements"],
    "export_site": ["{folder}/export"],
    "import_articles": ["README.md"],
    "import_feed": ["README.md"],
    "import_transcript": ["talks/sleep", "README.md"],
    "load_content": ["--as", "admin", "--editor", "editor"],
    "suppress_name": ["Nobody", "--as", "admin"],
    "backup": ["{folder}/backup.tar.gz"],
}
# They make the tables, say what is wrong themselves, need none, or go on until the database is there.
OTHERS = {
    "collectstatic",
    "prepare_demo",
    "migrate",
    "doctor",
    "makemessages",
    "run_scheduler",
    "run_worker",
    "restore",
    "signing_key",
    "copy_database",
}
COMMANDS = sorted(
    {name for name, app in get_commands().items() if app in {"articles", "ketamine_site.operations"}} - OTHERS
)


def run(folder, *arguments, **more):
    environment = environment_in(folder, SITE_URL="https://example.org", **more)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, re.sub(r"(?s)System check identified.*?\n\n\?:.*?\n", "", done.stderr)


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """How each command has ended where the database has no tables: {name: (exit code, errors)}, and the folder."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "db.sqlite3").touch()
    (folder / "static").mkdir()
    (folder / "static" / "staticfiles.json").write_text('{"version": "1.1", "paths": {}, "hash": ""}')
    commands = [
        [
            name,
            *(argument.format(folder=folder) for argument in NEEDED.get(name, [])),
            "--skip-checks" if name != "backup" else "--no-color",
        ]
        for name in COMMANDS
    ]
    done = manage_each(environment_in(folder, SITE_URL="https://example.org"), commands)
    return {name: (code, err) for name, (code, _, err) in zip(COMMANDS, done, strict=True)}, folder


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_without_tables(ended, command):
    by_command, folder = ended
    code, err = by_command[command]

    assert code == 1
    assert "Traceback" not in err
    assert f"{folder}/db.sqlite3" in err
    assert "manage.py migrate" in err
    assert "orrect DATABASE_URL" in err
    assert not (folder / "backup.tar.gz").exists()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (
            "sqlite:////nowhere/db.sqlite3",
            "unable to open database file. There is no folder /nowhere: make it, or correct DATABASE_URL",
        ),
        ("sqlite:///{folder}/text", "file is not a database. Correct DATABASE_URL, or let"),
    ],
)
def test_a_database_that_cannot_be_used(tmp_path, url, why):
    (tmp_path / "text").write_text("no database " * 100)

    code, out, err = run(tmp_path, "ensure_groups", "--skip-checks", DATABASE_URL=url.format(folder=tmp_path))

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert why in err


def test_a_new_site_needs_no_folder(tmp_path):
    code, _, err = run(tmp_path, "migrate", "auth", DATABASE_URL=f"sqlite:///{tmp_path}/var/db.sqlite3")

    assert code == 0, err  # the system checks, which open the database, come first
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_a_traceback_is_shown_on_request(tmp_path):
    code, _, err = run(tmp_path, "ensure_groups", "--traceback")

    assert code == 1
    assert "Traceback" in err


def test_output_that_nobody_reads_to_its_end(tmp_path):
    piped = f"{sys.executable} manage.py shell --no-imports -c 'for _ in range(100_000): print(1)' | head -1"
    done = subprocess.run(  # noqa: S602
        piped, shell=True, cwd=PROJECT, env=environment_in(tmp_path), capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("1\n", "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["signing_key"], ["collectstatic", "--noinput", "--dry-run"]])
def test_no_command_takes_a_reader_that_is_gone_for_an_error_of_its_own(tmp_path, settings, arguments, unbuffered):
    environment = environment_in(tmp_path, SITE_URL="https://example.org", PYTHONUNBUFFERED=unbuffered)
    settings.SIGNING_KEY_FILE = tmp_path / "signing-key.pem"
    keys.create()
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments], cwd=PROJECT, env=environment, stdout=writing, stderr=subprocess.PIPE, check=False
    )  # fmt: skip
    os.close(writing)

    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


def test_a_command_whose_standard_output_is_closed(tmp_path):
    done = subprocess.run(  # noqa: S602
        f"{sys.executable} manage.py collectstatic --noinput --dry-run --verbosity 0 >&-",
        shell=True, cwd=PROJECT, env=environment_in(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")


def test_a_command_that_is_interrupted(tmp_path):
    sleeping = "import time; print(1, flush=True); time.sleep(60)"
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", sleeping],
        cwd=PROJECT,
        env=environment_in(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell may ignore it in the background
    )
    assert process.stdout.readline() == "1\n"
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)

    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (128 + signal.SIGINT, "")
