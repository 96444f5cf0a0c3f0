"""Citing articles: the plain text, BibTeX and CSL-JSON, for which revision, and where they are offered."""

import json
import re
import unicodedata
from datetime import date

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from articles import workflow
from articles.core.formats import bibliography
from articles.core.formats.bibliography import Work
from articles.derived.pages import cite_this, json_ld
from articles.derived.pages.page import writers_of
from articles.workflow.content import SectionContent
from tests.support.factories import make_change, make_content, make_episode, make_published, make_user
from tests.support.scenarios.published_pages import page_of

SITE = "http://testserver"
WORK = Work(
    title="Sleep & its 50 % of {night}",
    slug="sleep",
    number=3,
    site="Said at",
    authors=("R. Writer", "Said at"),
    on=date(2026, 11, 5),
    address="https://example.org/articles/sleep/revisions/3/",
    language="en",
)
HOSTILE = "</pre><script>alert('x')</script> <origin> \\input{x} %"

titles = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text(st.sampled_from("\\{}$&%#_^~\"'`-<>,@=?! \n\tab—é"), max_size=40),
)


def change(article, people, **changes):
    revision = make_change(article, by=people["by"], **changes)
    workflow.approve(revision, by=people["moderator"])
    workflow.publish(revision, by=people["moderator"])
    article.refresh_from_db()
    return revision


def entry_of(text):
    """Return (key, {field: text without LaTeX}) of the only entry of a BibTeX file, as third-party parsers read it."""
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    (entry,) = library.entries
    return entry.key, {field.key: unlatexed(field.value) for field in entry.fields}


def unlatexed(text):
    # LaTeX has these names, but the parser doesn't know them or takes them for an accent.
    named = text.replace(r"\textbraceleft{}", r"\{").replace(r"\textbraceright{}", r"\}")
    named = named.replace(r"\textasciicircum{}", "^")
    return LatexNodes2Text().latex_to_text(named)


def plain(text):
    """Return a text as BibTeX keeps it: on one line, without control characters."""
    return "".join(character for character in " ".join(text.split()) if unicodedata.category(character) != "Cc")


def test_bibtex_has_the_text_its_date_and_permanent_address():
    assert bibliography.bibtex(WORK) == (
        "@misc{sleep-r3,\n"
        "  author = {{R. Writer} and {Said at}},\n"
        "  title = {{Sleep \\& its 50 \\% of \\textbraceleft{}night\\textbraceright{}}},\n"
        "  publisher = {Said at},\n"
        "  version = {3},\n"
        "  note = {Revision 3},\n"
        "  year = {2026},\n"
        "  day = {5},\n"
        "  url = {https://example.org/articles/sleep/revisions/3/},\n"
        "  month = nov,\n"
        "}\n"
    )


def test_csl_has_the_same_data():
    assert bibliography.csl(WORK) == [
        {
            "id": "sleep-r3",
            "type": "webpage",
            "title": "Sleep & its 50 % of {night}",
            "author": [{"literal": "R. Writer"}, {"literal": "Said at"}],
            "container-title": "Said at",
            "issued": {"date-parts": [[2026, 11, 5]]},
            "version": "3",
            "URL": "https://example.org/articles/sleep/revisions/3/",
            "language": "en",
        }
    ]


@given(titles, titles)
def test_other_parsers_read_bibtex_back(title, name):
    work = Work(title, "sleep", 1, "", (name,) if plain(name) else (), date(2026, 1, 31), "https://example.org/", "en")

    key, read = entry_of(bibliography.bibtex(work))

    assert key == "sleep-r1"
    assert read["title"].strip() == plain(title).strip()
    assert read.get("author", "").strip() == plain(name).strip()
    assert (read["url"], read["year"], read["version"]) == ("https://example.org/", "2026", "1")


@given(titles)
def test_braces_of_bibtex_are_balanced(title):
    text = bibliography.bibtex(Work(title, "s", 1, title, (title,), date(2026, 1, 31), "https://example.org/", "en"))

    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


@given(st.text(max_size=30))
def test_a_key_is_a_valid_file_name(slug):
    assert re.fullmatch(
        r"[a-z0-9]+(-[a-z0-9]+)*-r7", bibliography.key(Work("", slug, 7, "", (), date(2026, 11, 1), "", "en"))
    )


def test_unknown_values_are_left_out():
    work = Work("Sleep", "sleep", 1, "", (), date(2026, 1, 31), "https://example.org/", "en")

    assert "author" not in bibliography.bibtex(work)
    assert "publisher" not in bibliography.bibtex(work)
    assert {"author", "container-title"} & bibliography.csl(work)[0].keys() == set()
    assert cite_this.plain_text(work) == "“Sleep”, revision 1, January 31, 2026." or "31" in cite_this.plain_text(work)


