"""The page's data for programs stays data in a browser: the policy lets it stand, and nothing in it runs."""

import json

import pytest

from tests.support.factories import make_episode, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_policy_lets_data_stand_and_nothing_runs(page, live_server, violations, people):
    title = "</script><script>document.title = 'ran'</script>"
    make_published(title=title, episode=make_episode(youtube_id="abcdefghijk"), **people)

    page.goto(f"{live_server.url}/articles/sleep/")

    data = json.loads(page.locator('script[type="application/ld+json"]').text_content())
    assert data["url"] == f"{live_server.url}/articles/sleep/"
    assert page.title().startswith("</script>")
    assert violations(page) == []
