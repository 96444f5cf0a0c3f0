"""The API's responses for articles, citations, revisions, shows, episodes, topics and search."""

import pytest

from articles import workflow
from articles.api import pagination
from articles.derived.checks import labels
from articles.models import Episode, Topic
from articles.workflow.content import SectionContent
from tests.support.factories import make_change, make_episode, make_published, make_user
from tests.support.samples.cited import make_cited, make_talk
from tests.support.scenarios.sites.api import SECRET, SECTIONS, SITE, ask, change, published, walk

pytestmark = pytest.mark.django_db


def test_list_of_articles_has_every_field(client, people):
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
                "reviewed": ask(client, "/api/articles/sleep-0/")["reviewed"],
                "language": "",
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


def test_article_equals_its_file(client, people):
    published(people)

    assert ask(client, "/api/articles/sleep-0/") == ask(client, "/articles/sleep-0.json")


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("topic=nights", ["sleep-1", "sleep-0"]),
        ("show=night-talks", ["sleep-1", "sleep-0"]),
        ("show=day-talks", ["waking"]),
        ("episode=day-talks/on-waking", ["waking"]),
        ("episode=night-talks/on-sleep&show=day-talks", []),
    ],
)
def test_articles_are_filtered(client, people, query, slugs):
    published(people, 2)
    make_published("waking", episode=make_episode("on-waking", handle="day-talks"), **people)

    assert [result["slug"] for result in ask(client, f"/api/articles/?{query}")["results"]] == slugs


def test_citations_of_an_article_are_in_article_order(client, people):
    published(people)

    results, count = walk(client, "/api/articles/sleep-0/citations/?limit=2")

    assert count == 2
    assert results == ask(client, "/api/articles/sleep-0/")["citations"]
    assert [result["start"] for result in results] == [391, 1200, 1800]


def test_citations_of_all_articles_name_their_article(client, people):
    published(people, 2)

    results, count = walk(client, "/api/citations/?limit=4")

    assert count == 2
    assert [(result["start"], result["article"]["slug"]) for result in results] == [
        (start, slug) for start in (391, 1200, 1800) for slug in ("sleep-0", "sleep-1")
    ]
    assert results[0] == {
        **ask(client, "/api/articles/sleep-0/")["citations"][0],
        "article": {
            "title": "Sleep 0",
            "slug": "sleep-0",
            "url": f"{SITE}/articles/sleep-0/",
            "api": f"{SITE}/api/articles/sleep-0/",
            "permalink": f"{SITE}/articles/sleep-0/revisions/1/",
            "reviewed": ask(client, "/api/articles/sleep-0/")["reviewed"],
            "notice": "none",
        },
    }


def test_citations_go_through_every_episode_once(client, people):
    for number, day in enumerate(["2026-01-01", None, "2026-03-01", "2026-02-01"]):
        episode = make_episode(f"talk-{number}", published_on=day)
        make_published(f"text-{number}", **people, episode=episode)

    seen, address = [], "/api/citations/?limit=1"
    while address:
        value = client.get(address).json()
        seen += [result["episode"] for result in value["results"]]
        address = value["next"]

    assert seen == [f"night-talks/talk-{number}" for number in range(4)]


def test_citations_are_filtered_by_state(client, people):
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

    assert by_state == {state: [result for result in every if result["state"] == state] for state in labels.STATES}
    assert {state: len(results) for state, results in by_state.items() if results} == {
        "confirmed": 2,
        "looked-at": 1,
        "elsewhere": 2,
        "missing": 1,
    }


def test_unchecked_citations_have_a_state_of_their_own(client, people):
    published(people)

    assert len(ask(client, "/api/citations/?state=unchecked")["results"]) == 3
    assert ask(client, "/api/citations/?state=confirmed")["results"] == []


def test_revisions_are_those_that_were_public(client, people):
    (article,) = published(people)
    first = article.published_revision
    change(article, people, title="Slumber", edit_summary="A better word.")
    make_change(article, by=people["by"], title=SECRET)

    value = ask(client, "/api/articles/sleep-0/revisions/")

    assert [(result["number"], result["title"], result["is_current"]) for result in value["results"]] == [
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
        "language": "",
        "public": [
            {
                "since": article.first_published_at.isoformat(timespec="seconds"),
                "until": article.published_at.isoformat(timespec="seconds"),
                "is_revert": False,
                "reason": None,
            }
        ],
        "reviewed": {
            "by": "moderator",
            "at": first.review_set.get().at.isoformat(timespec="seconds"),
            "others": [],
            "after_publishing": False,
            "covers": "all",
            "sentences": None,
            "sentences_total": None,
        },
        "erased": None,
    }
    assert ask(client, "/api/articles/sleep-0/revisions/3/", 404)["title"] == "Not Found"


