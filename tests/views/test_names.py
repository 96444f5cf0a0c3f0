"""A name in another case redirects to the right one, on every page, in feeds and in the API."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.derived import refresh_linking_to
from articles.models import Link, PreviousSlug, Profile, Topic, named, with_name
from articles.workflow.content import slug_taken
from tests.support.factories import make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def site(module_rows):
    episode = make_episode("On-Sleep", handle="Night-Talks", chapters=[(0, "Hello")])
    people = {"by": make_user("site-author"), "moderator": make_moderator("site-moderator")}
    article = make_published("Deep-Sleep", episode=episode, **people)
    article.topics.add(Topic.objects.create(slug="Rest", title="Rest"))
    review = article.published_revision.review_set.get()
    Profile.objects.create(user=review.by, slug="Mo-Derator", name="Mo", is_public=True)
    PreviousSlug.objects.create(article=article, slug="Old-Sleep")


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    "address",
    [
        "/articles/Deep-Sleep/",
        "/articles/Deep-Sleep/history/",
        "/articles/Deep-Sleep/revisions/1/",
        "/articles/Deep-Sleep/links/",
        "/articles/Deep-Sleep/preview/",
        "/articles/Deep-Sleep/challenge/",
        "/articles/Deep-Sleep/cite/",
        "/articles/Deep-Sleep.md",
        "/articles/Deep-Sleep.bib",
        "/articles/Deep-Sleep.csl.json",
        "/articles/Deep-Sleep.json",
        "/articles/Deep-Sleep/share.png",
        "/shows/Night-Talks/",
        "/shows/Night-Talks/On-Sleep/",
        "/shows/Night-Talks/On-Sleep/chapters.json",
        "/shows/Night-Talks/On-Sleep/citations.vtt",
        "/topics/Rest/",
        "/people/Mo-Derator/",
        "/feeds/shows/Night-Talks.rss",
        "/feeds/shows/Night-Talks.atom",
        "/feeds/topics/Rest.rss",
        "/api/articles/Deep-Sleep/",
        "/api/articles/Deep-Sleep/citations/",
        "/api/articles/Deep-Sleep/revisions/",
        "/api/articles/Deep-Sleep/revisions/1/",
        "/api/shows/Night-Talks/",
        "/api/shows/Night-Talks/episodes/",
        "/api/shows/Night-Talks/episodes/On-Sleep/",
        "/api/topics/Rest/",
    ],
)
def test_another_case_redirects(client, address):
    assert client.get(address).status_code == 200
    changed = address
    for name in ("Deep-Sleep", "Night-Talks", "On-Sleep", "Rest", "Mo-Derator"):
        changed = changed.replace(name, name.swapcase())

    response = client.get(changed)

    assert (response.status_code, response["Location"]) == (301, address)


@pytest.mark.usefixtures("site")
def test_queries_are_kept_and_old_slugs_lead_on_in_any_case(client):
    assert client.get("/shows/night-talks/?page=2")["Location"] == "/shows/Night-Talks/?page=2"
    assert (
        client.get("/api/shows/night-talks/episodes/?limit=1")["Location"] == "/api/shows/Night-Talks/episodes/?limit=1"
    )
    assert client.get("/articles/old-SLEEP/")["Location"] == "/articles/Deep-Sleep/"
    for slug in ("deep-sleep", "old-sleep", "old-SLEEP"):  # the moment of a link isn't lost
        assert client.get(f"/articles/{slug}/?t=6m31s")["Location"] == "/articles/Deep-Sleep/?t=6m31s"
    assert client.get("/articles/deep/").status_code == 404
    results = client.get("/api/articles/?show=NIGHT-talks&topic=REST&episode=night-talks/on-sleep").json()["results"]
    assert len(results) == 1


def test_an_exact_name_comes_before_one_in_another_case(client):
    people = {"by": make_user()}
    make_published("TIDES-X", title="Upper", **people)
    make_published("tides-x", title="Lower", **people)

    assert b"Upper" in client.get("/articles/TIDES-X/").content
    assert b"Lower" in client.get("/articles/tides-x/").content
    assert client.get("/articles/Tides-X/").status_code == 301


def test_an_unpublished_article_answers_410_in_any_case(client):
    moderator = make_moderator()
    people = {"by": make_user(), "moderator": moderator}
    gone = make_published("TIDES-X", title="Upper", **people)
    workflow.unpublish(gone, by=moderator, reason="Withdrawn.")

    assert client.get("/articles/tides-x/").status_code == 410

    make_published("tides-x", title="Lower", **people)

    assert client.get("/articles/TIDES-X/").status_code == 410
    assert client.get("/articles/Tides-x/")["Location"] == "/articles/tides-x/"


def test_names_beyond_ascii_are_found_in_any_case():
    topic = Topic.objects.create(slug="Ölstände", title="Oil")

    assert named(Topic.objects, slug="öLSTÄNDE") == topic
    assert list(with_name(Topic.objects, slug="ölstände")) == [topic]
    assert named(Topic.objects, slug="ol.*") is None
    assert named(Topic.objects, slug="ö.*") is None
    assert named(Topic.objects, slug="x\0") is None


@pytest.mark.parametrize(
    ("slug", "asked"),
    [
        ("приливы", "ПРИЛИВЫ"),
        ("ΠΑΛΊΡΡΟΙΑ-ΤΗΣ", "παλίρροια-της"),
        ("ébène", "E\u0301be\u0300ne"),
        ("tides-ß", "ＴＩＤＥＳ-ß"),
    ],
)
def test_a_page_with_another_alphabet_is_found_in_any_case(client, slug, asked):
    make_published(slug, title="Found", by=make_user())

    response = client.get(f"/articles/{asked}/", follow=True)

    assert response.redirect_chain == [(f"/articles/{quote(slug)}/", 301)]
    assert b"Found" in response.content


# Links between articles -----------------------------------------------------------------------------


def linking(text, by):
    return make_published("linking", title="Linking", lead=text, by=by)


@pytest.mark.parametrize(
    ("slugs", "target", "slug"),
    [
        (["TIDES-X", "tides-x"], "TIDES-X", "TIDES-X"),
        (["TIDES-X", "tides-x"], "tides-x", "tides-x"),
        (["TIDES-X", "tides-x"], "Tides x", "tides-x"),
        (["TIDES-X"], "tides x", "TIDES-X"),
        (["tides-x"], "TIDES_X", "tides-x"),
        (["tides-x"], "TIDES-X#moon|the label", "tides-x"),
    ],
)
@pytest.mark.parametrize("is_linked_first", [False, True])
def test_a_link_leads_to_the_exact_name_first(client, slugs, target, slug, is_linked_first):
    user = make_user()
    if is_linked_first:
        article = linking(f"See [[{target}]].", user)
    for name in slugs:
        make_published(name, title=name, by=user)
    if is_linked_first:
        refresh_linking_to(slugs)
    else:
        article = linking(f"See [[{target}]].", user)

    assert list(Link.objects.filter(revision__article=article).values_list("slug", flat=True)) == [slug]
    assert f'href="/articles/{slug}/"' in client.get("/articles/linking/").content.decode()


def test_a_link_without_an_article_is_wanted_in_lower_case():
    article = linking("See [[Neap Tides]] and [[neap-tides]].", make_user())

    assert list(Link.objects.filter(revision__article=article).values_list("slug", flat=True)) == ["neap-tides"]


@pytest.mark.one_database(reason="PostgreSQL reads a small table as a whole; the conditions are the same")
@pytest.mark.parametrize("name", ["nothing", "größe"])
def test_an_address_that_does_not_exist_is_looked_up_by_index(client, people, name):
    make_published(**people)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/articles/{name}/").status_code == 404
        assert not slug_taken(name)

    with connection.cursor() as cursor:
        for sql in [query["sql"] for query in queries if "slug" in query["sql"]]:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = [row[3] for row in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN articles_")], sql
