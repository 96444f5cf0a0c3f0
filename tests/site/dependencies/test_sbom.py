"""The bill of materials: valid by CycloneDX's schema, complete, with a licence for each component, and no local paths."""

import json
import re
import subprocess
import sys

import pytest
from cyclonedx.schema import SchemaVersion
from packaging.utils import canonicalize_name

from tests.site.dependencies.pins import read_pins
from tests.support.checkers import EDITOR_FOLDER, NODE_FOLDER
from tests.support.paths import PROJECT


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The text that `make sbom` writes."""
    file = tmp_path_factory.mktemp("sbom") / "sbom.cdx.json"
    command = [sys.executable, PROJECT / "requirements" / "sbom.py", file]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return file.read_text()


@pytest.fixture(scope="module")
def components(written):
    return json.loads(written)["components"]


def of_kind(components, kind):
    """Return {(name, version)} of the components with a package URL of `kind`."""
    return {
        ("/".join(filter(None, (one.get("group"), one["name"]))), one.get("version"))
        for one in components
        if one["purl"].startswith(f"pkg:{kind}/")
    }


def test_the_schema_accepts_it_and_not_less(written):
    from cyclonedx.validation.json import JsonStrictValidator  # takes a second, of each process that collects tests

    validator = JsonStrictValidator(SchemaVersion.V1_6)

    assert validator.validate_str(written) is None
    assert validator.validate_str(written.replace('"scope": "required"', '"scope": "perhaps"', 1)) is not None


def test_every_pinned_distribution_is_listed(components):
    listed = {(canonicalize_name(name), version) for name, version in of_kind(components, "pypi")}
    pinned = {(pin.name, pin.version) for pin in read_pins("dev").values() if pin.applies}

    assert pinned - listed == set()


def test_what_the_site_needs_is_told_from_what_its_tests_need(components):
    needed = {canonicalize_name(one["name"]) for one in components if one["scope"] == "required"}

    assert {pin.name for pin in read_pins("base").values() if pin.applies} <= needed
    assert needed.isdisjoint({"pytest", "mypy", "lighthouse", "playwright"})


def test_every_node_package_is_listed(components):
    for folder in (NODE_FOLDER, EDITOR_FOLDER):
        packages = json.loads((folder / "package-lock.json").read_text())["packages"]
        locked = {(place.rpartition("node_modules/")[2], one["version"]) for place, one in packages.items() if place}

        assert locked - of_kind(components, "npm") == set()


def test_every_bundled_script_is_listed(components):
    import django

    folders = list((PROJECT / django.__file__).parent.glob("contrib/admin/static/admin/js/vendor/*"))
    bundled = {name for name, _ in of_kind([one for one in components if one["scope"] == "required"], "npm")}

    licences = (PROJECT / "static" / "vendor" / "LICENSES.txt").read_text()
    in_editor = set(re.findall(r"^(\S+) \d[\d.]*$", licences, re.MULTILINE))

    assert {"@codemirror/view", "turndown"} <= in_editor
    assert {folder.name for folder in folders} | in_editor == bundled
    vendored = {file.name for file in PROJECT.glob("static/**/*.js") if ".min." in file.name or "vendor" in file.parts}
    assert vendored == {"codemirror.js", "turndown.js"}


def test_every_program_that_the_tests_install_is_listed(components):
    installed = set(re.findall(r"missing\+=\((.+?)\)", (PROJECT / ".ci" / "run").read_text()))
    named = set(re.search(r"apt-get install (.+)", (PROJECT / "CONTRIBUTING.md").read_text())[1].split())

    assert installed | named <= {name for name, _ in of_kind(components, "deb")}


def test_every_component_has_a_licence(components):
    assert [one["name"] for one in components if not one.get("licenses")] == []


def test_nothing_tells_about_this_machine(written):
    assert str(PROJECT) not in written
    assert "file://" not in written
