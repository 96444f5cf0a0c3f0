"""sitemap.xml as specified by sitemaps.org, robots.txt, llms.txt."""

import re
from urllib.robotparser import RobotFileParser

import defusedxml.ElementTree as ElementTree
import pytest
from django.http import SimpleCookie

from articles import workflow
from articles.models import Profile, Topic
from articles.views.machine import sitemaps
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user, published

pytestmark = pytest.mark.django_db

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SECRET = "Zephyrine"
FILES = [
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/sitemap-articles.xml",
    "/sitemap-episodes.xml",
    "/sitemap-shows.xml",
    "/sitemap-topics.xml",
    "/sitemap-people.xml",
    "/robots.txt",
    "/llms.txt",
]
# W3C Datetime (https://www.w3.org/TR/NOTE-datetime), as the sitemap schema requires.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def file_under(slug, article, people):
    topic, _ = Topic.objects.get_or_create(slug=slug, defaults={"title": slug, "description": f"What {slug} does."})
    workflow.assign_topics(article, [topic], by=people["moderator"])


def make_page(user):
    user = make_moderator(user) if isinstance(user, str) else user
    workflow.save_profile(Profile(user=user, name=user.username, slug=user.username, is_public=True), by=user)


def rows(client, address, element="url", document="urlset"):
    """Return [(URL, time)] of a file, checked against siteindex.xsd and sitemap.xsd, version 0.9."""
    response = client.get(address)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{SPACE}{document}"
    found = []
    for row in root:
        assert row.tag == f"{SPACE}{element}"
        assert [child.tag for child in row] in ([f"{SPACE}loc"], [f"{SPACE}loc", f"{SPACE}lastmod"])
        location, time = row.findtext(f"{SPACE}loc"), row.findtext(f"{SPACE}lastmod")
        assert location.startswith("http")
        assert 12 <= len(location) <= 2048
        assert time is None or TIME.fullmatch(time)
        found.append((location, time))
    return found


def test_index_names_a_part_for_each_kind_of_page(client, people):
    (article,) = published(1, people)
    changed = article.published_at.isoformat(timespec="seconds")

    found = rows(client, "/sitemap.xml", "sitemap", "sitemapindex")

    assert found == [
        (f"http://testserver/sitemap-{name}.xml", changed)
        for name in ("pages", "articles", "episodes", "shows", "topics", "people")
    ]


QUERIES = {"index": 7, "pages": 1, "articles": 2, "episodes": 2, "shows": 2, "topics": 2, "people": 2}


@pytest.mark.parametrize("count", [1, 3])
def test_files_are_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    for number in range(count):
        article = make_published(f"sleep-{number}", episode=make_episode(handle=f"show-{number}"), **people)
        file_under(f"topic-{number}", article, people)
        make_page(f"reviewer-{number}")

    for name, queries in QUERIES.items():
        with django_assert_num_queries(queries, info=name):
            client.get("/sitemap.xml" if name == "index" else f"/sitemap-{name}.xml")


def test_parts_list_every_public_page_with_its_last_change(client, people):
    first, second = published(2, people)
    file_under("rest", first, people)
    make_page(people["moderator"])
    make_page("idle")
    Topic.objects.create(title="Nothing filed", slug="nothing")
    reviewed = second.published_revision.review_set.get().at
    times = [article.published_at.isoformat(timespec="seconds") for article in (first, second)]

    assert rows(client, "/sitemap-articles.xml") == [
        ("http://testserver/articles/sleep-0/", times[0]),
        ("http://testserver/articles/sleep-1/", times[1]),
    ]
    assert rows(client, "/sitemap-episodes.xml") == [("http://testserver/shows/night-talks/on-sleep/", times[1])]
    assert rows(client, "/sitemap-shows.xml") == [("http://testserver/shows/night-talks/", times[1])]
    assert rows(client, "/sitemap-topics.xml") == [("http://testserver/topics/rest/", times[0])]
    assert rows(client, "/sitemap-people.xml") == [
        ("http://testserver/people/moderator/", reviewed.isoformat(timespec="seconds")),
        ("http://testserver/people/idle/", None),
    ]
    assert rows(client, "/sitemap-pages.xml") == [
        ("http://testserver/", times[1]),
        ("http://testserver/shows/", times[1]),
        ("http://testserver/topics/", times[1]),
        ("http://testserver/people/", None),
        ("http://testserver/feeds/", None),
        ("http://testserver/about/", None),
        ("http://testserver/how-we-check/", None),
    ]


