"""Somebody compares any two texts of an article, without scripts too, and on a phone."""

import re
from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from articles import workflow
from articles.workflow.content import SectionContent, content_of
from tests.support.browser import begin_session, faults_in_both, overflow, watch_violations
from tests.support.databases.shared import copied
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_WORD = "Schlafforschungsgesellschaftsvorstandswahlergebnisbekanntgabe" * 2


@copied
def article():
    """A published article, a submitted change that moves a claim without its citation, and a draft saved twice."""
    sections = (
        SectionContent("Waste", "At night the brain clears its waste [00:06:31]. It takes 5 hours [00:08:44]."),
        SectionContent("Age", f"Growth takes five to ten years. {LONG_WORD}."),
    )
    by, moderator = make_user(), make_moderator()
    article = make_published(
        episode=make_episode(youtube_id="abcdefghijk"), sections=sections, by=by, moderator=moderator
    )
    waste, age = content_of(article.published_revision).sections
    moved = (
        replace(waste, body="It takes 5 hours [00:08:44]."),
        replace(age, body=f"{age.body} At night the brain clears its waste."),
    )
    make_change(article, by=make_user("second"), sections=moved)
    draft = workflow.start_draft(
        article, content_of(article.published_revision), by=by, base=article.published_revision
    )
    for lead in ("One lead.", "Another lead."):
        draft = workflow.save_draft(draft, replace(content_of(draft), lead=lead), by=by, version=draft.version)
    return article


def compare_url(live_server, article, query=""):
    return f"{live_server.url}/admin/articles/article/{article.pk}/compare/{query}"


def test_any_two_texts_are_chosen_swapped_and_shown_side_by_side_without_scripts(new_context, live_server, article):
    page = new_context(java_script_enabled=False, viewport={"width": 390, "height": 900}).new_page()
    begin_session(page, live_server)
    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/history/")

    page.get_by_label("from revision 1").check()
    page.get_by_label("to revision 3").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Revision 1 and revision 3")
    page.get_by_label("From", exact=True).select_option("3.2")
    page.get_by_label("To", exact=True).select_option("2")
    page.get_by_role("link", name="Side by side").click()
    expect(page.get_by_label("From", exact=True)).to_have_value("1")  # what wasn't sent
    page.get_by_label("From", exact=True).select_option("3.2")
    page.get_by_label("To", exact=True).select_option("2")
    page.get_by_role("button", name="Compare").click()

    expect(page).to_have_url(compare_url(live_server, article, "?old=3.2&new=2&view=side"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Version 2 of revision 3 and Revision 2")
    expect(page.locator(".pair__old").first).to_be_visible()
    page.get_by_role("link", name="Swap").click()
    expect(page).to_have_url(compare_url(live_server, article, "?old=2&new=3.2&view=side"))
    expect(page.locator(".pair__old").first).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("view", ["unified", "side"])
def test_a_claim_that_moved_and_lost_its_citation_reads_as_moved(new_context, live_server, article, width, view):
    context = new_context(viewport={"width": width, "height": 900})
    violations = watch_violations(context)
    page = context.new_page()
    begin_session(page, live_server)
    page.goto(compare_url(live_server, article, f"?old=1&new=2&view={view}"))

    expect(page.locator(".change .tag")).to_have_text(["citation removed", "moved"])
    here, away = page.locator(".pair__new ins.moved").first, page.locator(".pair__old del.moved").first
    expect(here).to_have_text("At night the brain clears its waste")
    expect(here.locator("xpath=following-sibling::del[1]")).to_be_visible()
    expect(page.locator(".pair__new del.lost")).to_contain_text("[00:06:31]")
    expect(page.get_by_text("moved here", exact=True)).to_be_visible()
    if view == "side":
        expect(away).to_be_visible()
        expect(page.locator(".pair__new .moved-label--away")).to_be_hidden()
        assert here.bounding_box()["x"] > away.bounding_box()["x"] + width / 4
    else:
        expect(away).to_be_hidden()
        expect(page.locator(".pair__new .moved-label--away")).to_be_visible()
    assert overflow(page) == 0
    assert faults_in_both(page) == []
    assert violations(page) == []


def test_two_saves_of_a_draft_are_compared_from_its_list_of_versions(page, live_server, article, violations):
    draft = article.revision_set.get(number=3)
    begin_session(page, live_server)
    page.goto(f"{live_server.url}/admin/articles/revision/{draft.pk}/versions/")

    page.get_by_label("from version 2").check()
    page.get_by_role("button", name="Compare").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Version 2 of revision 3 and Version 3 of revision 3")
    expect(page.locator(".change del")).to_contain_text("One")
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_who_wrote_what_leads_to_the_revision_and_what_it_changed(new_context, live_server, article, width):
    change = article.revision_set.get(number=2)
    moderator = get_user_model().objects.get(username="moderator")
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)
    context = new_context(viewport={"width": width, "height": 900})
    violations = watch_violations(context)
    page = context.new_page()
    begin_session(page, live_server)
    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/history/")
    page.get_by_role("link", name="Who wrote what").click()

    moved = page.locator(".blame__stretch", has_text="At night the brain clears its waste.")
    expect(moved.locator(".blame__writing").first).to_contain_text("Revision 1, editor")
    expect(moved.locator(".blame__writing").nth(1)).to_contain_text("Revision 2, second")  # lost its citation
    expect(page.locator(".blame__stretch", has_text="It takes 5 hours").get_by_text("Not confirmed:")).to_be_visible()
    assert overflow(page) == 0
    assert faults_in_both(page) == []
    moved.get_by_role("link", name="What it changed (revision 2)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Revision 1 and revision 2")
    assert violations(page) == []


def test_a_timestamp_plays_on_the_page(page, live_server, article, violations):
    page.route(
        "https://www.youtube-nocookie.com/embed/**", lambda route: route.fulfill(body="", content_type="text/html")
    )
    begin_session(page, live_server)
    for address in ("blame/", "compare/?old=1&new=2"):
        page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/{address}")

        page.locator("a.citation").first.click()

        expect(page.locator(".player--docked")).to_be_visible()
        expect(page).to_have_url(re.compile(re.escape(address)))
    assert violations(page) == []
