"""Lighthouse's scores for accessibility, best practices and SEO; `make lighthouse` measures performance."""

import pytest

from tests.support.checkers import CATEGORIES, lighthouse, needs, points_lost
from tests.support.factories import make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESSES = ["/articles/sleep/", "/", "/shows/night-talks/on-sleep/", "/search/?q=sleep"]


@pytest.fixture(autouse=True)
def article():
    needs("lighthouse")
    chapters = [(0, "Opening"), (300, "The night shift")]
    episode = make_episode(chapters=chapters, youtube_id="abcdefghijk")
    make_published(episode=episode, by=make_user(), moderator=make_moderator())


@pytest.mark.parametrize("address", ADDRESSES)
def test_lighthouse_scores_are_full(live_server, address):
    report = lighthouse(live_server.url + address, CATEGORIES[1:])

    assert points_lost(report) == []
    assert [report["categories"][category]["score"] for category in CATEGORIES[1:]] == [1, 1, 1]
