"""Machine-readable files are valid: against the schemas of sitemaps and JSON Feed, against our own schemas of Atom and
RSS (written from their specifications, as nobody publishes any), and for a reference manager that reads both citation
formats.

OpenAPI: tests/api; JSON-LD: tests/derived/pages/test_json_ld.py; HTML: tests/site/requests/test_every_page.py.
"""

import json
import re
import subprocess
from datetime import date

import pytest
from lxml import etree
from referencing import Registry
from referencing.jsonschema import DRAFT4

from articles.core.formats.bibliography import bibtex, csl
from articles.derived.pages.cite_this import Work
from tests.support import checkers
from tests.support.scenarios.sites.full_site import make_everything

FEEDS = ["articles", "corrections", "shows/night-talks", "topics/sleep"]


@pytest.fixture(scope="module")
def site(module_rows):
    return make_everything()


@pytest.mark.parametrize("form", ["atom", "rss"])
@pytest.mark.parametrize("feed", FEEDS)
def test_feeds_match_the_schema_of_their_format(client, db, site, feed, form):
    document = client.get(f"/feeds/{feed}.{form}").content

    assert re.search(rb"<(entry|item)[ >]", document)
    assert checkers.wrong_in(checkers.relax_ng(form), document) == []


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("atom", rb"<id>[^<]+</id>", b""),
        ("atom", rb"<updated>[^<]+</updated>", b"<updated>yesterday</updated>"),
        ("atom", rb'<link href="[^"]+"', b"<link"),
        ("atom", rb"<name>[^<]+</name>", b"<name></name>"),
        ("rss", rb"<pubDate>[^<]+</pubDate>", b"<pubDate>2026-01-05</pubDate>"),
        ("rss", rb"<guid[^<]+</guid>", b""),
        ("rss", rb"<title>[^<]+</title>", b""),
    ],
)
def test_the_schemas_reject_invalid_files(client, db, site, form, right, wrong):
    document, count = re.subn(right, wrong, client.get(f"/feeds/articles.{form}").content)

    assert count
    assert checkers.wrong_in(checkers.relax_ng(form), document) != []


@pytest.mark.parametrize("feed", FEEDS)
def test_json_feeds_match_the_schema_of_version_1_1(client, db, site, feed):
    from jsonschema import Draft4Validator  # takes a second, of each process that collects tests

    checkers.needs("feed.json")
    before = DRAFT4.create_resource(json.loads(checkers.JSON_FEED.with_name("feed-1.json").read_text()))
    registry = Registry().with_resource(before.id(), before)  # version 1.1 takes parts of version 1
    validator = Draft4Validator(json.loads(checkers.JSON_FEED.read_text()), registry=registry)

    value = client.get(f"/feeds/{feed}.json").json()

    assert value["items"]
    assert [error.message for error in validator.iter_errors(value)] == []
    assert list(validator.iter_errors(value | {"items": [{"title": "without an id"}]})) != []


def test_sitemaps_match_the_schema(client, db, site):
    checkers.needs("sitemap.xsd")
    schema = etree.XMLSchema(etree.parse(checkers.SITEMAP))
    index = etree.fromstring(client.get("/sitemap.xml").content)
    addresses = index.xpath("//*[local-name()='loc']/text()")

    parts = {address: client.get(address).content for address in addresses}

    assert len(parts) == 6
    assert {address: wrong for address, part in parts.items() if (wrong := checkers.wrong_in(schema, part))} == {}
    broken = re.sub(rb"<lastmod>[^<]+", b"<lastmod>yesterday", parts["http://testserver/sitemap-articles.xml"])
    assert checkers.wrong_in(schema, broken) != []


HOSTILE = "50 % & {half} of “$100”, a_b #1 ~ ^ \\ a < é > b"  # a pair of tags is markup in CSL-JSON


@pytest.mark.parametrize("title", ["Sleep", "Müdigkeit: GLP-1 and why", HOSTILE])
def test_a_reference_manager_reads_the_same_in_bibtex_and_csl(title):
    checkers.needs("citation.js")
    work = Work(
        slug="sleep",
        title=title,
        number=3,
        authors=("Inés Alba", "Said at"),
        site="Said at",
        on=date(2026, 1, 5),
        address="https://said.example/articles/sleep/revisions/3/",
        language="en",
    )

    found = checkers.bibliography(bibtex(work), "bibtex"), checkers.bibliography(json.dumps(csl(work)), "csl")

    rest = f"Said at. (2026, January 5). {title}."
    assert found == (f"Inés Alba, & {rest} Said at. {work.address}", f"Inés Alba & {rest} Said At. {work.address}")


def test_the_reference_manager_rejects_invalid_references():
    checkers.needs("citation.js")

    with pytest.raises(subprocess.CalledProcessError):
        checkers.bibliography("@misc{sleep, title = {Sleep", "bibtex")
