"""Assigning topics and editing one's own profile in the admin, and the resulting public pages."""

import pytest
from playwright.sync_api import expect

from articles import workflow
from articles.models import Profile, Topic
from tests.support.browser import begin_session, faults_in_both, overflow
from tests.support.factories import make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_WORD = "Schlafforschungsgesellschaftsvorstandswahlergebnisbekanntgabe"


def test_moderator_assigns_topics_and_edits_a_profile(page, live_server, violations):
    article = make_published("sleep", title="Sleep", by=make_user(), moderator=make_moderator(), episode=make_episode())
    workflow.save_topic(Topic(title="Rest", slug="rest", description="What lying down does."))
    begin_session(page, live_server)

    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    page.get_by_text("Topics: none").click()
    page.get_by_label("Rest").check()
    page.get_by_role("button", name="Save topics").click()
    expect(page.get_by_text("Topics saved: Rest.")).to_be_visible()
    page.goto(f"{live_server.url}/articles/sleep/")
    page.get_by_role("link", name="Rest", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rest")
    expect(page.get_by_role("link", name="Sleep", exact=True)).to_be_visible()

    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="Your profile").first.click()
    page.get_by_label("Name:").fill("Mo Derator")
    page.get_by_label("Profile address").fill("mo")
    page.get_by_label("Bio").fill("I read.\n\nAnd I listen.")
    page.get_by_label("Make my profile public").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Profile saved. It’s public")).to_be_visible()
    page.goto(f"{live_server.url}/articles/sleep/")
    page.reload()  # the browser caches a page for a minute
    page.get_by_role("link", name="moderator", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mo Derator")
    expect(page.get_by_text("And I listen.")).to_be_visible()
    expect(page.get_by_role("link", name="Sleep", exact=True)).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_are_accessible(new_context, live_server, width):
    moderator = make_moderator()
    article = make_published("sleep", title=LONG_WORD, by=make_user(), moderator=moderator, episode=make_episode())
    topic = Topic(title=LONG_WORD, slug="rest", description=f"What {LONG_WORD} does.")
    workflow.save_topic(topic)
    workflow.assign_topics(article, [topic], by=moderator)
    words = {"name": LONG_WORD, "slug": "mo", "about": f"I read {LONG_WORD}.", "is_public": True}
    workflow.save_profile(Profile(user=moderator, **words), by=moderator)
    context = new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    begin_session(page, live_server)
    found = {}

    for address in (
        "/topics/",
        "/topics/rest/",
        "/people/",
        "/people/mo/",
        "/admin/your-page/",
        "/admin/articles/topic/",
        f"/admin/articles/topic/{topic.pk}/change/",
        f"/admin/articles/article/{article.pk}/change/",
    ):
        page.goto(live_server.url + address)
        if address.startswith("/admin/articles/article/"):
            page.locator("details.topic-filing summary").click()
        sideways = overflow(page)
        wrong = faults_in_both(page)
        if sideways > 0 or wrong:
            found[address] = (sideways, wrong)

    assert found == {}
