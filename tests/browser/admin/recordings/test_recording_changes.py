"""An editor proposes a change to a recording under a published text, and a moderator accepts it."""

import pytest
from playwright.sync_api import expect

from articles.models import Episode, RecordingChange
from tests.support.browser import faults_in_both, log_in
from tests.support.factories import make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def article():
    episode = make_episode(chapters=[(0, "Welcome"), (300, "Why we sleep")])
    make_user("onlooker")
    return make_published(by=make_user(), moderator=make_moderator(), episode=episode)


def test_a_change_is_proposed_and_accepted(new_context, live_server, article):
    editor = new_context().new_page()
    log_in(editor, live_server, username="onlooker")
    episode = Episode.objects.get()
    address = f"{live_server.url}/admin/articles/episode/{episode.pk}/change/"
    editor.goto(address)
    expect(editor.get_by_text("so your changes wait for a moderator’s decision")).to_be_visible()
    editor.fill("#id_title", "On deep sleep")
    editor.fill("#id_change_reason", "So the publisher calls it.")
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_text("your change waits for a moderator")).to_be_visible()
    expect(editor.locator("#id_title")).to_have_value("On sleep")

    moderator = new_context(viewport={"width": 390, "height": 900}).new_page()
    log_in(moderator, live_server, username="moderator")
    moderator.goto(f"{live_server.url}/admin/?tab=recordings")
    moderator.get_by_role("link", name="On sleep", exact=True).click()
    expect(moderator.locator("del")).to_have_text("On sleep")
    expect(moderator.locator("ins")).to_have_text("On deep sleep")
    assert not faults_in_both(moderator)
    moderator.get_by_role("button", name="Accept").click()
    expect(moderator.get_by_text("Accepted and applied:")).to_be_visible()

    assert Episode.objects.get().title == "On deep sleep"
    assert RecordingChange.objects.get().outcome == "applied"
    moderator.goto(f"{live_server.url}/articles/{article.slug}/")
    expect(moderator.get_by_text("On deep sleep").first).to_be_attached()
