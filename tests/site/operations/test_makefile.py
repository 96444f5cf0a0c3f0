"""The Makefile's environment of the demo site, and what `make help` prints."""

import os
import shutil
import subprocess

import pytest
from django.conf import settings


def make(*arguments):
    return subprocess.run(  # noqa: S603  (our own arguments)
        [shutil.which("make"), "--no-print-directory", *arguments],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("line", "status", "output"),
    [('SITE_NAME="What was said"', 0, "What was said.en\n"), ("SITE_NAME=What was said", 2, "")],
)
def test_an_environment_that_cannot_be_read_stops_the_site(tmp_path, line, status, output):
    (tmp_path / "environment").write_text(f"{line}\nSITE_LANGUAGE=en\n")
    file = os.path.relpath(tmp_path / "environment", settings.BASE_DIR)

    done = make(
        f"ENVIRONMENT={file}", "--eval", 'try: ; @$(WITH_ENVIRONMENT) echo "$$SITE_NAME.$$SITE_LANGUAGE"', "try"
    )

    assert (done.returncode, done.stdout) == (status, output)
    assert ("A value with spaces needs quotes" in done.stderr) == bool(status)


def test_help_shows_no_variable():
    assert "$(" not in make("help").stdout
