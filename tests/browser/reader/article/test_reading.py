"""Cards, links and copying on the article page, in a real browser."""

import pytest
from playwright.sync_api import expect

from articles import workflow
from articles.workflow.content import SectionContent
from tests.support.browser import eventually, faults, faults_in_both, overflow
from tests.support.factories import make_change, make_published
from tests.support.scenarios.played_recording import AUDIO, serve_audio, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_reading_sends_few_requests_and_none_to_other_sites(new_context, live_server, seen):
    page = new_context().new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{live_server.url}/articles/night/")
    page.wait_for_load_state("networkidle")
    # A Chromium without windows doesn't request the icon.
    for_reading = {url.split("/static/")[-1] for url in asked if ".css" not in url} - {"icon.svg"}
    page.locator("#c-5").hover()
    expect(page.locator(".card")).to_be_visible()

    # Six with the stylesheets, which are bundled into one in production.
    assert for_reading == {
        f"{live_server.url}/articles/night/",
        "js/shared/search.js",
        "js/shared/i18n.js",
        "js/reader/main.js",
    }
    assert [url for url in asked if not url.startswith(live_server.url)] == []


def test_card_shows_claim_timestamp_and_status(new_context, live_server, heard):
    page = new_context().new_page()
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-60").hover()

    card = page.get_by_role("group", name="About this citation")
    expect(card).to_contain_text("01:00The moon")
    expect(card).to_contain_text("The moon is slow.")
    expect(card).to_contain_text("Not checked")
    expect(card.get_by_role("link", name="Open the recording")).to_have_attribute("href", f"{AUDIO}#t=60")


def test_card_opens_by_keyboard_and_returns_focus(new_context, live_server, heard):
    page = new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    card = page.get_by_role("group", name="About this citation")
    page.locator("h2 .anchor").first.focus()

    page.keyboard.press("Tab")

    expect(page.locator("#c-5")).to_be_focused()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.locator("#c-5")).to_be_focused()


def test_tap_opens_the_card_and_the_card_plays(new_context, live_server, heard):
    context = new_context(has_touch=True, viewport={"width": 390, "height": 800})
    page = context.new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-60").tap()
    page.get_by_role("button", name="Play from 01:00").tap()

    expect(page.get_by_role("region", name="Player")).to_contain_text("The moon is slow.")
    wait_for(page, "document.querySelector('audio')?.currentTime >= 60")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize(("width", "is_capped"), [(390, True), (1280, False)])
def test_deep_quotations_fit_the_screen(new_context, live_server, people, width, is_capped):
    """Each of 26 levels indents by 20 px, so together they would be wider than a phone."""
    deep = "> " * 26 + "Nobody knows why the brain needs any sleep."
    make_published("deep", title="Deep", sections=(SectionContent("Quoted", deep),), **people)
    page = new_context(viewport={"width": width, "height": 800}).new_page()

    page.goto(f"{live_server.url}/articles/deep/")

    quotations = page.locator(".text blockquote")
    assert quotations.count() == 26
    lefts = quotations.evaluate_all("quotations => quotations.map(quotation => quotation.getBoundingClientRect().left)")
    assert overflow(page) == 0
    assert (lefts[-1] == lefts[-2]) is is_capped
    assert lefts[0] < lefts[1] < lefts[2]


def test_reference_of_the_article_can_be_copied(new_context, live_server, heard):
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#cite").scroll_into_view_if_needed()
    page.locator("#cite").get_by_role("button", name="Copy").click()

    expect(page.locator(".toast")).to_have_text("Copied to the clipboard.")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == page.locator("[data-copy]").text_content().strip()
    assert "Night" in copied


def test_url_with_a_time_opens_the_nearest_citation(new_context, live_server, heard):
    context = new_context(viewport={"width": 800, "height": 400})

    for address in ("?t=58", "?t=0m58s", "?t=1:01", "#t=61", "#t=00:01:01", "?t=npt:61"):
        page = context.new_page()
        page.goto(f"{live_server.url}/articles/night/{address}")

        expect(page.locator("#c-60"), address).to_be_in_viewport()
        card = page.get_by_role("group", name="About this citation")
        expect(card, address).to_contain_text("The moon is slow.")
        page.close()


