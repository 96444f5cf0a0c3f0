"""Editions on public pages: links, marks, and what each lacks."""

import pytest

from articles.models import Chapter
from articles.workflow.content import SectionContent
from tests.support.factories import make_episode
from tests.views.editions.rows import FEED, make_article, make_edition

pytestmark = pytest.mark.django_db


# The public article -------------------------------------------------------------------------------


def test_citations_link_to_the_edition_and_keep_their_label(client, episode):
    make_edition(episode)
    make_article(episode)

    html = client.get("/articles/sleep/?edition=feed").text

    assert (
        f'<a class="citation" id="c-391" href="{FEED}#t=421" data-episode="night-talks/on-sleep" data-start="391">'
        '<time datetime="PT6M31S">06:31</time></a><span class="cite-note">'
    ) in html
    assert f'href="{FEED}#t=1230,1290" data-episode="night-talks/on-sleep" data-start="1200" data-end="1260">' in html


def test_a_moment_missing_from_the_edition_is_marked_in_the_text_and_the_list(client, episode):
    make_edition(episode)
    make_article(episode)

    html = client.get("/articles/sleep/?edition=feed").text

    assert html.count('</a> <span class="not-in-edition">not in this edition</span>') == 2
    assert (
        'href="https://www.youtube.com/watch?v=abcdefghijk&amp;t=310s" data-episode="night-talks/on-sleep" '
        'data-start="310" data-end="340"><time datetime="PT5M10S">05:10</time>–<time datetime="PT5M40S">05:40</time></a> '
        '<span class="not-in-edition">not in this edition</span><span class="cite-note">'
    ) in html


def test_the_list_under_the_article_links_to_the_edition_too(client, episode):
    make_edition(episode)
    make_article(episode)

    html = client.get("/articles/sleep/?edition=feed").text

    assert html.count(f'<a class="moments__time" href="{FEED}#t=') == 2


def test_editions_are_chosen_by_plain_links(client, episode):
    make_edition(episode)
    make_edition(episode, "ad-free", title="Ad-free <br>")
    make_article(episode)

    plain = client.get("/articles/sleep/")
    chosen = client.get("/articles/sleep/?edition=feed")

    assert (
        'Listen: <a href="/articles/sleep/" data-edition="" aria-current="true">Video</a> · '
        '<a href="/articles/sleep/?edition=feed" data-edition="feed" rel="nofollow" dir="auto">'
        "Feed, with advertisements</a> · "
        '<a href="/articles/sleep/?edition=ad-free" data-edition="ad-free" rel="nofollow" dir="auto">'
        "Ad-free &lt;br&gt;</a>."
    ) in plain.text
    assert '<a href="/articles/sleep/" data-edition="">Video</a>' in chosen.text
    assert 'data-edition="feed" aria-current="true" rel="nofollow"' in chosen.text
    assert "Set-Cookie" not in chosen.headers
    assert chosen.headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in plain.headers


def test_an_article_without_editions_offers_none(client, episode):
    make_article(episode)

    html = client.get("/articles/sleep/").text

    assert "Listen:" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_takes_a_constant_number_of_queries_and_an_edition_two_more(
    client, episode, count, django_assert_num_queries
):
    for number in range(count):
        make_edition(episode, f"feed-{number}")
    make_article(episode)

    with django_assert_num_queries(16):
        client.get("/articles/sleep/")
    with django_assert_num_queries(18):
        client.get("/articles/sleep/?edition=feed-0")


@pytest.mark.parametrize("key", ["video", "", "%00", "feed%20", "a" * 3000])
def test_an_unknown_edition_is_not_found(client, episode, key):
    make_edition(episode)
    make_article(episode)

    response = client.get(f"/articles/sleep/?edition={key}")

    assert response.status_code == 404


def test_an_edition_of_another_recording_is_not_found(client, episode):
    make_edition(make_episode("on-naps"))
    make_article(episode)

    assert client.get("/articles/sleep/?edition=feed").status_code == 404


def test_other_parameters_change_nothing(client, episode):
    make_edition(episode)
    make_article(episode)

    assert client.get("/articles/sleep/?utm_source=letter").content == client.get("/articles/sleep/").content


def test_only_recordings_with_the_edition_link_to_it(client, episode):
    other = make_episode("on-naps", audio_url="https://other.example/n.mp3")
    make_edition(episode)
    make_article(episode, other, sections=(SectionContent("Why", "Waste goes [00:06:31]. Naps help [e2 00:06:31]."),))

    html = client.get("/articles/sleep/?edition=feed").text

    assert f'href="{FEED}#t=421" data-episode="night-talks/on-sleep"' in html
    assert 'href="https://other.example/n.mp3#t=391" data-episode="night-talks/on-naps"' in html
    assert "Listen to <cite>On sleep</cite>:" in html
    assert "Listen to <cite>On naps</cite>:" not in html


# The public episode -------------------------------------------------------------------------------


def test_an_episode_lists_its_editions_with_what_they_lack(client, episode):
    make_edition(episode, duration_seconds=3630)
    make_edition(episode, "ad-free", title="Ad-free", stretches=())
    make_article(episode)

    html = client.get(episode.get_absolute_url()).text

    assert f'href="{FEED}#t=0" rel="noopener" dir="auto">Feed, with advertisements</a>' in html
    assert "<span>1 h</span>" in html
    assert "missing: 05:00–06:00" in html
    assert '<a href="?edition=feed" rel="nofollow">Use this edition</a>' in html
    assert "not yet compared with the original recording" in html
    assert "?edition=ad-free" not in html


def test_an_episode_is_followed_in_an_edition(client, episode):
    Chapter.objects.create(episode=episode, start_seconds=310, title="Sponsor: a kettle")
    make_edition(episode)
    make_article(episode)

    html = client.get(episode.get_absolute_url() + "?edition=feed").text

    assert f'<a class="moments__time" href="{FEED}#t=421" aria-label="Listen at 06:31">' in html
    assert (
        html.count('<span class="not-in-edition">not in this edition</span>') == 2
    )  # the chapter, and the citation in it
    assert client.get(episode.get_absolute_url() + "?edition=video").status_code == 404
