"""Lighthouse's scores for accessibility, best practices and SEO; `make lighthouse` measures performance."""

import pytest

from articles.importing import import_transcript
from tests.support.checkers import CATEGORIES, lighthouse, needs, points_lost
from tests.support.factories import make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESSES = [
    "/articles/sleep/",
    "/",
    "/shows/night-talks/on-sleep/",
    "/shows/night-talks/on-sleep/transcript/",
    "/search/?q=sleep",
]
VTT = b"WEBVTT\n\n06:25.000 --> 06:45.000\nAt night the brain clears its waste away.\n"


@pytest.fixture(autouse=True)
def article():
    needs("lighthouse")
    chapters = [(0, "Opening"), (300, "The night shift")]
    episode = make_episode(chapters=chapters, youtube_id="abcdefghijk", allows_transcript=True)
    import_transcript(episode, VTT, "night.vtt")
    make_published(episode=episode, by=make_user(), moderator=make_moderator())


@pytest.mark.parametrize("address", ADDRESSES)
def test_lighthouse_scores_are_full(live_server, address):
    report = lighthouse(live_server.url + address, CATEGORIES[1:])

    assert points_lost(report) == []
    assert [report["categories"][category]["score"] for category in CATEGORIES[1:]] == [1, 1, 1]
