"""Editions in episodes files."""

import json

import pytest

from articles import importing
from articles.importing import EpisodesError
from articles.importing.recordings.episodes import save_episode
from articles.models import Edition
from tests.support.factories import make_episode
from tests.support.scenarios.published_pages import page_of
from tests.views.editions.rows import FEED, make_article, make_edition, stretches_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode():
    return make_episode(youtube_id="abcdefghijk")


def episodes_file(*editions):
    return json.dumps({
        "show": {"handle": "night-talks"}, "title": "On sleep", "youtube_id": "abcdefghijk",
        "duration_seconds": 3600, "editions": list(editions),
    })  # fmt: skip


def load(text):
    (known,) = importing.read_episodes(text).by_youtube_id.values()
    return save_episode(known)


def test_importing_editions_from_an_episodes_file_is_idempotent(django_assert_num_queries):
    text = episodes_file(
        {"key": "feed", "title": "Feed", "audio_url": FEED, "stretches": [[0, 750, 0], ["00:12:30", "01:00:00", 60]]},
        {"key": "ad-free", "title": "Ad-free", "youtube_id": "bcdefghijkl", "duration_seconds": 3500},
    )

    episode = load(text)
    before = list(Edition.objects.values_list("pk", "stretch__pk"))
    load(text)

    feed, ad_free = episode.edition_set.all()
    assert (feed.key, feed.title, feed.audio_url, stretches_of(feed)) == (
        "feed", "Feed", FEED, [(0, 750, 0), (750, 3600, 60)],
    )  # fmt: skip
    assert (ad_free.youtube_id, ad_free.duration_seconds, stretches_of(ad_free)) == ("bcdefghijkl", 3500, [])
    assert list(Edition.objects.values_list("pk", "stretch__pk")) == before


def test_an_episodes_file_changes_what_it_gives_and_keeps_the_rest():
    episode = make_episode(youtube_id="abcdefghijk")
    make_edition(episode)
    make_edition(episode, "ad-free", title="Ad-free")
    article = make_article(episode)

    load(episodes_file({"key": "feed", "title": "In the feed", "audio_url": FEED}))

    assert [edition.title for edition in episode.edition_set.all()] == ["In the feed", "Ad-free"]
    assert stretches_of(episode.edition_set.get(key="feed")) == [(0, 300, 0), (360, 3600, 30)]
    assert "In the feed</a>" in page_of(article)


@pytest.mark.parametrize(
    ("edition", "message"),
    [
        ("feed", "episode 1: edition 1: an edition must be an object with “key” and “title”."),
        ({"key": "feed"}, "episode 1: edition 1: “title” is missing."),
        ({"key": "feed", "title": "Feed"}, "episode 1: edition 1: “audio_url” or “youtube_id” is required."),
        (
            {"key": "a b", "title": "Feed", "audio_url": FEED},
            (
                "episode 1: edition 1: “key” is invalid: Enter a valid “slug” consisting of letters, numbers, "
                "underscores or hyphens."
            ),
        ),
        (
            {"key": "feed", "title": "Feed", "audio_url": FEED, "stretches": [[0, 10]]},
            "episode 1: edition 1: stretch 1: write it as [start, end, offset].",
        ),
        (
            {"key": "feed", "title": "Feed", "audio_url": FEED, "stretches": [[0, 10, 0], [5, 20, 0]]},
            (
                "episode 1: edition 1: 00:00:05-00:00:20 starts before 00:00:00-00:00:10 ends. "
                "Start one where the other ends."
            ),
        ),
    ],
)  # fmt: skip
def test_unusable_editions_are_named(edition, message):
    with pytest.raises(EpisodesError) as refused:
        importing.read_episodes(episodes_file(edition))

    assert str(refused.value) == message


def test_two_editions_with_one_key_are_refused():
    feed = {"key": "feed", "title": "Feed", "audio_url": FEED}

    with pytest.raises(EpisodesError) as refused:
        importing.read_episodes(episodes_file(feed, feed))

    assert str(refused.value) == "episode 1: edition 2: another edition has the key “feed”."
