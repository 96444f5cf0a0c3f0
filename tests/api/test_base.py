"""The API: the same for everybody, with conditional requests, constant queries and explained errors."""

import pytest
from django.http import SimpleCookie
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import workflow
from articles.models import Article, Topic
from articles.workflow.content import SectionContent, SourceContent
from articles.workflow.history import chain
from tests.support.factories import make_change, make_draft, make_episode, make_published, make_user
from tests.support.scenarios.sites.api import DOCUMENTS, LISTS, ONES, SECRET, ask, change, published

pytestmark = pytest.mark.django_db


# The same for everybody ---------------------------------------------------------------------------


@pytest.mark.parametrize("address", LISTS + ONES + DOCUMENTS)
def test_responses_are_the_same_for_everybody_and_conditional(client, people, address):
    published(people)
    anonymous = client.get(address)
    client.force_login(people["by"])

    response = client.get(address)
    again = client.get(address, headers={"If-None-Match": anonymous["ETag"]})
    head = client.head(address)

    assert response.status_code == 200
    assert response.content == anonymous.content
    assert (anonymous.cookies, response.cookies) == (SimpleCookie(), SimpleCookie())
    assert response.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    assert {"public", "max-age=0", "must-revalidate"} == set(response["Cache-Control"].split(", "))
    assert (again.status_code, again.content) == (304, b"")
    for answer in (response, again):
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", response["ETag"])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/api/articles/", "/api/openapi.json", "/api/nothing/"])
def test_api_is_read_only(client, method, address):
    response = getattr(client, method)(address)

    if address == "/api/nothing/" and response.status_code == 404:
        pytest.fail("the method must be checked before the URL")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["detail"] == f"This API is read-only: use GET or HEAD, not {method.upper()}."


def test_other_sites_may_send_conditional_requests(client):
    response = client.options("/api/articles/", headers={"Origin": "https://other.example.org"})

    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Headers"] == "If-None-Match, If-Modified-Since"


def test_old_slug_redirects_to_same_endpoint(client, people):
    (article,) = published(people)
    change(article, people, slug="slumber")

    for rest in ["", "citations/?limit=2", "revisions/", "revisions/1/"]:
        response = client.get(f"/api/articles/sleep-0/{rest}")
        assert (response.status_code, response["Location"]) == (301, f"/api/articles/slumber/{rest}")
        assert response["Access-Control-Allow-Origin"] == "*"


QUERIES = {
    "/api/articles/": 4,
    "/api/articles/?topic=nights&show=night-talks&episode=night-talks/on-sleep": 7,
    "/api/articles/sleep-0/": 12,
    "/api/articles/sleep-0/citations/": 5,
    "/api/articles/sleep-0/revisions/": 4,
    "/api/articles/sleep-0/revisions/1/": 11,
    "/api/citations/": 4,
    "/api/citations/?state=unchecked&episode=night-talks/on-sleep": 5,
    "/api/shows/": 1,
    "/api/shows/night-talks/": 1,
    "/api/shows/night-talks/episodes/": 2,
    "/api/shows/night-talks/episodes/on-sleep/": 6,
    "/api/topics/": 1,
    "/api/topics/nights/": 1,
}


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_is_constant(client, people, count, django_assert_num_queries):
    sections = tuple(SectionContent(f"Part {n}", f"Waste goes [00:06:3{n}].") for n in range(count))
    articles = published(people, count, sections=sections)
    for number in range(1, count):
        make_published(f"nap-{number}", episode=make_episode(f"nap-{number}"), **people)
        change(articles[0], people, lead=f"Lead {number}.")
    chain.seal()

    for address, queries in QUERIES.items():
        with django_assert_num_queries(queries, info=address):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_of_search_is_bounded(client, people, count, django_assert_max_num_queries):
    published(people, count)

    with django_assert_max_num_queries(13):
        assert client.get("/api/search/?q=sleep").status_code == 200


