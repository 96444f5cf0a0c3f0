"""Every dependency is pinned with hashes, the environment is what the pins say, and nothing names a package index."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.site.dependencies.pins import FILES, pins_in, read_pins
from tests.support.checkers import EDITOR_FOLDER, NODE_FOLDER
from tests.support.paths import PROJECT

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
EXTRAS = PYPROJECT["project"]["optional-dependencies"]
# The file for each set of extras.
WANTED = {
    "base": [],
    "postgresql": ["postgresql"],
    "production": ["postgresql", "redis", "s3", "metrics", "sentry", "opentelemetry"],
    "dev": [*EXTRAS],
}


def declared(extras):
    """Return the requirements that pyproject.toml declares for building and running with `extras`."""
    lines = [*PYPROJECT["build-system"]["requires"], *PYPROJECT["project"]["dependencies"]]
    return [Requirement(line) for line in lines + [line for extra in extras for line in EXTRAS[extra]]]


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_is_pinned_with_hashes(name):
    pins = read_pins(name)

    assert len(pins) > 30
    assert [pin.name for pin in pins.values() if not pin.hashes] == []
    assert [pin.name for pin in pins.values() if not all(re.fullmatch("[0-9a-f]{64}", one) for one in pin.hashes)] == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("six>=1.17 \\\n    --hash=sha256:" + "0" * 64, "isn’t pinned"),
        ("six @ https://files.example/six.whl", "isn’t pinned"),
        ("--index-url https://index.example/simple", "isn’t a pin"),
        ("-e .", "isn’t a pin"),
        ("./six.whl", "isn’t a pin"),
    ],
)
def test_a_line_that_is_no_pin_is_noticed(line, wrong):
    with pytest.raises(AssertionError, match=wrong):
        pins_in(line)


def test_a_pin_without_hashes_is_noticed():
    assert pins_in("six==1.17.0")["six"].hashes == frozenset()


@pytest.mark.parametrize("name", FILES)
def test_the_pins_cover_what_the_project_declares(name):
    pins = read_pins(name)

    wrong = [
        str(wanted)
        for wanted in declared(WANTED[name])
        if (pin := pins.get(canonicalize_name(wanted.name))) is None or not wanted.specifier.contains(pin.version)
    ]

    assert wrong == []


def test_the_files_agree():
    """They pin the same files; a dependency that tests need everywhere may be needed on some platforms otherwise."""
    base, postgresql, production, dev = (
        {(pin.name, pin.version, pin.hashes) for pin in read_pins(name).values()} for name in FILES
    )

    assert base <= postgresql <= production <= dev


def test_what_is_installed_is_what_is_pinned():
    installed = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}
    pinned = {name: pin.version for name, pin in read_pins("dev").items() if pin.applies}

    assert {name: installed.get(name) for name in pinned} == pinned
    if os.environ.get("CI"):  # elsewhere, people may have installed tools of their own
        assert installed.keys() - pinned.keys() == {"pip", canonicalize_name(PYPROJECT["project"]["name"])}


@pytest.mark.parametrize(("target", "file"), [("installed", "base"), ("installed-dev", "dev")])
def test_make_installs_with_hashes_and_the_project_by_itself(target, file):
    installing = _pip_commands(target)

    assert [command.partition("--disable-pip-version-check ")[2] for command in installing] == [
        f"--require-hashes --only-binary :all: -r requirements/{file}.txt",
        "--no-deps --no-build-isolation -e .",
    ]


@pytest.mark.parametrize("is_tampered", [False, True], ids=["as locked", "tampered with"])
def test_a_file_that_was_tampered_with_is_not_installed(tmp_path, is_tampered):
    wheel = tmp_path / "said-1.0-py3-none-any.whl"
    _write_wheel(wheel, "said = 1")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if is_tampered:
        _write_wheel(wheel, "said = 2")
    (tmp_path / "requirements.txt").write_text(f"said==1.0 --hash=sha256:{digest}\n")
    options = _pip_commands("installed")[0].partition("--disable-pip-version-check ")[2].rpartition(" ")[0].split()

    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pip", "--isolated", "install", "--no-index", f"--find-links={tmp_path}",
         f"--target={tmp_path / 'here'}", *options, tmp_path / "requirements.txt"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode == 0) is not is_tampered
    assert (tmp_path / "here" / "said.py").exists() is not is_tampered
    assert ("DO NOT MATCH THE HASHES" in done.stderr) is is_tampered


@pytest.mark.parametrize(("folder", "least"), [(NODE_FOLDER, 200), (EDITOR_FOLDER, 20)])
def test_node_packages_are_locked_with_hashes_and_without_a_registry(folder, least):
    lock = json.loads((folder / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    declared = json.loads((folder / "package.json").read_text())

    assert lock["packages"][""]["devDependencies"] == declared["devDependencies"]
    assert [version for version in declared["devDependencies"].values() if not re.fullmatch(r"[\d.]+", version)] == []
    assert len(packages) > least
    assert [name for name, package in packages.items() if not package.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def _pip_commands(target):
    """Return the pip commands with which make installs into a new environment."""
    printed = subprocess.run(  # noqa: S603
        ["make", "-n", "-B", f".venv/{target}"],  # noqa: S607
        cwd=PROJECT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [line for line in printed.splitlines() if "-m pip install" in line]


def _write_wheel(file, source):
    metadata = {
        "METADATA": "Metadata-Version: 2.1\nName: said\nVersion: 1.0\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr("said.py", source)
        for name, text in metadata.items():
            wheel.writestr(f"said-1.0.dist-info/{name}", text)
