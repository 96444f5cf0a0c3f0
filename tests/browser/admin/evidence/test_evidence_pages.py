"""The evidence panel of a text with more claims than fit on one of its pages."""

import re

import pytest
from playwright.sync_api import expect

from articles.admin.evidence import panel
from articles.workflow.content import SectionContent
from tests.browser.admin.editor.test_editor import body, change_path
from tests.support.browser import eventually, has_focus, log_in
from tests.support.factories import make_draft, make_episode
from tests.support.scenarios.editor import expect_caret_in, layer, show_previews

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PER_PAGE = 6


@pytest.fixture
def draft(monkeypatch):
    """A draft with a claim in its lead, 11 in one section and 3 in another: three pages of claims."""
    monkeypatch.setattr(panel, "ITEMS_MAX", PER_PAGE)
    tides = " ".join(f"Tide number {n} comes at noon [00:10:{n:02}]." for n in range(11))
    moons = " ".join(f"Moon number {n} is full of dust [00:20:{n:02}]." for n in range(3))
    sections = (SectionContent("Tides", tides), SectionContent("Moons", moons))
    return make_draft(lead="The sea and the sky are old [00:05:00].", sections=sections, episode=make_episode())


@pytest.fixture
def editor_page(page, live_server, draft):
    page.set_viewport_size({"width": 1280, "height": 500})
    log_in(page, live_server, change_path(draft.article), "editor")
    return page


def claim(page, words):
    return page.locator("article.claim", has_text=words)


def is_in_view(locator):
    """Whether all of the element can be seen in the panel and in the window."""
    return locator.evaluate(
        """element => {
          const panel = element.closest("[data-evidence]").getBoundingClientRect();
          const {top, bottom} = element.getBoundingClientRect();
          return top >= Math.max(panel.top, 0) && bottom <= Math.min(panel.bottom, innerHeight) + 1;
        }"""
    )


def test_next_and_previous_open_the_page_at_its_first_claim(editor_page, violations):
    column = editor_page.locator("[data-evidence]")
    expect(claim(editor_page, "Tide number 4")).to_have_count(1)
    expect(claim(editor_page, "Tide number 5")).to_have_count(0)

    column.get_by_role("button", name="Next", exact=True).click()
    eventually(lambda: has_focus(claim(editor_page, "Tide number 5")))
    assert is_in_view(claim(editor_page, "Tide number 5"))
    assert is_in_view(column.get_by_role("heading", name="Tides"))
    expect(editor_page.locator("[data-status]")).to_have_text("Page 2 of 3")

    column.get_by_role("button", name="Previous", exact=True).click()
    eventually(lambda: has_focus(claim(editor_page, "The sea and the sky")))
    assert is_in_view(claim(editor_page, "The sea and the sky"))
    assert violations(editor_page) == []


def test_the_link_to_more_claims_of_a_section_leads_to_its_first(editor_page):
    editor_page.locator("[data-evidence]").get_by_role("button", name="3 more from page 3 on").click()

    eventually(lambda: has_focus(claim(editor_page, "Moon number 0")))
    assert is_in_view(claim(editor_page, "Moon number 0"))


def test_arrow_keys_turn_the_page_at_its_ends(editor_page):
    claim(editor_page, "Tide number 4").get_by_role("link").first.focus()

    editor_page.keyboard.press("ArrowDown")
    eventually(lambda: has_focus(claim(editor_page, "Tide number 5")))
    for number in range(6, 11):
        editor_page.keyboard.press("ArrowDown")
        eventually(lambda number=number: has_focus(claim(editor_page, f"Tide number {number}")))
    editor_page.keyboard.press("ArrowDown")
    eventually(lambda: has_focus(claim(editor_page, "Moon number 0")))
    for number in range(10, 3, -1):
        editor_page.keyboard.press("ArrowUp")
        eventually(lambda number=number: has_focus(claim(editor_page, f"Tide number {number}")))