# Errors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("/api/articles/no/", 404, "There is no article here."),
        ("/api/articles/no/citations/", 404, "There is no article here."),
        ("/api/nothing/", 404, "The API has no such endpoint. /api/ lists all of them."),
        ("/api/articles/%00/", 404, "The API has no such endpoint. /api/ lists all of them."),
        (
            "/api/shows/no/",
            404,
            "No published article cites a show “no”. /api/shows/ lists the cited ones.",
        ),
        (
            "/api/articles/?topic=no",
            404,
            "No published article has a topic “no”. /api/topics/ lists the topics in use.",
        ),
        (
            "/api/citations/?episode=no/no",
            404,
            "No published article cites an episode “no/no”. See /api/shows/ for shows and their cited episodes.",
        ),
        (
            "/api/citations/?episode=no",
            400,
            "“episode” must be a show handle, a slash and a slug, such as night-talks/on-sleep.",
        ),
        (
            "/api/citations/?state=true",
            400,
            "“state” must be one of confirmed, found, looked-at, partly, elsewhere, missing, unclear or unchecked.",
        ),
        ("/api/articles/?limit=0", 400, "“limit” must be at least 1."),
        ("/api/articles/?limit=101", 400, "“limit” must be at most 100."),
        ("/api/articles/?limit=many", 400, "“limit” must be a whole number."),
        ("/api/articles/?limit=", 400, "“limit” must be a whole number."),
        ("/api/articles/?limit=" + "9" * 5000, 400, "“limit” must be a whole number."),
        ("/api/articles/?limit=1&limit=2", 400, "“limit” occurs 2 times. Give it once."),
        (
            "/api/articles/?page=2",
            400,
            "This endpoint has no parameter “page”; it takes “topic”, “show”, “episode”, “limit”, “cursor”.",
        ),
        ("/api/topics/nights/?limit=1", 400, "This endpoint has no parameter “limit”; it takes none."),
    ],
)
def test_problems_say_what_is_wrong(client, address, status, detail):
    response = client.get(address)

    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["detail"] == detail
    assert response["Access-Control-Allow-Origin"] == "*"


def test_url_without_slash_redirects(client):
    response = client.get("/api/articles?limit=2")

    assert (response.status_code, response["Location"]) == (301, "/api/articles/?limit=2")


def test_unpublished_content_stays_hidden(client, people):
    (article,) = published(people)
    secret = {"title": SECRET, "lead": SECRET, "sections": (SectionContent(SECRET, f"{SECRET} [00:10:00]."),)}
    make_change(article, by=people["by"], **secret)
    hidden = make_episode("hidden", handle="hidden-talks", title=SECRET)
    make_draft("unseen", by=make_user("second"), sources=(SourceContent(hidden, "e1"),), **secret)
    topic = Topic.objects.create(slug="unseen", title=SECRET)
    Article.objects.get(slug="unseen").topics.add(topic)

    for address in LISTS + ONES:
        assert SECRET not in client.get(address).content.decode()
    for address in [
        "/api/articles/unseen/",
        "/api/articles/unseen/revisions/1/",
        "/api/articles/sleep-0/revisions/2/",
        "/api/shows/hidden-talks/",
        "/api/shows/hidden-talks/episodes/",
        "/api/shows/hidden-talks/episodes/hidden/",
        "/api/topics/unseen/",
        "/api/articles/?topic=unseen",
    ]:
        assert SECRET not in client.get(address).content.decode()
        assert client.get(address).status_code == 404
    assert ask(client, f"/api/search/?q={SECRET}")["results"] == []

    workflow.unpublish(article, by=people["moderator"], reason="Wrong")
    for address in ["/api/articles/", "/api/citations/", "/api/shows/", "/api/topics/", "/api/search/?q=sleep"]:
        assert ask(client, address)["results"] == []
    for address in ONES + LISTS[1:3]:
        assert client.get(address).status_code == (410 if address.startswith("/api/articles/sleep-0/") else 404), (
            address
        )


@pytest.mark.parametrize("name", ["limit", "cursor", "q", "topic", "show", "episode", "state"])
def test_an_empty_parameter_is_answered(client, db, name):
    for address in LISTS:
        response = client.get(address.split("?")[0], {name: ""})

        assert response.status_code in (200, 400, 404), address
        response.json()


@settings(max_examples=150)
@given(
    address=st.sampled_from([*(address.split("?")[0] for address in LISTS), *ONES]),
    query=st.dictionaries(
        st.one_of(st.sampled_from(["limit", "cursor", "q", "topic", "show", "episode", "state"]), st.text(max_size=3)),
        st.one_of(
            st.text(max_size=30), st.integers().map(str), st.sampled_from(["night-talks/on-sleep", "\0", "a/b/c"])
        ),
        max_size=3,
    ),
)
def test_any_query_is_answered(client, db, address, query):
    query = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    response = client.get(address, {name.encode("utf-8", "replace").decode(): value for name, value in query.items()})

    assert response.status_code in (200, 400, 404)
    assert response["Content-Type"].startswith("application/")
    response.json()