def test_every_url_in_the_sitemap_exists(client, people):
    first, _ = published(2, people)
    file_under("rest", first, people)
    make_page(people["moderator"])

    for part, _ in rows(client, "/sitemap.xml", "sitemap", "sitemapindex"):
        for address, _ in rows(client, part.removeprefix("http://testserver")):
            assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_a_part_is_split_where_it_grows_too_long(client, people, monkeypatch):
    monkeypatch.setattr("articles.views.machine.sitemaps._Part.limit", 2)
    published(5, people)

    index = [address for address, _ in rows(client, "/sitemap.xml", "sitemap", "sitemapindex")]
    pages = [
        rows(client, address)
        for address in ("/sitemap-articles.xml", "/sitemap-articles.xml?p=2", "/sitemap-articles.xml?p=3")
    ]

    assert [address for address in index if "articles" in address] == [
        "http://testserver/sitemap-articles.xml",
        "http://testserver/sitemap-articles.xml?p=2",
        "http://testserver/sitemap-articles.xml?p=3",
    ]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({address for page in pages for address, _ in page}) == 5


def test_no_file_is_longer_than_the_standard_allows():
    assert sitemaps._Part.limit == 50_000


def test_unknown_sitemap_pages_are_not_found(client, people):
    published(1, people)

    for address in ["/sitemap-articles.xml?p=2", "/sitemap-articles.xml?p=x", "/sitemap-drafts.xml"]:
        assert client.get(address).status_code == 404


def test_addresses_are_escaped_as_uris(client, people):
    make_published("睡眠", title="睡眠", episode=make_episode("日本の夜", handle="夜"), **people)

    assert rows(client, "/sitemap-articles.xml")[0][0] == "http://testserver/articles/%E7%9D%A1%E7%9C%A0/"
    assert rows(client, "/sitemap-shows.xml")[0][0] == "http://testserver/shows/%E5%A4%9C/"


@pytest.mark.parametrize("address", FILES)
def test_unpublished_articles_are_not_listed(client, people, address):
    (gone,) = published(1, people, lead=SECRET)
    workflow.unpublish(gone, by=people["moderator"], reason="Wrong")
    make_draft(SECRET.lower(), by=make_user("second"), title=SECRET, episode=make_episode(SECRET, handle=SECRET))

    body = client.get(address).content.decode()

    assert SECRET.lower() not in body.lower()
    assert "sleep-0" not in body


@pytest.mark.parametrize("address", FILES)
def test_files_are_public_and_support_conditional_requests(client, people, address):
    published(1, people)
    anonymous = client.get(address)
    client.force_login(people["by"])

    response = client.get(address)
    again = client.get(address, headers={"If-None-Match": anonymous["ETag"]})

    assert response.content == anonymous.content
    assert (anonymous.cookies, response.cookies) == (SimpleCookie(), SimpleCookie())
    assert response["Vary"] == "Accept-Encoding"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(address).status_code == 405


def test_an_empty_site_has_a_sitemap(client):
    assert rows(client, "/sitemap-articles.xml") == []
    assert [time for _, time in rows(client, "/sitemap.xml", "sitemap", "sitemapindex")] == [None] * 6
    assert rows(client, "/sitemap-pages.xml")[0] == ("http://testserver/", None)


def test_urls_start_with_the_configured_origin(client, people, settings):
    settings.SITE_URL = "https://talks.example.org"
    published(1, people)

    for address in FILES:
        assert "testserver" not in client.get(address).content.decode()
    assert rows(client, "/sitemap-articles.xml")[0][0] == "https://talks.example.org/articles/sleep-0/"


def test_robots_are_kept_out_of_the_admin_and_search_suggestions(client):
    text = client.get("/robots.txt").content.decode()
    robots = RobotFileParser()
    robots.parse(text.splitlines())

    assert text.endswith("\nSitemap: http://testserver/sitemap.xml\n")
    assert robots.site_maps() == ["http://testserver/sitemap.xml"]
    allowed = {
        path: robots.can_fetch("Anybody", f"http://testserver{path}")
        for path in ["/", "/articles/sleep/", "/admin/", "/admin/articles/", "/search/?q=x", "/search/suggest/?q=x"]
    }
    assert allowed == {
        "/": True,
        "/articles/sleep/": True,
        "/admin/": False,
        "/admin/articles/": False,
        "/search/?q=x": True,
        "/search/suggest/?q=x": False,
    }


@pytest.mark.parametrize("count", [1, 3])
def test_llms_txt_names_topics_and_the_newest_articles_in_three_queries(
    client, people, count, django_assert_num_queries
):
    for article in published(count, people):
        file_under("rest", article, people)

    with django_assert_num_queries(3):
        text = client.get("/llms.txt").content.decode()

    lines = text.splitlines()
    assert lines[0] == "# Said at"
    assert lines[2].startswith("> Articles based on long recordings.")
    assert lines[lines.index("## Topics") + 2] == "- [rest](http://testserver/topics/rest/): What rest does."
    assert lines[-count:] == [
        f"- [Sleep {n}](http://testserver/articles/sleep-{n}.md): What a night of sleep does. (Reviewed)"
        for n in reversed(range(count))
    ]


def test_llms_txt_escapes_titles(client, people):
    make_published("sleep", title="](javascript:x) [<b> `#", lead="One\n\n# two", episode=make_episode(), **people)

    last = client.get("/llms.txt").content.decode().splitlines()[-1]

    assert last.startswith(r"- [\](javascript:x) \[\<b\> \`\#](http://testserver/articles/sleep.md): One ")