@pytest.mark.django_db
def test_the_page_cites_the_current_text(client, people):
    article = make_published("sleep", episode=make_episode(), **people)
    day = article.published_at.date()

    html = client.get("/articles/sleep/cite/").content.decode()
    bibtex = client.get("/articles/sleep.bib")
    csl = client.get("/articles/sleep.csl.json")

    permanent = f"{SITE}/articles/sleep/revisions/1/"
    assert "“Sleep”, revision 1, " in html
    assert f"</bdi> {permanent}</p>" in html
    assert bibtex["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert bibtex["Content-Disposition"] == 'attachment; filename="sleep-r1.bib"'
    _, read = entry_of(bibtex.content.decode())
    assert (read["title"], read["url"], read["year"], read["author"]) == ("Sleep", permanent, str(day.year), "editor")
    assert csl["Content-Type"] == "application/vnd.citationstyles.csl+json"
    assert csl.json() == [
        {
            "id": "sleep-r1",
            "type": "webpage",
            "title": "Sleep",
            "author": [{"literal": "editor"}],
            "container-title": "Said at",
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
            "version": "1",
            "URL": permanent,
        }
    ]
    assert client.get(permanent.removeprefix(SITE)).status_code == 200


@pytest.mark.django_db
def test_an_earlier_text_has_its_own_citation(client, people):
    article = make_published("sleep", episode=make_episode(), **people)
    change(article, people, title="Slumber")

    html = client.get("/articles/sleep/cite/?revision=1").content.decode()
    value = client.get("/articles/sleep.csl.json?revision=1").json()[0]

    assert "“Sleep”, revision 1, " in html
    assert '<a href="/articles/sleep/cite/">Cite the current revision (2)</a>' in html
    assert '<meta name="robots" content="noindex">' in html
    assert (value["title"], value["version"], value["URL"]) == ("Sleep", "1", f"{SITE}/articles/sleep/revisions/1/")
    assert client.get("/articles/sleep.csl.json").json()[0]["title"] == "Slumber"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/articles/sleep/cite/", "/articles/sleep.bib", "/articles/sleep.csl.json"])
def test_a_text_that_was_never_public_is_not_cited(client, people, address):
    article = make_published("sleep", **people)
    make_change(article, by=people["by"], title="Zephyrine")

    for asked in ("0", "2", "3", "x", "", "%00", "1.0", "-1", "9" * 30):
        response = client.get(f"{address}?revision={asked}")

        assert response.status_code == 404, asked
        assert "Zephyrine" not in response.content.decode(), asked


@pytest.mark.django_db
def test_an_erased_text_is_not_cited(client, people):
    article = make_published("sleep", **people)
    first = article.published_revision
    change(article, people, title="Slumber")
    workflow.erase(first, by=make_user("root", is_superuser=True), reason="An order of a court.")

    for address in ["/articles/sleep/cite/", "/articles/sleep.bib", "/articles/sleep.csl.json"]:
        assert client.get(f"{address}?revision=1").status_code == 410


@pytest.mark.django_db
def test_an_imported_text_names_no_author(client):
    importer = make_user("importer", is_superuser=True)
    draft = workflow.create_article(make_content(), by=importer, received_as="talks/sleep", received_digest="0" * 64)
    workflow.publish_received(draft, by=importer)

    value = client.get("/articles/sleep.csl.json").json()[0]

    assert value["author"] == [{"literal": "Said at"}]
    assert "importer" not in client.get("/articles/sleep/cite/").content.decode()


@pytest.mark.django_db
def test_old_slugs_redirect(client, people):
    article = make_published("sleep", **people)
    change(article, people, slug="slumber")

    for address, now in [
        ("/articles/sleep/cite/?revision=1", "/articles/slumber/cite/?revision=1"),
        ("/articles/sleep.bib", "/articles/slumber.bib"),
        ("/articles/sleep.csl.json", "/articles/slumber.csl.json"),
    ]:
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, now)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/articles/sleep.bib", "/articles/sleep.csl.json"])
def test_unchanged_files_are_not_sent_again(client, people, address):
    make_published("sleep", **people)
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")
    assert first.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    assert client.post(address).status_code == 405


@pytest.mark.django_db
def test_a_hostile_title_is_escaped(client, people):
    article = make_published("sleep", title=HOSTILE, lead=HOSTILE, episode=make_episode(), **people)

    html = client.get("/articles/sleep/cite/").content.decode()
    page = client.get("/articles/sleep/").content.decode()

    assert "<script>alert" not in html
    assert "&lt;origin&gt;" in page
    assert json_ld.ORIGIN not in page
    assert json.loads(client.get("/articles/sleep.csl.json").content)[0]["title"] == article.published_revision.title


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        'A [link](https://example.org "<origin>") here.',
        "An ![<origin>](https://example.org/x.png) here.",
        "A [link](<https://example.org/<origin>>) here.",
        "Code `<origin>` here.",
        "<https://example.org/<origin>>",
    ],
)
def test_no_text_contains_the_placeholder(people, body):
    article = make_published("sleep", sections=(SectionContent("Part", body),), **people)

    page = article.published_revision.rendering.text_html

    assert json_ld.ORIGIN not in page


@pytest.mark.django_db
def test_the_block_below_an_article_has_the_address_of_its_text(client, people, settings):
    settings.SITE_URL = "https://talks.example.org"
    article = make_published("sleep", **people)
    stored = page_of(article)
    block = cite_this.block(article, article.published_revision, writers_of(article.published_revision))

    page = client.get("/articles/sleep/").content.decode()

    assert block["address"] == f"{json_ld.ORIGIN}/articles/sleep/revisions/1/"
    assert f'<a href="{json_ld.ORIGIN}/articles/sleep/revisions/1/">' in stored
    assert '<a href="https://talks.example.org/articles/sleep/revisions/1/">' in page
    assert json_ld.ORIGIN not in page
    assert '<a href="/articles/sleep/cite/">' in page