def test_earlier_revision_has_its_text(client, people):
    (article,) = published(people)
    change(article, people, sections=(SectionContent("Now", "All is new [00:40:00]."),))

    value = ask(client, "/api/articles/sleep-0/revisions/1/")

    assert [result["text"] for result in value["sections"]] == [section.body for section in SECTIONS]
    assert [result["url"] for result in value["citations"]] == [
        f"{SITE}/articles/sleep-0/revisions/1/#c-{start}" for start in (391, 1200, 1800)
    ]
    assert value["sources"][0]["episode"] == "night-talks/on-sleep"


def test_erased_revision_has_reason_and_no_text(client, people):
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


def test_show_and_its_episodes(client, people):
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
            "people": [],
        }
    ]
    assert ask(client, "/api/shows/night-talks/") == shows[0]
    assert count == 3
    assert [(result["episode"], result["published_on"], result["article_count"]) for result in episodes] == [
        ("night-talks/on-naps", "2026-02-01", 1),
        ("night-talks/on-sleep", "2026-01-31", 2),
        ("night-talks/on-dreams", None, 1),
    ]


def test_episode_has_chapters_and_citations(client, people):
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


def test_episodes_and_shows_say_who_is_heard(client, people):
    published(people)
    episode = Episode.objects.select_related("show").get()
    episode.people = "Ada Lovelace | voice: SPEAKER_01 | role: guest | link: https://ada.example/"
    episode.show.people = "Grace Hopper | role: host"
    workflow.save_show(episode.show, ["people"], at_once=True)
    workflow.save_episode(episode, ["people"], at_once=True)
    ada = {"name": "Ada Lovelace", "role": "guest", "link": "https://ada.example/"}
    grace = {"name": "Grace Hopper", "role": "host", "link": ""}

    assert ask(client, "/api/shows/night-talks/episodes/on-sleep/")["people"] == [ada, grace]
    assert ask(client, "/api/shows/night-talks/")["people"] == [grace]


def test_citations_of_an_episode_continue_on_next_page(client, people):
    sections = tuple(SectionContent(f"Part {n}", f"Waste goes [00:{n:02}:31].") for n in range(40))
    published(people, sections=sections)

    value = ask(client, "/api/shows/night-talks/episodes/on-sleep/")["citations"]
    results, count = walk(client, value["next"])

    assert (len(value["results"]), len(results), count) == (30, 10, 1)
    assert [result["start"] for result in value["results"] + results] == [n * 60 + 31 for n in range(40)]


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


def test_search_returns_what_its_page_shows(client, people):
    published(people, 12)
    page = client.get("/search/?q=waste+at+night").content.decode()

    value = ask(client, "/api/search/?q=waste+at+night")
    results, count = walk(client, "/api/search/?q=waste+at+night")

    assert (value["query"], value["count"], value["is_more"], value["is_beginning"]) == (
        "waste at night",
        12,
        False,
        False,
    )
    assert (len(results), count) == (12, 2)
    assert len({result["slug"] for result in results}) == 12
    for result in value["results"]:
        assert f'href="{result["places"][0]["url"].removeprefix(SITE)}"' in page
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
    ("query", "detail"),
    [
        ("", "“q” is missing."),
        ("?q=", "“q” contains no word. Give at least one letter or number."),
        ("?q=%2B%2B", "“q” contains no word. Give at least one letter or number."),
        (
            f"?q={'a' * 201}",
            "“q” is longer than 200 characters. Search for the few words that matter most.",
        ),
    ],
)
def test_search_says_what_is_wrong_with_a_query(client, query, detail):
    assert ask(client, f"/api/search/{query}", 400)["detail"] == detail


def test_search_page_beyond_the_last_is_empty(client, people):
    published(people)

    value = ask(client, f"/api/search/?q=sleep&cursor={pagination.encode_cursor('search', 7)}")

    assert (value["results"], value["next"], value["count"]) == ([], None, 1)
