"""Pages of the API's lists join without gaps, and a forged cursor is rejected."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ninja.errors import HttpError

from articles.api import pagination
from articles.models import Article, Episode
from tests.support.factories import make_published
from tests.support.scenarios.sites.api import LISTS, SITE, ask, change, published, walk

pytestmark = pytest.mark.django_db


def test_pages_of_articles_have_no_gap_or_repetition(client, people):
    published(people, 7)

    results, count = walk(client, "/api/articles/?limit=3")

    assert count == 3
    assert [result["slug"] for result in results] == [f"sleep-{n}" for n in reversed(range(7))]


def test_articles_published_meanwhile_shift_nothing(client, people):
    published(people, 4)
    page = ask(client, "/api/articles/?limit=2")
    make_published("later", episode=Episode.objects.get(), **people)

    rest = ask(client, page["next"])

    assert [result["slug"] for result in page["results"] + rest["results"]] == [
        "sleep-3",
        "sleep-2",
        "sleep-1",
        "sleep-0",
    ]


def test_articles_published_at_the_same_time_are_all_listed(client, people):
    published(people, 4)
    Article.objects.update(published_at=datetime(2026, 11, 23, 12, tzinfo=UTC))

    results, _ = walk(client, "/api/articles/?limit=1")

    assert [result["slug"] for result in results] == ["sleep-0", "sleep-1", "sleep-2", "sleep-3"]


def test_next_keeps_the_query(client, people):
    published(people, 2)

    response = client.get("/api/articles/?topic=nights&limit=1")

    address = response.json()["next"]
    assert address.startswith(f"{SITE}/api/articles/?topic=nights&limit=1&cursor=")
    assert ask(client, address)["next"] is None


def test_citations_of_a_replaced_version_start_again(client, people):
    (article,) = published(people)
    page = ask(client, "/api/articles/sleep-0/citations/?limit=1")
    change(article, people, lead="Another lead.")

    assert ask(client, page["next"], 400)["detail"] == (
        "The article has changed since the first page of this list. Start again without “cursor”."
    )


@pytest.mark.parametrize("address", LISTS)
def test_wrong_cursor_says_what_to_do(client, people, address):
    published(people)

    wrong = ["", "x", "!!!", "W10", "bnVsbA", "WzFd", pagination.encode_cursor("other", 1, 2, 3), "a" * 900, "W" * 499]
    for cursor in [*wrong, "%F0"]:
        response = client.get(f"{address}{'&' if '?' in address else '?'}cursor={cursor}")

        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json"), cursor
        assert response.json() == {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": "“cursor” doesn’t come from this list. Start without it and follow “next”.",
        }, cursor


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
def test_cursors_are_decoded_as_encoded(key):
    kinds = [(type(value), None) if value is not None else (int, None) for value in key]
    if (
        any(isinstance(value, str) for value in key)
        and len(pagination.encode_cursor("list", *key)) > pagination.CURSOR_MAX_LENGTH
    ):
        return

    assert pagination.decode_cursor(pagination.encode_cursor("list", *key), "list", *kinds) == key


@given(st.text())
def test_any_malformed_cursor_raises_http_error(text):
    for kinds in [(), (int,), (str,), (datetime, int), ((date, None), int)]:
        with pytest.raises(HttpError):
            pagination.decode_cursor(text, "list", *kinds)


@pytest.mark.parametrize("value", [-1, 2**63, 1.5, True, "1", [1], {"a": 1}])
def test_forged_cursor_is_rejected(value):
    with pytest.raises(HttpError):
        pagination.decode_cursor(
            urlsafe_b64encode(json.dumps(["list", value]).encode()).decode().rstrip("="), "list", int
        )
