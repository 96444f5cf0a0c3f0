"""The editor's scripts of others are what its locked packages build, with the licences of all of them."""

import re
import shutil
import subprocess

from tests.support.checkers import EDITOR_FOLDER, needs
from tests.support.paths import PROJECT

VENDOR = PROJECT / "static" / "vendor"


def test_committed_bundles_are_what_the_locked_packages_build(tmp_path):
    needs("esbuild")

    command = [shutil.which("node"), EDITOR_FOLDER / "build.mjs", tmp_path]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603

    committed, built = ({file.name: file.read_text() for file in folder.iterdir()} for folder in (VENDOR, tmp_path))
    assert committed == built, "Run make bundle, and commit static/vendor."


def test_bundles_name_no_address_of_a_package_index_and_load_nothing_from_elsewhere():
    for file in VENDOR.glob("*.js"):
        text = file.read_text()
        assert not re.search(r"""\bimport\s*(?:\(|["'{*])|\bfetch\(|XMLHttpRequest""", text), file.name
