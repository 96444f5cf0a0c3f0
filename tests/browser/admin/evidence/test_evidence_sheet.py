"""A citation's evidence on a phone: a sheet over the text that opens from it and returns the focus."""

import pytest
from playwright.sync_api import expect

from tests.browser.site.test_open_states import path_of
from tests.support.browser import begin_session, eventually, faults, faults_in_the_dark, has_focus, opened, say_heard
from tests.support.scenarios.editor import expect_caret_in, show_previews

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(new_context, live_server, rows, settings):
    settings.FOUR_EYES = False  # one person writes and confirms
    page, _ = opened(new_context, viewport={"width": 390, "height": 800}, color_scheme="light")
    begin_session(page, live_server, "root")
    page.goto(f"{live_server.url}{path_of(rows.draft)}")
    return page


def edges(sheet):
    """Return the sheet's left, right and lower edge."""
    box = sheet.bounding_box()
    return (box["x"], box["x"] + box["width"], box["y"] + box["height"])


@pytest.mark.parametrize("close", ["Escape", "the button", "going back", "a tap beside it"])
def test_evidence_opens_as_a_sheet_on_a_phone_and_returns_focus(phone, close):
    sheet = phone.locator("[data-evidence]")
    show_previews(phone)
    citation = phone.locator("[data-preview] a.citation").first
    address = phone.url

    citation.focus()
    phone.keyboard.press("Enter")
    expect(sheet.locator("[data-chosen]")).to_contain_text("The brain clears waste at night.")
    expect(sheet.locator("article.claim:visible")).to_have_count(1)
    eventually(lambda: has_focus(sheet.locator("[data-chosen]")))
    eventually(lambda: edges(sheet), (0, 390, 800))
    assert sheet.bounding_box()["height"] <= 0.75 * 800
    found = [*faults(phone), *faults_in_the_dark(phone)]
    if close == "Escape":
        phone.keyboard.press("Escape")
    elif close == "the button":
        sheet.get_by_role("button", name="Close", exact=True).click()
    elif close == "going back":
        phone.go_back()
    else:
        phone.mouse.click(380, 20)

    expect(sheet).not_to_have_attribute("popover", "auto")
    expect(citation).to_be_focused()
    expect(sheet.locator("article.claim")).not_to_have_count(1)
    expect(phone).to_have_url(address)
    assert found == []


def test_sheet_steps_through_claims_and_stays_open_during_actions(phone):
    sheet = phone.locator("[data-evidence]")
    link = phone.get_by_role("link", name="Transcript evidence").first
    link.click()
    expect(sheet.locator("[data-chosen]")).to_contain_text("What a night of sleep does.")

    sheet.get_by_role("button", name="Next claim").click()
    chosen = sheet.locator("[data-chosen]")
    expect(chosen).to_contain_text("The brain clears waste at night.")
    chosen.get_by_role("button", name="Confirm at").click()
    say_heard(phone)
    expect(chosen).to_contain_text("Confirmed by root on")
    expect(sheet.locator("article.claim:visible")).to_have_count(1)
    sheet.get_by_role("button", name="Previous claim").click()
    expect(chosen).to_contain_text("What a night of sleep does.")
    chosen.get_by_role("link", name="What a night of sleep does.").click()

    expect(sheet).not_to_have_attribute("popover", "auto")
    expect_caret_in(phone.locator("#id_lead"))


def test_on_a_wide_window_the_panel_stays_next_to_the_text(new_context, live_server, rows):
    page, _ = opened(new_context, viewport={"width": 1280, "height": 900})
    begin_session(page, live_server, "root")
    page.goto(f"{live_server.url}{path_of(rows.draft)}")
    page.locator("#id_sections-0-body").focus()

    page.keyboard.press("Alt+e")

    eventually(lambda: page.evaluate("document.activeElement.closest('[data-evidence] [data-claim]') !== null"))
    assert page.locator("[data-evidence]").get_attribute("popover") is None
    assert page.locator("[data-preview] a.citation").first.get_attribute("href").startswith("https://")