def test_from_the_cursor_to_its_claim_on_another_page(editor_page):
    field = body(editor_page, 0)
    field.focus()
    field.evaluate("field => { const at = field.value.indexOf('number 8'); field.setSelectionRange(at, at); }")

    editor_page.keyboard.press("Alt+e")
    eventually(lambda: has_focus(claim(editor_page, "Tide number 8")))
    editor_page.keyboard.press("Escape")
    expect_caret_in(field)
    # Now its beginning is on the page before.
    field.evaluate("field => field.setSelectionRange(3, 3)")
    editor_page.keyboard.press("Alt+e")
    eventually(lambda: has_focus(claim(editor_page, "Tide number 0")))


def test_the_panel_follows_the_caret_to_another_page(editor_page, violations):
    moons = editor_page.locator("#id_sections-1-body")
    expect(claim(editor_page, "Moon number 1")).to_have_count(0)
    layer(moons).scroll_into_view_if_needed()  # where a person is who writes there; the panel is beside it

    moons.evaluate("field => { field.focus(); field.setSelectionRange(field.value.length, field.value.length); }")

    expect(claim(editor_page, "Moon number 2")).to_have_attribute("data-at-caret", "")
    eventually(lambda: is_in_view(claim(editor_page, "Moon number 2")))
    expect_caret_in(moons)
    editor_page.keyboard.type(" More.")
    expect(moons).to_have_value(re.compile(r" More\.$"))
    tides = body(editor_page, 0)
    for number in (8, 0):
        tides.evaluate(
            "(field, at) => { field.focus(); field.setSelectionRange(at, at); }",
            tides.input_value().index(f"number {number}"),
        )
        expect(claim(editor_page, f"Tide number {number}")).to_have_attribute("data-at-caret", "")
    # A page that is turned by hand stays, until the caret moves to another paragraph.
    editor_page.locator("[data-evidence]").get_by_role("button", name="Next", exact=True).click()
    expect(claim(editor_page, "Tide number 9")).to_have_count(1)
    assert violations(editor_page) == []


def test_uncited_safety_claims_on_other_pages_are_reached_from_their_list(editor_page):
    column = editor_page.locator("[data-evidence]")
    body(editor_page, 1).fill(f"{body(editor_page, 1).input_value()} Never take 50 mg of it with alcohol.")
    expect(claim(editor_page, "Never take 50 mg")).to_have_count(1)  # the panel has followed the caret
    column.get_by_role("button", name="Previous", exact=True).click()
    expect(claim(editor_page, "Never take 50 mg")).to_have_count(0)
    column.locator("summary", has_text="1 uncited safety claim").click()

    column.get_by_role("button", name="Never take 50 mg").click()

    eventually(lambda: has_focus(claim(editor_page, "Never take 50 mg")))
    expect(column.get_by_text("Page 3 of 3")).to_have_count(1)


def test_on_a_phone_the_sheet_steps_over_the_ends_of_a_page(editor_page):
    editor_page.set_viewport_size({"width": 390, "height": 800})
    sheet = editor_page.locator("[data-evidence]")
    chosen = sheet.locator("[data-chosen]")
    show_previews(editor_page)
    editor_page.locator("[data-preview=id_sections-0-body] a.citation").nth(7).click()
    expect(chosen).to_contain_text("Tide number 7")

    for number in (8, 9):
        sheet.get_by_role("button", name="Next claim").click()
        expect(chosen).to_contain_text(f"Tide number {number}")
    for number in (8, 7, 6, 5, 4):
        sheet.get_by_role("button", name="Previous claim").click()
        expect(chosen).to_contain_text(f"Tide number {number}")
    expect(sheet.locator("article.claim:visible")).to_have_count(1)
    expect(sheet).to_have_attribute("popover", "auto")


def test_without_scripts_a_button_opens_the_page_with_a_link_to_its_first_claim(new_context, live_server, draft):
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, live_server, change_path(draft.article), "editor")

    page.get_by_role("button", name="Next", exact=True).click()

    expect(claim(page, "Tide number 5")).to_have_count(1)
    page.get_by_role("link", name="Go to it").click()
    anchor = page.evaluate("location.hash.slice(1)")
    assert claim(page, "Tide number 5").get_attribute("id") == anchor
