"""Tab and Shift+Tab in a list of the editing layer, and the way out of it by keyboard."""

import pytest
from playwright.sync_api import expect

from articles.workflow.content import SectionContent
from tests.support.factories import make_draft, make_episode
from tests.support.scenarios.editor import expect_caret_in, layer, open_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A text with the selection between bars (or the caret at one), what Tab makes of it, and what Shift+Tab.
CASES = {
    "an item goes below the one before": ("- a\n- b|", "- a\n  - b", "- a\n- b"),
    "the first stays": ("- a|\n- b", "- a\n- b", "- a\n- b"),
    "with all that is in it": (
        "- a\n- b|\n  - c\n\n    more\n- d",
        "- a\n  - b\n    - c\n\n      more\n- d",
        "- a\n- b\n  - c\n\n    more\n- d",
    ),
    "several at once": ("- a\n- |b\n- c|\n- d", "- a\n  - b\n  - c\n- d", "- a\n- b\n- c\n- d"),
    "back out": ("- a\n  - b\n  - c|", "- a\n  - b\n    - c", "- a\n  - b\n- c"),
    "numbers go on": ("1. a\n2. b|\n3. c", "1. a\n   1. b\n2. c", "1. a\n2. b\n3. c"),
    "numbers go on below": (
        "1. a\n   1. b\n2. c|\n3. d",
        "1. a\n   1. b\n   2. c\n2. d",
        "1. a\n   1. b\n2. c\n3. d",
    ),
    "numbers go on above": (
        "4. a\n   1. b|\n   2. c\n5. d",
        "4. a\n   1. b\n   2. c\n5. d",
        "4. a\n5. b\n   1. c\n6. d",
    ),
    "numbers that don't count stay": ("1. a\n1. b\n1. c|\n1. d", "1. a\n1. b\n   1. c\n1. d", "1. a\n1. b\n1. c\n1. d"),
    "in a quote": ("> - a\n> - b|", "> - a\n>   - b", "> - a\n> - b"),
    "from a line further down": ("- a\n- b\n\n  more|", "- a\n  - b\n\n    more", "- a\n- b\n\n  more"),
    "a list after a paragraph": ("Text.\n\n- a\n- b|\n\nMore.", "Text.\n\n- a\n  - b\n\nMore.", "Text.\n\n- a\n- b\n\nMore."),
}  # fmt: skip


@pytest.fixture
def field(page, live_server, editor, violations):
    """The text area of the first section, under its layer."""
    section = SectionContent("Why", "Text.")
    draft = make_draft(by=editor, episode=make_episode(), sections=(section,))
    yield open_text(page, live_server, draft, "id_sections-0-body")
    assert violations(page) == []


def write(field, marked):
    """Replace the text by one whose selection is between bars, or whose caret is at one."""
    start, end = marked.find("|"), marked.rfind("|")
    field.evaluate(
        "(field, [text, start, end]) => { field.value = text; field.setSelectionRange(start, end); }",
        [marked.replace("|", ""), start, end - 1 if end > start else end],
    )


def test_tab_moves_items_and_what_is_in_them(field, page):
    found = {}

    for name, (text, *_) in CASES.items():
        made = []
        for key in ("Tab", "Shift+Tab"):
            write(field, text)
            page.keyboard.press(key)
            made.append(field.input_value())
            expect_caret_in(field)
        found[name] = (text, *made)

    assert found == CASES


def test_it_is_one_step_to_undo_and_leads_back(field, page):
    write(field, "1. a\n2. b|\n3. c")

    page.keyboard.press("Tab")
    page.keyboard.type("!")
    page.keyboard.press("Shift+Tab")
    expect(field).to_have_value("1. a\n2. b!\n3. c")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("1. a\n   1. b!\n2. c")


def test_escape_and_tab_leave_the_text_as_the_help_says(field, page):
    write(field, "- a\n- b|")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(layer(field)).not_to_be_focused()
    expect(field).to_have_value("- a\n- b")

    layer(field).focus()
    page.keyboard.press("Alt+?")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed.locator("div", has_text="Leave the text")).to_contain_text("Esc Tab")
    expect(listed.locator("div", has_text="In a list")).to_contain_text("Tab Shift Tab")


def test_outside_of_lists_tab_leaves_the_text(field, page):
    write(field, "- a\n\nText.|")

    page.keyboard.press("Tab")

    expect(layer(field)).not_to_be_focused()
    expect(field).to_have_value("- a\n\nText.")