def test_notice_tells_of_changes_since_the_last_visit(new_context, live_server, heard, people):
    page = new_context().new_page()
    page.goto(f"{live_server.url}/articles/night/")
    publish_change(heard, people)

    page.goto(f"{live_server.url}/articles/night/?fresh")

    note = page.get_by_text("This article has changed since you last read it (revision 1).")
    expect(note).to_be_visible()
    expect(note.get_by_role("link")).to_have_attribute("href", "/articles/night/revisions/1/")


def test_link_and_permanent_link_of_a_claim_can_be_copied(new_context, live_server, heard):
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{live_server.url}/articles/night/?fresh")
    page.locator("#c-60").hover()
    card = page.get_by_role("group", name="About this citation")

    card.get_by_role("button", name="Link to this claim").click()
    expect(page.locator(".toast")).to_have_text("Link copied.")
    first = page.evaluate("() => navigator.clipboard.readText()")
    card.get_by_role("button", name="Permanent link").click()
    expect(page.locator(".toast")).to_contain_text("revision 1")
    second = page.evaluate("() => navigator.clipboard.readText()")

    assert first == f"{live_server.url}/articles/night/#c-60"
    assert second == f"{live_server.url}/articles/night/revisions/1/#c-60"


def test_anchor_of_a_heading_copies_its_link(new_context, live_server, heard):
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("h2 .anchor").first.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").filter(has_text="copied")).to_have_text("Link copied.")
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{live_server.url}/articles/night/#first"


def test_citation_marker_and_row_are_highlighted_together(new_context, live_server, heard):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-60").hover()
    names = "all => all.map((one) => one.localName)"
    eventually(lambda: set(page.locator(".is-highlighted").evaluate_all(names)), {"a", "li"})
    page.locator('.timeline__marker[href="#c-60"]:visible rect').first.hover()

    expect(page.locator("#c-60")).to_have_class("citation is-highlighted")
    expect(page.get_by_role("group", name="About this citation")).to_contain_text("Show in article")


def test_tap_on_a_marker_opens_its_card(new_context, live_server, heard):
    page = new_context(has_touch=True, viewport={"width": 390, "height": 800}).new_page()
    page.goto(f"{live_server.url}/articles/night/")

    page.locator('.timeline__marker[href="#c-60"]:visible rect').first.tap()

    sheet = page.get_by_role("dialog", name="About this citation")
    expect(sheet).to_be_focused()
    expect(sheet).to_contain_text("The moon is slow.")
    sizes = sheet.locator("a, button").evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert min(sizes) >= 44
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_article_preview_is_fetched_once(new_context, live_server, heard, people):
    make_published("moon", title="Moon", lead="What goes round.", **people)
    change = make_change(heard, by=people["by"], sections=(SectionContent("First", "See the [[moon]]."),))
    workflow.approve(change, by=people["moderator"])
    workflow.publish(change, by=people["moderator"])
    page = new_context().new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/articles/night/")
    link = page.locator("a.wiki-link")

    link.hover()
    card = page.get_by_role("group", name="About this article")
    expect(card).to_contain_text("What goes round.")
    found = faults(page)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page.mouse.move(0, 0)
    link.hover()

    expect(card).to_contain_text("Moon")
    assert found == []
    assert len([url for url in asked if url.endswith("/articles/moon/preview/")]) == 1


@pytest.mark.parametrize("width", [320, 640])
def test_consent_and_sheet_are_accessible_and_fit(new_context, live_server, seen, width):
    context = new_context(viewport={"width": width, "height": 450}, has_touch=True, device_scale_factor=2)
    page = context.new_page()
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-60").tap()
    expect(page.locator(".card")).to_be_visible()
    of_card = faults_in_both(page)
    page.get_by_role("button", name="Play from 01:00").tap()
    expect(page.get_by_role("group", name="This recording is on YouTube")).to_be_visible()

    assert of_card == []
    assert faults_in_both(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.locator(".player :is(button, a, select):visible").evaluate_all(
        "all => all.filter((one) => { const box = one.getBoundingClientRect();"
        " return box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight; }).map((one) => one.outerHTML)"
    )
    assert cut == []


def publish_change(article, people):
    change = make_change(article, by=people["by"], title="Night, longer")
    workflow.approve(change, by=people["moderator"])
    workflow.publish(change, by=people["moderator"])
