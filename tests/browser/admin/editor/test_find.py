"""Find and replace in the whole article, and undoing across its sections."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.workflow.content import SectionContent
from tests.support.browser import faults_in_both, log_in, overflow
from tests.support.factories import make_draft
from tests.support.scenarios.editor import expect_caret_in, layer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECTIONS = (
    SectionContent("Naps", "One nap. Two naps, and a Nap."),
    SectionContent("Nights", "Naps don’t replace nights."),
)


@pytest.fixture
def draft(editor):
    return make_draft(by=editor, title="On naps", lead="What naps do.", sections=SECTIONS)


@pytest.fixture
def editing(page, live_server, draft, violations):
    log_in(page, live_server, reverse("admin:articles_article_change", args=[draft.article.pk]), "editor")
    expect(layer(page.locator("#id_lead"))).to_be_visible()
    yield page
    assert violations(page) == []


@pytest.fixture
def find(editing):
    """The field of the bar that was opened from the end of the lead."""
    layer(editing.locator("#id_lead")).click()
    editing.keyboard.press("Control+End")
    editing.keyboard.press("Control+f")
    found = editing.get_by_label("Find", exact=True)
    expect(found).to_be_focused()
    return found


def texts(page):
    """Title, lead, and heading and text of each section."""
    places = ["#id_title", "#id_lead"] + [f"#id_sections-{at}-{name}" for at in (0, 1) for name in ("heading", "body")]
    return [page.locator(place).input_value() for place in places]


WRITTEN = ["On naps", "What naps do.", "Naps", "One nap. Two naps, and a Nap.", "Nights", "Naps don’t replace nights."]


@pytest.mark.parametrize("width", [390, 1280])
def test_finds_in_titles_headings_and_texts(find, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    count = page.locator("[data-find-count]")

    find.fill("nap")
    expect(count).to_have_text("3 of 7")  # the first one after the caret
    expect(page.locator("#id_sections-0-heading")).to_have_attribute("data-found", "")
    page.keyboard.press("Enter")
    selected = page.locator(".cm-searchMatch-selected")
    expect(selected).to_have_text("nap")
    expect(selected).to_be_in_viewport()
    expect(find).to_be_focused()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    expect(count).to_have_text("2 of 7")
    assert faults_in_both(page) == []
    assert overflow(page) == 0

    page.get_by_label("Match case").check()
    expect(count).to_have_text(re.compile("of 4"))
    page.get_by_label("Whole words").check()
    expect(count).to_have_text(re.compile("of 1$"))
    find.fill("(")
    page.get_by_label("Regular expression").check()
    expect(count).to_have_text("This isn’t a regular expression.")
    find.fill("zebra")
    expect(count).to_have_text("No results")
    page.keyboard.press("Escape")
    expect_caret_in(page.locator("#id_lead"))


def test_replaces_one_and_all_and_undoes_it_as_one_step(find, page):
    find.fill(r"\b(n)ap(s?)\b")
    page.get_by_label("Regular expression").check()
    page.get_by_label("Match case").check()
    page.get_by_label("Replace", exact=True).fill("$1ibble$2")
    page.get_by_role("button", name="Replace", exact=True).click()
    expect(page.locator("#id_sections-0-body")).to_have_value("One nibble. Two naps, and a Nap.")
    page.get_by_role("button", name="Replace all").click()
    expect(page.locator("[data-status]")).to_have_text("Replaced 3 matches. Press Ctrl+Z to undo.")
    assert texts(page) == [
        "On nibbles",
        "What nibbles do.",
        "Naps",
        "One nibble. Two nibbles, and a Nap.",
        *WRITTEN[4:],
    ]

    page.keyboard.press("Control+z")
    expect(page.locator("#id_title")).to_have_value("On naps")
    assert texts(page) == ["On naps", "What naps do.", "Naps", "One nibble. Two naps, and a Nap.", *WRITTEN[4:]]
    page.keyboard.press("Control+z")
    assert texts(page) == WRITTEN
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+y")
    expect(page.locator("#id_title")).to_have_value("On nibbles")
    page.keyboard.press("Control+y")
    expect(page.locator("[data-status]")).to_have_text("Nothing to redo.")


def test_what_is_searched_for_is_what_was_selected_and_stays_in_the_bar(editing, page):
    lead = page.locator("#id_lead")
    layer(lead).click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+f")
    found = page.get_by_label("Find", exact=True)
    expect(found).to_have_value("What naps do.")
    page.evaluate("addEventListener('keydown', (event) => (window.wasTaken = event.defaultPrevented))")
    page.keyboard.press("Control+f")  # once more is the browser's own search
    assert page.evaluate("window.wasTaken") is not True
    found.evaluate(
        """(input) => {
          const data = new DataTransfer();
          data.setData("text/plain", "waste");
          data.setData("text/html", "<b>waste</b>");
          const options = { clipboardData: data, bubbles: true, cancelable: true, composed: true };
          input.dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )
    page.keyboard.press("Control+b")
    page.wait_for_timeout(500)  # the text would be replaced after an answer of the server
    assert texts(page) == WRITTEN


