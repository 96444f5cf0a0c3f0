"""Previews of links to articles."""

import pytest

from articles import workflow
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/sleep/preview/"


def test_preview_shows_title_lead_citations_and_review(client):
    article = make_published(episode=make_episode(), title="Sleep & rest", lead="What a <night> does.")
    day = article.published_at.strftime("%-d %b %Y").encode()

    response = client.get(ADDRESS)

    assert response.content == (
        b'<span class="card__title" lang="" dir="auto">Sleep &amp; rest</span>\n'
        b'<span class="card__lead" lang="" dir="auto">What a &lt;night&gt; does.</span>\n'
        b'<span class="card__facts">1 citation \xc2\xb7 Reviewed by moderator, ' + day + b"</span>"
    )
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


@pytest.mark.parametrize("count", [1, 3])
def test_preview_is_one_query(client, django_assert_num_queries, count):
    people = {"by": make_user(), "moderator": make_moderator()}
    episode = make_episode()
    for number in range(count):
        make_published(f"sleep-{number}", episode=episode, **people)

    with django_assert_num_queries(1):
        response = client.get("/articles/sleep-0/preview/")

    assert response.status_code == 200


def test_preview_is_cached(client):
    make_published()
    tag = client.get(ADDRESS)["ETag"]

    response = client.get(ADDRESS, headers={"If-None-Match": tag})

    assert response.status_code == 304


def test_preview_redirects_previous_slugs_and_is_missing_for_unknown_ones(client):
    editor, moderator = make_user(), make_moderator()
    article = make_published(by=editor, moderator=moderator)
    change = make_change(article, by=editor, slug="rest")
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator)

    response = client.get(ADDRESS)

    assert (response.status_code, response["Location"]) == (301, "/articles/rest/preview/")
    assert client.get("/articles/nothing/preview/").status_code == 404


def test_preview_does_not_leak_unpublished_text(client):
    editor = make_user()
    article = make_published(by=editor, title="Sleep")
    make_change(article, by=editor, title="Secret sleep", lead="A secret.")
    make_draft("hidden", by=editor, title="Hidden")

    shown = client.get(ADDRESS).text

    assert "ecret" not in shown
    assert client.get("/articles/hidden/preview/").status_code == 404
