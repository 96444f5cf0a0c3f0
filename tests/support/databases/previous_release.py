"""The release before this one, as its sources and a site that it has set up: to run both releases on one database.

Both are made once and kept in `var/`, like the template of the tests' databases.
"""

import hashlib
import io
import shutil
import subprocess
import tarfile
from pathlib import Path

from tests.support.databases.template import locked
from tests.support.paths import PROJECT

COMMIT = Path(__file__).with_suffix(".txt").read_text().strip()  # replaced at each release
NO_HISTORY = f"git doesn't have the previous release, {COMMIT}: upgrading from it was NOT tested"
FOLDER = PROJECT / "var" / "previous-release"


def sources():
    """Return the folder of the previous release's sources, None where git doesn't have them."""
    return kept("sources", _write)


def kept(name, write):
    """Return a folder that `write(folder)` fills, once for this release and these packages; None if it returns False."""
    packages = hashlib.sha256((PROJECT / "requirements" / "base.txt").read_bytes()).hexdigest()
    folder = FOLDER / f"{name}-{COMMIT[:12]}-{packages[:12]}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with locked(FOLDER / f"{name}.lock"):
        unfinished = FOLDER / f"{name}-unfinished"
        if not folder.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            if write(unfinished) is False:
                return None
            unfinished.rename(folder)
    return folder


def _write(folder):
    if shutil.which("git") is None:
        return False
    archive = ["git", "archive", "--format=tar", COMMIT]
    done = subprocess.run(archive, cwd=PROJECT, capture_output=True, check=False)  # noqa: S603
    if done.returncode == 0:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
            tar.extractall(folder, filter="data")
    return done.returncode == 0
