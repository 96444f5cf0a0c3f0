import pytest
from playwright.sync_api import expect

from articles.importing import import_transcript
from articles.workflow.content import SectionContent
from tests.support.browser import faults, faults_in_both, watch_violations
from tests.support.databases.shared import copied
from tests.support.factories import make_episode, make_moderator, make_published, make_user
from tests.support.samples import talk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@copied(autouse=True)
def articles():
    people = {"by": make_user(), "moderator": make_moderator()}
    episode = make_episode(duration_seconds=talk.DURATION, youtube_id="abcdefghijk")
    import_transcript(episode, talk.as_vtt())
    sections = (
        SectionContent("Why we sleep", "The sleeping brain clears waste at night [00:06:31, 00:08:44]."),
        SectionContent("Sleep and mood", "A night without sleep lowers mood the next day. Naps help [00:19:10]."),
    )
    make_published("sleep", title="Sleep", episode=episode, sections=sections, **people)
    make_published("naps", title="Naps, and what they do for sleepers", episode=episode, **people)


def test_suggestions_by_keyboard(page, live_server, violations):
    page.goto(live_server.url)
    field = page.get_by_role("combobox", name="Search articles")

    field.fill("slee")  # at once, because suggestions for a part of it would arrive in between
    options = page.get_by_role("option")
    expect(options).to_have_count(5)
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "q-list-1")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("slee")
    field.press("ArrowDown")
    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(field).not_to_have_attribute("aria-activedescendant", "q-list-0")
    field.press("ArrowDown")
    field.press("Enter")

    expect(page).to_have_url(f"{live_server.url}/articles/sleep/")
    assert violations(page) == []


def test_search_leads_to_the_sentence_by_keyboard(page, live_server):
    page.goto(f"{live_server.url}/articles/naps/")
    field = page.get_by_role("combobox", name="Search articles")

    for _ in range(10):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            break
    page.keyboard.type("waste", delay=20)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/search/?q=waste")
    found = page.get_by_role("link", name="The sleeping brain clears waste at night.")
    for _ in range(30):
        page.keyboard.press("Tab")
        if found.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{live_server.url}/articles/sleep/#c-391")
    expect(page.locator("#c-391")).to_be_in_viewport()


def test_enter_without_a_suggestion_opens_results_that_link_to_the_sentence(page, live_server):
    page.goto(live_server.url)

    field = page.get_by_role("combobox", name="Search articles")
    field.fill("waste brains")
    field.press("Enter")
    expect(page.get_by_role("status").filter(has_text="article")).to_contain_text("2 articles.")
    page.get_by_role("link", name="The sleeping brain clears waste at night.").click()

    expect(page).to_have_url(f"{live_server.url}/articles/sleep/#c-391")


def test_search_works_without_scripts(new_context, live_server):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)

    page.get_by_role("searchbox", name="Search articles").fill("waste")
    page.get_by_role("button", name="Search").click()

    expect(page.locator("mark").first).to_have_text("waste")


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_and_are_accessible_with_suggestions_open(new_context, live_server, width):
    context = new_context(viewport={"width": width, "height": 900})
    violations = watch_violations(context)
    page = context.new_page()
    found = {}

    for address in ["/search/", "/search/?q=waste", "/search/?q=nowhere"]:
        page.goto(live_server.url + address)
        page.get_by_role("combobox", name="Search articles").fill("sl")
        page.get_by_role("combobox", name="Search articles").press("ArrowDown")
        expect(page.get_by_role("option")).to_have_count(5)
        page.get_by_role("combobox", name="Search articles").press("ArrowDown")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[address] = "scrolls sideways"
        if lines := faults_in_both(page):
            found[address, "axe"] = lines

    assert found == {}
    assert violations(page) == []


def test_editor_finds_a_timestamp_in_the_transcripts(page, live_server):
    page.goto(f"{live_server.url}/admin/login/?next=/admin/search/transcripts/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("a long test password")
    page.get_by_role("button", name="Log in").click()

    page.get_by_role("searchbox").fill("NMDA receptor")
    page.get_by_role("searchbox").press("Enter")

    expect(page.locator("mark").first).to_contain_text("NMDA")
    assert faults(page) == []
