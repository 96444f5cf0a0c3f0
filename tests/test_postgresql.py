"""Runs the tests of rows and transitions a second time, on a PostgreSQL server of their own."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
ON_BOTH_DATABASES = [
    "test_models.py",
    "test_workflow.py",
    "test_transitions.py",
    "test_moderation.py",
    "test_races.py",
    "test_derivation.py",
    "test_importing.py",
    "test_views.py",
    "test_admin_pages.py",
    "test_transcript_import.py",
    "test_check_citations.py",
    "test_search.py",
    "test_search_parity.py",
    "test_surroundings.py",
    "test_language.py",
    "test_missing_links.py",
    "test_api.py",
    "test_topics.py",
    "test_people.py",
    "test_citing.py",
    "test_erasing.py",
    "test_locking.py",
    "models/test_migrations.py",
]


def programs():
    """The folder of PostgreSQL's server programs, or None."""
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return debian[-1].parent if debian else None


@pytest.fixture
def server():
    """The address of a server that lives as long as the test."""
    bin_folder = programs()
    if bin_folder is None:
        message = "PostgreSQL is not installed (Debian: apt-get install postgresql): its tests did NOT run."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # Not pytest's own folder: that is closed to the server's account, again with each run that begins meanwhile.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    account = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        account = {"user": "postgres"}
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]

    def run(program, *arguments):
        subprocess.run(  # noqa: S603
            [bin_folder / program, "-D", folder / "data", *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            **account,
        )

    run("initdb", "-A", "trust", "-U", "postgres", "--no-sync")
    run("pg_ctl", "-o", f"-p {port} -k {folder} -c fsync=off", "-l", folder / "log", "-w", "start")
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.mark.postgresql
def test_rows_and_transitions_behave_the_same_on_postgresql(server):
    files = [f"tests/{name}" for name in ON_BOTH_DATABASES]

    result = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", "-q", "-m", "not browser", *files],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": server},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout[-8000:] + result.stderr[-2000:]
