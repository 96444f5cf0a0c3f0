"""The release before this one, as its sources: to run both on one database."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

from tests.support.paths import PROJECT

COMMIT = Path(__file__).with_suffix(".txt").read_text().strip()  # replaced at each release
NO_HISTORY = f"git doesn't have the previous release, {COMMIT}: upgrading from it was NOT tested"


def write_to(folder):
    """Write the sources of the previous release to a folder; returns False where git doesn't have them."""
    if shutil.which("git") is None:
        return False
    archive = ["git", "archive", "--format=tar", COMMIT]
    done = subprocess.run(archive, cwd=PROJECT, capture_output=True, check=False)  # noqa: S603
    if done.returncode == 0:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
            tar.extractall(folder, filter="data")
    return done.returncode == 0
