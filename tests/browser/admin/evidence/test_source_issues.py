"""All citations of an article are an hour too late: one issue says so, and one press corrects them."""

import re

import pytest
from playwright.sync_api import expect

from articles.importing.transcripts.transcript import import_transcript
from articles.models import Revision
from tests.browser.admin.editor.test_editor import change_path
from tests.support.browser import faults_in_both, log_in
from tests.support.databases.shared import copied
from tests.support.factories import make_episode, make_published, make_user
from tests.support.samples import shifted, talk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@copied
def article():
    editor = make_user(first_name="Ines", last_name="Alba")
    episode = make_episode("a-talk", duration_seconds=talk.DURATION, youtube_id="abcdefghijk")
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    episode.refresh_from_db()
    late = shifted.sections(lambda second: second + 3600)
    return make_published("talk", by=editor, episode=episode, lead="", sections=late)


def issue(page):
    return page.locator(".source-issue")


def bodies():
    return [section.body for section in Revision.objects.get(number=2).section_set.all()]


def test_all_citations_are_corrected_at_once(page, live_server, article, violations):
    log_in(page, live_server, change_path(article), "editor")
    expect(issue(page)).to_contain_text("9 of 9 timestamps are too late by 1 hour.")
    covered = page.locator(".cm-citation--warn[title='Part of an issue of all citations of this recording']")
    expect(covered).to_have_count(page.locator(".cm-citation").count())
    issue(page).get_by_text("9 timestamps, not counted on their own").click()
    issue(page).get_by_role("link", name="1:06:50").click()
    expect(page.locator("[data-claim=cited]", has_text="recreational drug")).to_be_in_viewport()
    issue(page).get_by_role("button", name="Save draft and preview corrections").click()
    expect(page.get_by_role("heading", name="Correct timestamps")).to_be_visible()
    expect(page.get_by_role("button", name="Change 9 timestamps")).to_be_visible()
    page.get_by_label("In the last decade").uncheck()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults_in_both(page) == []

    page.get_by_role("button", name="Change 8 timestamps").press("Enter")

    expect(page.get_by_text("8 timestamps changed.")).to_be_visible()
    expected = shifted.sections(lambda second: second + 3600 if second == 524 else second)
    assert bodies() == [section.body for section in expected]
    expect(issue(page)).to_have_count(0)
    assert violations(page) == []


def test_it_works_without_scripts(new_context, live_server, article):
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, live_server, change_path(article), "editor")
    issue(page).get_by_role("button", name="Save draft and preview corrections").click()

    page.get_by_role("button", name="Change ticked timestamps").click()

    expect(page.get_by_text("9 timestamps changed.")).to_be_visible()
    assert bodies() == [section.body for section in shifted.sections()]


def test_another_edition_dismisses_it_in_place(page, live_server, article, violations):
    log_in(page, live_server, change_path(article), "editor")
    issue(page).get_by_text("Dismiss …").click()
    issue(page).get_by_label("Other reason").fill("Another edition")
    issue(page).get_by_role("button", name="Dismiss", exact=True).click()

    expect(issue(page)).to_contain_text("Dismissed by Ines Alba")
    expect(page.locator("article.claim--warn", has_text="recreational drug")).to_have_count(1)
    assert faults_in_both(page) == []
    assert violations(page) == []


@copied
def foreign():
    episode = make_episode("a-talk", duration_seconds=talk.DURATION)
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    episode.refresh_from_db()
    return make_published("talk", by=make_user(), episode=episode, lead="", sections=shifted.foreign_sections())


@pytest.mark.parametrize("has_scripts", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
def test_another_recording_that_isnt_found_is_chosen_in_its_field(
    new_context, live_server, foreign, has_scripts, width
):
    page = new_context(java_script_enabled=has_scripts, viewport={"width": width, "height": 900}).new_page()
    log_in(page, live_server, change_path(foreign), "editor")
    expect(issue(page).get_by_role("button", name="Save draft and preview corrections")).to_have_count(0)
    issue(page).get_by_role("link", name="Choose the recording").click()
    expect(page.locator("#id_episode")).to_be_in_viewport()

    issue(page).get_by_role("button", name="Find the recording that fits").click()

    expect(page.get_by_role("alert")).to_contain_text("No transcript on this site fits the claims")
    expect(page.locator("#id_episode")).to_be_visible()
    expect(page.locator("#id_episode")).to_have_accessible_description(re.compile("so nothing was saved"))
    assert Revision.objects.count() == 1
