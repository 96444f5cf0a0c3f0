"""What `make run` says if the site can't be set up."""

import subprocess
import sys

import pytest

from tests.support.paths import PROJECT
from tests.support.servers.production import environment_in


@pytest.mark.parametrize("address", ["sqlite:///{folder}/missing/too/db.sqlite3", "sqlite:////proc"])
def test_a_database_that_cannot_be_opened_is_named_in_one_line(tmp_path, address):
    done = subprocess.run(
        [sys.executable, "manage.py", "prepare_demo"],
        cwd=PROJECT,
        env=environment_in(tmp_path, DATABASE_URL=address.format(folder=tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: The database can't be used: unable to open database file. Check that")
    assert done.stderr.count("\n") == 1
