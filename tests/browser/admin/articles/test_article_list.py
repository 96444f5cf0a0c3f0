"""The list of articles: saved views, a bulk action and a revert as moderators do them, by mouse and by keyboard."""

import pytest
from playwright.sync_api import expect

from articles import workflow
from articles.models import Article, SavedView
from tests.support.browser import begin_session, faults_in_both, overflow
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/admin/articles/article/"
LONG_WORD = "Schlafforschungsgesellschaftsvorstandswahlergebnisbekanntgabe"


def make_reverted():
    """Make an article whose first text was replaced, and another one; returns both and their moderator."""
    moderator = make_moderator()
    article = make_published("sleep", title="Sleep", by=make_user(), moderator=moderator, episode=make_episode())
    change = make_change(article, by=make_user("vandal"), lead="Nonsense.")
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)
    other = make_published(
        "naps", title=LONG_WORD, by=make_user("second"), moderator=moderator, episode=make_episode("b")
    )
    return Article.objects.get(slug="sleep"), other, moderator


def test_a_moderator_saves_a_view_unpublishes_and_reverts(page, live_server, violations):
    article, _, _ = make_reverted()
    begin_session(page, live_server)

    page.goto(f"{live_server.url}{LIST}?state=published")
    page.get_by_label("Name of the view").fill("Online")
    page.keyboard.press("Enter")
    expect(page.get_by_text("View “Online” saved.")).to_be_visible()
    page.goto(f"{live_server.url}{LIST}")
    page.get_by_role("link", name="Online", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}{LIST}?state=published")

    page.get_by_role("row", name=LONG_WORD).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("Unpublish…")
    page.get_by_role("button", name="Go").click()
    page.get_by_label("Reason").fill("It isn’t said there.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Done with 1 article:")).to_be_visible()
    assert list(Article.objects.published()) == [article]

    page.goto(f"{live_server.url}{LIST}{article.pk}/history/")
    page.get_by_role("link", name="Revert to this… (revision 1)").click()
    expect(page.get_by_text("Nonsense.").first).to_be_visible()
    page.get_by_label("Reason").fill("The earlier text was right.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Reverted to revision 1, which is published again.")).to_be_visible()
    page.get_by_role("link", name="View page").click()
    expect(page.get_by_text("The earlier text was right.")).to_be_visible()
    expect(page.get_by_text("Nonsense.")).to_have_count(0)
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_fit_and_are_accessible(new_context, live_server, width):
    article, other, moderator = make_reverted()
    waiting = make_change(other, by=make_user("third"), lead="Waits.")
    SavedView.objects.create(user=moderator, name=LONG_WORD[:60], query="state=published")
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    begin_session(page, live_server)
    found = {}

    def look(name):
        found[name] = (faults_in_both(page), overflow(page))

    page.goto(f"{live_server.url}{LIST}?state=published&columns=shows,topics_of,flags")
    look("list")
    page.get_by_role("row", name=LONG_WORD).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("Schedule approved…")
    page.get_by_role("button", name="Go").click()
    look("nothing to schedule")
    page.goto(f"{live_server.url}{LIST}")
    page.get_by_role("row", name=LONG_WORD).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("Protect…")
    page.get_by_role("button", name="Go").click()
    look("protect")
    page.goto(f"{live_server.url}{LIST}{article.pk}/revert/?number=1")
    look("revert")
    page.goto(f"{live_server.url}{LIST}{article.pk}/revert/?number=2")
    look("no revert")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("checkbox", name=f"Select “{waiting.title}”, revision 2").check()
    page.get_by_role("button", name="Approve and publish…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Approve and publish")
    look("approve and publish")

    assert found == dict.fromkeys(found, ([], 0))
    assert len(found) == 6
