"""The read API: what it answers, for whom and how often, and that nothing else gets out of it."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime

import pytest
from django.http import SimpleCookie
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ninja.errors import HttpError
from openapi_spec_validator import validate

from articles import workflow
from articles.api import documentation, pagination
from articles.api.examples import example
from articles.derived.checks import labels
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Article, Episode, Topic
from articles.workflow.content import SectionContent, SourceContent
from tests.support.factories import make_change, make_draft, make_episode, make_published, make_user
from tests.support.samples.cited import make_cited, make_talk

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
SECRET = "Zephyrine"
SECTIONS = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. It rests [00:20:00-00:21:00]."),
    SectionContent("How", "Nobody knows [00:30:00]."),
)
LISTS = [
    "/api/articles/",
    "/api/articles/sleep-0/citations/",
    "/api/articles/sleep-0/revisions/",
    "/api/citations/",
    "/api/shows/",
    "/api/shows/night-talks/episodes/",
    "/api/topics/",
    "/api/search/?q=sleep",
]
ONES = [
    "/api/articles/sleep-0/",
    "/api/articles/sleep-0/revisions/1/",
    "/api/shows/night-talks/",
    "/api/shows/night-talks/episodes/on-sleep/",
    "/api/topics/nights/",
]
DOCUMENTS = ["/api/", "/api/openapi.json"]


def published(people, count=1, *, episode=None, **kwargs):
    episode = episode or make_episode(
        chapters=[(0, "Opening"), (300, "The night shift")], youtube_id="abcdefghijk", published_on="2026-01-31"
    )
    topic = Topic.objects.create(slug="nights", title="Nights", description="What happens at night.")
    kwargs = {"sections": SECTIONS, "episode": episode} | people | kwargs
    articles = [make_published(f"sleep-{n}", **({"title": f"Sleep {n}"} | kwargs)) for n in range(count)]
    for article in articles:
        article.topics.add(topic)
    return articles


def change(article, people, **changes):
    revision = make_change(article, by=people["by"], **changes)
    workflow.approve(revision, by=people["moderator"])
    workflow.publish(revision, by=people["moderator"])
    article.refresh_from_db()
    return revision


def ask(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, response.content
    return response.json()


def walk(client, address):
    """What all pages of a list hold, and how many pages there were."""
    found, count = [], 0
    while address:
        value = ask(client, address)
        found += value["results"]
        address, count = value["next"], count + 1
    return found, count


# What is there ------------------------------------------------------------------------------------


def test_articles_are_listed_with_what_a_list_shows(client, people):
    (article,) = published(people, notice="health")

    assert ask(client, "/api/articles/") == {
        "next": None,
        "results": [
            {
                "title": "Sleep 0",
                "slug": "sleep-0",
                "url": f"{SITE}/articles/sleep-0/",
                "api": f"{SITE}/api/articles/sleep-0/",
                "permalink": f"{SITE}/articles/sleep-0/revisions/1/",
                "revision": 1,
                "published_at": article.first_published_at.isoformat(timespec="seconds"),
                "updated_at": article.published_at.isoformat(timespec="seconds"),
                "summary": "What a night of sleep does.",
                "notice": "health",
                "language": "en",
                "words": article.published_revision.rendering.word_count,
                "citation_count": 3,
                "episodes": ["night-talks/on-sleep"],
                "topics": [
                    {
                        "slug": "nights",
                        "title": "Nights",
                        "url": f"{SITE}/topics/nights/",
                        "api": f"{SITE}/api/topics/nights/",
                    }
                ],
            }
        ],
    }


def test_an_article_is_what_its_file_holds(client, people):
    published(people)

    assert ask(client, "/api/articles/sleep-0/") == ask(client, "/articles/sleep-0.json")


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        ("topic=nights", ["sleep-1", "sleep-0"]),
        ("show=night-talks", ["sleep-1", "sleep-0"]),
        ("show=day-talks", ["waking"]),
        ("episode=day-talks/on-waking", ["waking"]),
        ("episode=night-talks/on-sleep&show=day-talks", []),
    ],
)
def test_articles_are_filtered(client, people, asked, slugs):
    published(people, 2)
    make_published("waking", episode=make_episode("on-waking", handle="day-talks"), **people)

    assert [one["slug"] for one in ask(client, f"/api/articles/?{asked}")["results"]] == slugs


def test_citations_of_an_article_are_in_the_order_of_the_text(client, people):
    published(people)

    found, count = walk(client, "/api/articles/sleep-0/citations/?limit=2")

    assert count == 2
    assert found == ask(client, "/api/articles/sleep-0/")["citations"]
    assert [one["start"] for one in found] == [391, 1200, 1800]


def test_citations_of_all_articles_name_theirs(client, people):
    published(people, 2)

    found, count = walk(client, "/api/citations/?limit=4")

    assert count == 2
    assert [(one["start"], one["article"]["slug"]) for one in found] == [
        (start, slug) for start in (391, 1200, 1800) for slug in ("sleep-0", "sleep-1")
    ]
    assert found[0] == {
        **ask(client, "/api/articles/sleep-0/")["citations"][0],
        "article": {
            "title": "Sleep 0",
            "slug": "sleep-0",
            "url": f"{SITE}/articles/sleep-0/",
            "api": f"{SITE}/api/articles/sleep-0/",
            "permalink": f"{SITE}/articles/sleep-0/revisions/1/",
        },
    }


def test_a_list_of_citations_goes_through_every_episode_once(client, people):
    for number, day in enumerate(["2026-01-01", None, "2026-03-01", "2026-02-01"]):
        episode = make_episode(f"talk-{number}", published_on=day)
        make_published(f"text-{number}", **people, episode=episode)

    seen, address = [], "/api/citations/?limit=1"
    while address:
        value = client.get(address).json()
        seen += [one["episode"] for one in value["results"]]
        address = value["next"]

    assert seen == [f"night-talks/talk-{number}" for number in range(4)]


def test_citations_are_found_by_how_they_stand(client, people):
    talk = make_talk()
    article = make_cited(episode=talk, **people)
    make_cited("again", episode=talk, **people)
    first, _, third = article.published_revision.citation_set.select_related("finding").order_by("position")
    workflow.confirm_citation(
        article, by=people["moderator"], episode=talk, start_seconds=1505, end_seconds=None, claim=first.claim
    )
    workflow.dismiss(
        article,
        by=people["moderator"],
        code=third.finding.verdict,
        subject=third.claim_key,
        text=third.claim,
        reason="paraphrase",
    )
    every = ask(client, "/api/citations/")["results"]

    by_state = {state: ask(client, f"/api/citations/?state={state}")["results"] for state in labels.STATES}

    assert by_state == {state: [one for one in every if one["state"] == state] for state in labels.STATES}
    assert {state: len(found) for state, found in by_state.items() if found} == {
        "confirmed": 2,
        "looked-at": 1,
        "elsewhere": 2,
        "missing": 1,
    }


def test_what_nobody_checked_is_found_as_unchecked(client, people):
    published(people)

    assert len(ask(client, "/api/citations/?state=unchecked")["results"]) == 3
    assert ask(client, "/api/citations/?state=confirmed")["results"] == []


def test_revisions_are_those_that_readers_were_shown(client, people):
    (article,) = published(people)
    first = article.published_revision
    change(article, people, title="Slumber", edit_summary="A better word.")
    make_change(article, by=people["by"], title=SECRET)

    value = ask(client, "/api/articles/sleep-0/revisions/")

    assert [(one["number"], one["title"], one["is_current"]) for one in value["results"]] == [
        (2, "Slumber", True),
        (1, "Sleep 0", False),
    ]
    assert value["results"][1] == {
        "number": 1,
        "url": f"{SITE}/articles/sleep-0/revisions/1/",
        "api": f"{SITE}/api/articles/sleep-0/revisions/1/",
        "is_current": False,
        "title": "Sleep 0",
        "notice": "none",
        "note": "",
        "language": "en",
        "public": [
            {
                "since": article.first_published_at.isoformat(timespec="seconds"),
                "until": article.published_at.isoformat(timespec="seconds"),
            }
        ],
        "reviewed": {
            "by": "moderator",
            "at": first.review_set.get().at.isoformat(timespec="seconds"),
            "after_publishing": False,
        },
        "erased": None,
    }
    assert ask(client, "/api/articles/sleep-0/revisions/3/", 404)["title"] == "Not Found"


def test_an_earlier_revision_is_there_with_its_text(client, people):
    (article,) = published(people)
    change(article, people, sections=(SectionContent("Now", "All is new [00:40:00]."),))

    value = ask(client, "/api/articles/sleep-0/revisions/1/")

    assert [one["text"] for one in value["sections"]] == [one.body for one in SECTIONS]
    assert [one["url"] for one in value["citations"]] == [
        f"{SITE}/articles/sleep-0/revisions/1/#c-{start}" for start in (391, 1200, 1800)
    ]
    assert value["sources"][0]["episode"] == "night-talks/on-sleep"


def test_an_erased_revision_says_so_without_its_text(client, people):
    (article,) = published(people, title=SECRET, lead=SECRET)
    first = article.published_revision
    change(article, people, title="Slumber", lead="Of sleep.")
    root = make_user("root", is_superuser=True)
    workflow.erase(first, by=root, reason="An order of a court.")
    first.refresh_from_db()

    value = ask(client, "/api/articles/sleep-0/revisions/1/")

    assert value["erased"] == {
        "at": first.erased_at.isoformat(timespec="seconds"),
        "reason": "An order of a court.",
    }
    assert {value[name] for name in ("title", "lead", "sections", "sources", "citations")} == {None}
    for address in ["/api/articles/sleep-0/revisions/", "/api/articles/sleep-0/revisions/1/"]:
        assert SECRET not in client.get(address).content.decode()


def test_a_show_and_its_episodes(client, people):
    published(people, 2)
    make_published("naps", episode=make_episode("on-naps", published_on="2026-02-01"), **people)
    make_published("dreams", episode=make_episode("on-dreams"), **people)

    shows = ask(client, "/api/shows/")["results"]
    episodes, count = walk(client, "/api/shows/night-talks/episodes/?limit=1")

    assert shows == [
        {
            "handle": "night-talks",
            "title": "Night Talks",
            "url": f"{SITE}/shows/night-talks/",
            "api": f"{SITE}/api/shows/night-talks/",
            "site": "",
            "article_count": 4,
        }
    ]
    assert ask(client, "/api/shows/night-talks/") == shows[0]
    assert count == 3
    assert [(one["episode"], one["published_on"], one["article_count"]) for one in episodes] == [
        ("night-talks/on-naps", "2026-02-01", 1),
        ("night-talks/on-sleep", "2026-01-31", 2),
        ("night-talks/on-dreams", None, 1),
    ]


def test_an_episode_has_its_chapters_and_citations(client, people):
    published(people)

    value = ask(client, "/api/shows/night-talks/episodes/on-sleep/")

    assert value["chapters"][1] == {
        "start": 300,
        "title": "The night shift",
        "is_sponsor": False,
        "hear": "https://www.youtube.com/watch?v=abcdefghijk&t=300s",
    }
    assert value["citations"] == ask(client, "/api/citations/?episode=night-talks/on-sleep")
    assert client.get(value["chapters_file"]).status_code == client.get(value["citations_track"]).status_code == 200


def test_the_citations_of_an_episode_go_on(client, people):
    sections = tuple(SectionContent(f"Part {n}", f"Waste goes [00:{n:02}:31].") for n in range(40))
    published(people, sections=sections)

    value = ask(client, "/api/shows/night-talks/episodes/on-sleep/")["citations"]
    found, count = walk(client, value["next"])

    assert (len(value["results"]), len(found), count) == (30, 10, 1)
    assert [one["start"] for one in value["results"] + found] == [n * 60 + 31 for n in range(40)]


def test_topics(client, people):
    published(people, 2)
    Topic.objects.create(slug="empty", title="Empty")

    value = ask(client, "/api/topics/")

    assert value["results"] == [
        {
            "slug": "nights",
            "title": "Nights",
            "url": f"{SITE}/topics/nights/",
            "api": f"{SITE}/api/topics/nights/",
            "description": "What happens at night.",
            "article_count": 2,
        }
    ]
    assert ask(client, "/api/topics/nights/") == value["results"][0]
    assert ask(client, "/api/topics/empty/", 404)["status"] == 404


def test_search_answers_as_its_page_does(client, people):
    published(people, 12)
    page = client.get("/search/?q=waste+at+night").content.decode()

    value = ask(client, "/api/search/?q=waste+at+night")
    found, count = walk(client, "/api/search/?q=waste+at+night")

    assert (value["query"], value["count"], value["is_more"], value["is_beginning"]) == (
        "waste at night",
        12,
        False,
        False,
    )
    assert (len(found), count) == (12, 2)
    assert len({one["slug"] for one in found}) == 12
    for one in value["results"]:
        assert f'href="{one["places"][0]["url"].removeprefix(SITE)}"' in page
    place = value["results"][0]["places"][0]
    assert place["text"] == "The brain clears waste at night."
    assert [run["text"] for run in place["runs"] if run["is_found"]] == ["waste", "night"]
    assert place["moments"] == [
        {
            "episode": "night-talks/on-sleep",
            "start": 391,
            "end": None,
            "hear": "https://www.youtube.com/watch?v=abcdefghijk&t=391s",
        }
    ]


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ("", "“q” is missing."),
        ("?q=", "There is no word in “q”: give at least one letter or number."),
        ("?q=%2B%2B", "There is no word in “q”: give at least one letter or number."),
        (
            f"?q={'a' * 201}",
            "“q” is longer than 200 characters, so nothing was looked for: give the few words that matter most.",
        ),
    ],
)
def test_search_says_what_it_cannot_look_for(client, asked, detail):
    assert ask(client, f"/api/search/{asked}", 400)["detail"] == detail


def test_a_page_of_the_search_that_is_gone_is_empty(client, people):
    published(people)

    value = ask(client, f"/api/search/?q=sleep&cursor={pagination.written('search', 7)}")

    assert (value["results"], value["next"], value["count"]) == ([], None, 1)


# Pages --------------------------------------------------------------------------------------------


def test_pages_of_articles_meet_without_gap_or_repetition(client, people):
    published(people, 7)

    found, count = walk(client, "/api/articles/?limit=3")

    assert count == 3
    assert [one["slug"] for one in found] == [f"sleep-{n}" for n in reversed(range(7))]


def test_what_goes_out_meanwhile_shifts_nothing(client, people):
    published(people, 4)
    page = ask(client, "/api/articles/?limit=2")
    make_published("later", episode=Episode.objects.get(), **people)

    rest = ask(client, page["next"])

    assert [one["slug"] for one in page["results"] + rest["results"]] == ["sleep-3", "sleep-2", "sleep-1", "sleep-0"]


def test_articles_of_one_moment_are_told_apart(client, people):
    published(people, 4)
    Article.objects.update(published_at=datetime(2026, 11, 23, 12, tzinfo=UTC))

    found, _ = walk(client, "/api/articles/?limit=1")

    assert [one["slug"] for one in found] == ["sleep-0", "sleep-1", "sleep-2", "sleep-3"]


def test_next_keeps_what_was_asked_and_stands_in_the_link(client, people):
    published(people, 2)

    response = client.get("/api/articles/?topic=nights&limit=1")

    address = response.json()["next"]
    assert address.startswith(f"{SITE}/api/articles/?topic=nights&limit=1&cursor=")
    assert ask(client, address)["next"] is None


def test_a_list_of_a_text_that_was_replaced_begins_again(client, people):
    (article,) = published(people)
    page = ask(client, "/api/articles/sleep-0/citations/?limit=1")
    change(article, people, lead="Another lead.")

    assert ask(client, page["next"], 400)["detail"] == (
        "The article has another text since this list began. Ask for it again without “cursor”."
    )


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "cursor",
    ["", "x", "!!!", "W10", "bnVsbA", "WzFd", pagination.written("other", 1, 2, 3), "a" * 900, "W" * 499, "%F0"],
)
def test_a_wrong_cursor_says_what_to_do(client, people, address, cursor):
    published(people)

    response = client.get(f"{address}{'&' if '?' in address else '?'}cursor={cursor}")

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "“cursor” is not one that this list gave. Ask for the list without it, and follow “next” from there.",
    }


@given(
    st.lists(
        st.one_of(
            st.integers(0, pagination.KEY_MAX),
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
            st.dates(),
            st.datetimes(timezones=st.just(UTC)),
            st.none(),
        ),
        max_size=4,
    )
)
def test_cursors_are_read_back(key):
    kinds = [(type(value), None) if value is not None else (int, None) for value in key]
    if any(isinstance(value, str) for value in key) and len(pagination.written("list", *key)) > pagination.LONGEST:
        return

    assert pagination.read(pagination.written("list", *key), "list", *kinds) == key


@given(st.text())
def test_no_cursor_fails_otherwise_than_by_a_refusal(text):
    for kinds in [(), (int,), (str,), (datetime, int), ((date, None), int)]:
        with pytest.raises(HttpError):
            pagination.read(text, "list", *kinds)


@pytest.mark.parametrize("value", [-1, 2**63, 1.5, True, "1", [1], {"a": 1}])
def test_a_forged_cursor_is_refused(value):
    with pytest.raises(HttpError):
        pagination.read(urlsafe_b64encode(json.dumps(["list", value]).encode()).decode().rstrip("="), "list", int)


# For everybody ------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", LISTS + ONES + DOCUMENTS)
def test_answers_are_for_everybody_and_say_when_nothing_changed(client, people, address):
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
    assert {"public", "max-age=60"} == set(response["Cache-Control"].split(", "))
    assert (again.status_code, again.content) == (304, b"")
    for one in (response, again):
        assert one["Access-Control-Allow-Origin"] == "*"
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", response["ETag"])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/api/articles/", "/api/openapi.json", "/api/nothing/"])
def test_it_is_only_read(client, method, address):
    response = getattr(client, method)(address)

    if address == "/api/nothing/" and response.status_code == 404:
        pytest.fail("a method is refused before an address")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["detail"] == f"This API is only read: ask with GET or HEAD, not with {method.upper()}."


def test_pages_of_other_sites_may_ask_conditionally(client):
    response = client.options("/api/articles/", headers={"Origin": "https://other.example.org"})

    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Headers"] == "If-None-Match, If-Modified-Since"


def test_an_old_slug_leads_to_the_same_address(client, people):
    (article,) = published(people)
    change(article, people, slug="slumber")

    for rest in ["", "citations/?limit=2", "revisions/", "revisions/1/"]:
        response = client.get(f"/api/articles/sleep-0/{rest}")
        assert (response.status_code, response["Location"]) == (301, f"/api/articles/slumber/{rest}")
        assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/api/articles/", 3),
        ("/api/articles/?topic=nights&show=night-talks&episode=night-talks/on-sleep", 6),
        ("/api/articles/sleep-0/", 9),
        ("/api/articles/sleep-0/citations/", 5),
        ("/api/articles/sleep-0/revisions/", 4),
        ("/api/articles/sleep-0/revisions/1/", 10),
        ("/api/citations/", 3),
        ("/api/citations/?state=unchecked&episode=night-talks/on-sleep", 4),
        ("/api/shows/", 1),
        ("/api/shows/night-talks/", 1),
        ("/api/shows/night-talks/episodes/", 2),
        ("/api/shows/night-talks/episodes/on-sleep/", 5),
        ("/api/topics/", 1),
        ("/api/topics/nights/", 1),
    ],
)
def test_answers_are_a_constant_number_of_queries(client, people, count, address, queries, django_assert_num_queries):
    sections = tuple(SectionContent(f"Part {n}", f"Waste goes [00:06:3{n}].") for n in range(count))
    articles = published(people, count, sections=sections)
    for number in range(1, count):
        make_published(f"nap-{number}", episode=make_episode(f"nap-{number}"), **people)
        change(articles[0], people, lead=f"Lead {number}.")

    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_search_is_a_bounded_number_of_queries(client, people, count, django_assert_max_num_queries):
    published(people, count)

    with django_assert_max_num_queries(12):
        assert client.get("/api/search/?q=sleep").status_code == 200


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("/api/articles/no/", 404, "There is no article here."),
        ("/api/articles/no/citations/", 404, "There is no article here."),
        ("/api/nothing/", 404, "There is no such address in this API: /api/ lists all that there are."),
        ("/api/articles/%00/", 404, "There is no such address in this API: /api/ lists all that there are."),
        (
            "/api/shows/no/",
            404,
            "No published article cites a show “no”: /api/shows/ lists those that are.",
        ),
        (
            "/api/articles/?topic=no",
            404,
            "There is no topic “no” with articles: /api/topics/ lists those that have some.",
        ),
        (
            "/api/citations/?episode=no/no",
            404,
            "No published article cites an episode “no/no”: /api/shows/ leads to those that are.",
        ),
        (
            "/api/citations/?episode=no",
            400,
            "“episode” is the handle of a show, a slash and a slug, such as night-talks/on-sleep.",
        ),
        (
            "/api/citations/?state=true",
            400,
            "“state” has to be one of confirmed, found, looked-at, partly, elsewhere, missing or unchecked.",
        ),
        ("/api/articles/?limit=0", 400, "“limit” has to be 1 at least."),
        ("/api/articles/?limit=101", 400, "“limit” has to be 100 at most."),
        ("/api/articles/?limit=many", 400, "“limit” has to be a whole number."),
        ("/api/articles/?limit=", 400, "“limit” has to be a whole number."),
        ("/api/articles/?limit=" + "9" * 5000, 400, "“limit” has to be a whole number."),
        ("/api/articles/?limit=1&limit=2", 400, "“limit” is given 2 times: give it once."),
        ("/api/articles/?topic=%00", 400, "“topic” has a NUL in it, which no text has."),
        ("/api/search/?q=%00", 400, "“q” has a NUL in it, which no text has."),
        (
            "/api/articles/?page=2",
            400,
            "There is no parameter “page” here: it takes “topic”, “show”, “episode”, “limit”, “cursor”.",
        ),
        ("/api/topics/nights/?limit=1", 400, "There is no parameter “limit” here: it takes none."),
    ],
)
def test_problems_say_what_was_wrong(client, address, status, detail):
    response = client.get(address)

    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["detail"] == detail
    assert response["Access-Control-Allow-Origin"] == "*"


def test_an_address_without_its_slash_leads_on(client):
    response = client.get("/api/articles?limit=2")

    assert (response.status_code, response["Location"]) == (301, "/api/articles/?limit=2")


def test_what_is_not_published_is_not_given(client, people):
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
        assert client.get(address).status_code == 404


@settings(max_examples=150)
@given(
    address=st.sampled_from([*(one.split("?")[0] for one in LISTS), *ONES]),
    asked=st.dictionaries(
        st.one_of(st.sampled_from(["limit", "cursor", "q", "topic", "show", "episode", "state"]), st.text(max_size=3)),
        st.one_of(
            st.text(max_size=30), st.integers().map(str), st.sampled_from(["night-talks/on-sleep", "\0", "a/b/c"])
        ),
        max_size=3,
    ),
)
def test_no_parameter_breaks_it(client, db, address, asked):
    asked = {name: value.encode("utf-8", "replace").decode() for name, value in asked.items()}
    response = client.get(address, {name.encode("utf-8", "replace").decode(): value for name, value in asked.items()})

    assert response.status_code in (200, 400, 404)
    assert response["Content-Type"].startswith("application/")
    response.json()


# The documentation --------------------------------------------------------------------------------


def test_the_value_is_openapi(client):
    value = ask(client, "/api/openapi.json")

    validate(value)
    assert value["openapi"] == "3.1.0"
    assert value["servers"] == [{"url": SITE}]
    assert sorted(value["paths"]) == [
        "/api/articles/",
        "/api/articles/{slug}/",
        "/api/articles/{slug}/citations/",
        "/api/articles/{slug}/revisions/",
        "/api/articles/{slug}/revisions/{number}/",
        "/api/citations/",
        "/api/search/",
        "/api/shows/",
        "/api/shows/{handle}/",
        "/api/shows/{handle}/episodes/",
        "/api/shows/{handle}/episodes/{slug}/",
        "/api/topics/",
        "/api/topics/{slug}/",
    ]
    for methods in value["paths"].values():
        (operation,) = methods.values()
        assert list(methods) == ["get"]
        assert all(parameter["description"] for parameter in operation["parameters"])


def shape_of(value, path):
    """The schema of what an address answers, with what it refers to."""
    answered = value["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return {**answered, "components": value["components"]}


def test_answers_are_of_the_documented_shape(client, people):
    (article,) = published(people)
    import_transcript(Episode.objects.get(), b"WEBVTT\n\n06:25.000 --> 06:45.000\nOf waste at night.\n", "night.vtt")
    change(article, people, lead="Another lead.")
    value = ask(client, "/api/openapi.json")
    names = {"slug": "sleep-0", "handle": "night-talks", "number": "1"}

    for path in value["paths"]:
        filled = (
            path.format(**names)
            .replace("topics/sleep-0", "topics/nights")
            .replace("episodes/sleep-0", "episodes/on-sleep")
        )
        answered = ask(client, f"{filled}?q=sleep" if "search" in path else filled)
        Draft202012Validator(shape_of(value, path)).validate(answered)
        assert answered


def test_examples_are_of_the_documented_shape(client):
    value = ask(client, "/api/openapi.json")

    for path in value["paths"]:
        shape = shape_of(value, path)
        Draft202012Validator(shape).validate(example(shape, value["components"]["schemas"]))


def test_the_page_documents_every_operation(client):
    page = client.get("/api/").content.decode()
    value = documentation.value()

    for path, methods in value["paths"].items():
        assert f"<code>GET {path}</code>" in page
        assert f'id="{methods["get"]["operationId"]}"' in page
        for parameter in methods["get"]["parameters"]:
            assert f"<dt><code>{parameter['name']}</code></dt>" in page
    for name in value["components"]["schemas"]:
        assert f'id="shape-{name}"' in page
    assert "curl &#x27;http://testserver/api/articles/?topic=sleep&amp;show=night-talks" in page
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


def test_examples_of_addresses_are_understood(client):
    """They name what a site need not have: that it is not there is the only thing that may be wrong."""
    made = documentation.value()
    groups = documentation._groups(made, "")

    for _, operations in groups:
        for operation in operations:
            address = operation["curl"].removeprefix("curl '").removesuffix("'")
            assert client.get(address).status_code in (200, 404), address


def test_a_missing_shape_of_state_would_be_noticed():
    state = documentation.value()["components"]["schemas"]["Citation"]["properties"]["state"]

    assert state["enum"] == list(labels.STATES)