def test_undo_goes_back_through_texts_headings_and_sections_in_order(editing, page):
    lead, heading, body = (
        page.locator(place) for place in ("#id_lead", "#id_sections-1-heading", "#id_sections-1-body")
    )
    layer(lead).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" One")
    layer(body).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Two")
    heading.click()
    page.keyboard.press("End")
    page.keyboard.type(" Three")
    page.keyboard.press("Alt+Shift+ArrowUp")
    order = "[...document.querySelectorAll('.section-card__heading input')].map((input) => input.value).filter(Boolean)"
    assert page.evaluate(order) == ["Nights Three", "Naps"]
    page.keyboard.press("Alt+Shift+ArrowRight")  # the first section can't be a subsection, but its level is kept
    level = page.locator("[data-card=sections-1] .levels input:checked")
    expect(level).to_have_value("2")
    page.locator("[data-card=sections-0] [data-remove]").click()
    expect(page.locator("[data-card=sections-0]")).to_have_attribute("data-removed", "")

    page.keyboard.press("Control+z")
    expect(page.locator("[data-card=sections-0]")).not_to_have_attribute("data-removed", "")
    page.keyboard.press("Control+z")
    expect(level).to_have_value("1")
    page.keyboard.press("Control+z")
    assert page.evaluate(order) == ["Naps", "Nights Three"]
    assert page.evaluate("document.activeElement !== document.body")  # what is typed next isn't taken as keys
    page.keyboard.press("Control+z")
    expect(heading).to_have_value("Nights")
    expect(heading).to_be_focused()
    page.keyboard.press("Control+z")
    expect(body).to_have_value(SECTIONS[1].body)
    expect_caret_in(body)
    page.keyboard.press("Control+z")
    expect(lead).to_have_value("What naps do.")
    expect_caret_in(lead)
    page.keyboard.press("Control+z")
    expect(page.locator("[data-status]")).to_have_text("Nothing to undo.")

    for _ in range(6):
        page.keyboard.press("Control+y")
    expect(page.locator("[data-card=sections-0]")).to_have_attribute("data-removed", "")
    assert texts(page)[1:2] + texts(page)[4:] == ["What naps do. One", "Nights Three", f"{SECTIONS[1].body} Two"]


def switch_source(page, pressed):
    page.get_by_role("button", name="Source", exact=True).click()
    expect(page.locator("[data-tool=source]")).to_have_attribute("aria-pressed", pressed)


def test_undo_goes_back_through_all_texts_in_plain_source(editing, page):
    lead, heading, body = (
        page.locator(place) for place in ("#id_lead", "#id_sections-1-heading", "#id_sections-1-body")
    )
    switch_source(page, "true")
    lead.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" One")
    body.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Two")
    heading.click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    lead.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+b")
    expect(lead).to_have_value("**What naps do. One**")

    page.keyboard.press("Control+z")
    expect(lead).to_have_value("What naps do. One")
    page.keyboard.press("Control+z")
    expect(heading).to_have_value("Nights")
    page.keyboard.press("Control+z")
    expect(body).to_have_value(SECTIONS[1].body)
    expect(body).to_be_focused()
    page.keyboard.press("Control+z")
    expect(lead).to_have_value("What naps do.")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-status]")).to_have_text("Nothing to undo.")
    for _ in range(4):
        page.keyboard.press("Control+Shift+z")
    expect(lead).to_have_value("**What naps do. One**")
    expect(body).to_have_value(f"{SECTIONS[1].body} Two")


def test_undo_goes_back_from_plain_source_into_the_layer_and_from_there_to_the_source(editing, page):
    lead = page.locator("#id_lead")
    layer(lead).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" One")
    switch_source(page, "true")
    expect(lead).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Two")
    switch_source(page, "false")
    layer(lead).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Three")

    for text in ("What naps do. One Two", "What naps do. One", "What naps do."):
        page.keyboard.press("Control+z")
        expect(lead).to_have_value(text)
    for text in ("What naps do. One", "What naps do. One Two", "What naps do. One Two Three"):
        page.keyboard.press("Control+y")
        expect(lead).to_have_value(text)
