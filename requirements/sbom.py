"""Writes a bill of materials as CycloneDX JSON: the parts of the site and of its tests, with their licences.

Python distributions come from this environment, Node packages from the lock files of the tests and of the editor, scripts
that others wrote from what Django ships, Debian packages from the list below. Nothing is fetched.
"""

import argparse
import base64
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import django
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent
VERSION = SchemaVersion.V1_6
NODE_LOCK = PROJECT / "tests" / "support" / "node" / "package-lock.json"
EDITOR_LOCK = PROJECT / "requirements" / "editor" / "package-lock.json"
# Scripts of others that the site serves: where in Django's admin, what says the version, and the licence.
SCRIPTS = Path(django.__file__).parent / "contrib" / "admin" / "static" / "admin" / "js" / "vendor"
BUNDLED = {
    "jquery": ("jquery/jquery.js", r"jQuery JavaScript Library v([\d.]+)", "MIT"),
    "select2": ("select2/select2.full.js", r"Select2 ([\d.]+)", "MIT"),
    "xregexp": ("xregexp/xregexp.js", r"XRegExp\.version = '([\d.]+)'", "MIT"),
}
# Debian's packages: the licence of the program itself, and whether the site needs it rather than its tests.
DEBIAN = {
    "python3": ("PSF-2.0", True),
    "python3-venv": ("PSF-2.0", True),
    "make": ("GPL-3.0-or-later", True),
    "postgresql": ("PostgreSQL", True),
    "chromium-headless-shell": ("BSD-3-Clause", False),
    "default-jre-headless": ("GPL-2.0-only WITH Classpath-exception-2.0", False),
    "gettext": ("GPL-3.0-or-later", False),
    "git": ("GPL-2.0-only", False),
    "nodejs": ("MIT", False),
    "nginx": ("BSD-2-Clause", False),
    "npm": ("Artistic-2.0", False),
    "openssl": ("Apache-2.0", False),
    "redis-server": ("BSD-3-Clause", False),
    "systemd": ("LGPL-2.1-or-later", False),
}
# Packages whose metadata doesn't name their licence; it is in their files.
UNDECLARED = {
    "axe-playwright-python": "MIT",
    "busboy": "MIT",
    "parse-cache-control": "BSD-3-Clause",
    "protobuf": "BSD-3-Clause",
    "streamsearch": "MIT",
}
_licences = LicenseFactory()


def build():
    """Return the bill of materials; a component's scope tells what the site needs from what only its tests do."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--of=JSON"]
    # What is made of it is validated in the end.
    command += [f"--spec-version={VERSION.to_version()}", f"--pyproject={PROJECT / 'pyproject.toml'}", "--no-validate"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)  # noqa: S603
    bom = Bom.from_json(json.loads(done.stdout))
    needed = _names_in("production")
    tools = {"pip"}
    for component in list(bom.components):
        component.scope = _scope(canonicalize_name(component.name) in needed | tools)
        component.properties.clear()  # paths of this machine
        component.external_references.clear()
        if component.name in UNDECLARED:
            component.licenses = [_licences.make_from_string(UNDECLARED[component.name])]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    bom.metadata.component.version = project["version"]
    bom.metadata.component.external_references.clear()
    bom.metadata.component.properties.clear()
    bom.components.update([*_node_packages(), *_bundled_scripts(), *_debian_packages()])
    return bom


def to_json(bom):
    """Return a bill of materials as JSON; raises ValueError if the schema of CycloneDX doesn't accept it."""
    text = make_outputter(bom, OutputFormat.JSON, VERSION).output_as_string(indent=1)
    if wrong := JsonStrictValidator(VERSION).validate_str(text):
        raise ValueError(f"The bill of materials isn't valid: {wrong}")
    return text + "\n"


def _names_in(file):
    lines = (PROJECT / "requirements" / f"{file}.txt").read_text()
    return {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", lines, re.MULTILINE)}


def _scope(is_needed):
    return ComponentScope.REQUIRED if is_needed else ComponentScope.EXCLUDED


def _node_packages():
    # What is bundled is named with its version above its licence; the rest of the editor's lock file only builds it.
    licences = (PROJECT / "static" / "vendor" / "LICENSES.txt").read_text()
    served = set(re.findall(r"^(\S+) (\S+)$", licences, re.MULTILINE))
    for lock, bundled in ((NODE_LOCK, set()), (EDITOR_LOCK, served)):
        yield from _locked(lock, bundled)


def _locked(lock, bundled):
    for place, package in json.loads(lock.read_text())["packages"].items():
        if not place:
            continue
        name = place.rpartition("node_modules/")[2]
        digest = base64.b64decode(package["integrity"].partition("-")[2]).hex()
        yield _component(
            PackageURL("npm", *_namespace(name), package["version"]),
            package.get("license") or UNDECLARED.get(name, ""),
            is_needed=(name, package["version"]) in bundled,
            place=f"{lock.parent.name}/{place}",
            hashes=[HashType(alg=HashAlgorithm.SHA_512, content=digest)],
        )


def _namespace(name):
    scope, _, rest = name.rpartition("/")
    return scope or None, rest


def _bundled_scripts():
    for name, (file, pattern, licence) in BUNDLED.items():
        version = re.search(pattern, (SCRIPTS / file).read_text())[1]
        yield _component(PackageURL("npm", None, name, version), licence, is_needed=True, place=f"django/{file}")


def _debian_packages():
    for name, (licence, is_needed) in DEBIAN.items():
        yield _component(PackageURL("deb", "debian", name, _installed_version(name)), licence, is_needed=is_needed)


def _installed_version(package):
    """Return the version of a Debian package, None if it isn't installed or this isn't Debian."""
    try:
        done = subprocess.run(  # noqa: S603
            ["dpkg-query", "--show", "--showformat=${Version}", package],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None
    return done.stdout.strip() or None


def _component(purl, licence, *, is_needed, place="", hashes=()):
    kind = ComponentType.APPLICATION if purl.type == "deb" else ComponentType.LIBRARY
    return Component(
        name=purl.name,
        group=purl.namespace if purl.type == "npm" else None,
        version=purl.version,
        type=kind,
        purl=purl,
        bom_ref=f"{purl}#{place}" if place else str(purl),
        licenses=[_licences.make_from_string(licence)] if licence else [],
        scope=_scope(is_needed),
        hashes=hashes,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="where to write it")
    file = parser.parse_args().file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(to_json(build()))
    print(f"Written to {file}.")
