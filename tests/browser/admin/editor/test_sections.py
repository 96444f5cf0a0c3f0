"""The editor's sections as a tree: what moves and shifts with a section; and images, which are separate blocks."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from articles.models import Revision
from articles.workflow.content import SectionContent
from tests.support.browser import eventually, faults, log_in
from tests.support.factories import make_draft, make_user
from tests.support.scenarios.editor import choose_file, layer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OUTLINE = [("Tides", 1), ("Springs", 2), ("Moon", 3), ("Neaps", 2), ("Boats", 1), ("Oars", 2)]


@pytest.fixture
def editor_page(page, live_server, transactional_db):
    author = make_user()
    sections = [SectionContent(heading, f"{heading} text.", level) for heading, level in OUTLINE]
    draft = make_draft("harbour", by=author, sections=sections)
    log_in(page, live_server, f"/admin/articles/article/{draft.article_id}/change/", author.username)
    return page


def outline(page):
    """Return (heading, level) of each section that isn't removed, in page order."""
    return [
        tuple(pair)
        for pair in page.evaluate(
            """() => [...document.querySelectorAll("[data-card]:not([data-card=lead]):not([data-blank]):not([data-removed])")]
              .map((card) => [card.querySelector(".section-card__heading input").value, Number(card.querySelector(".levels input:checked").value)])"""
        )
    ]


def card(page, heading):
    index = page.evaluate(
        """heading => [...document.querySelectorAll(".section-card__heading input")].find((field) => field.value === heading).name""",
        heading,
    ).split("-")[1]
    return page.locator(f"#card-sections-{index}")


def press(page, heading, keys):
    card(page, heading).locator(".section-card__heading input").press(keys)


def current(page):
    return page.locator("[data-part=outline] a[aria-current=location]")


def test_the_outline_marks_the_section_with_the_caret_and_keeps_it_in_view(editor_page):
    for number in range(40):  # more than fit into the list
        editor_page.evaluate(
            """async (heading) => {
              const { addSection } = await import("/static/js/editor/sections/cards.js");
              addSection(document.querySelector("[data-editor]"), null, { heading, body: "Text." });
            }""",
            f"Rope {number}",
        )
    outline_box = editor_page.locator("[data-part=outline]")
    expect(outline_box.get_by_role("link", name="Rope 39")).to_be_attached()

    card(editor_page, "Rope 39").locator(".section-card__heading input").focus()
    expect(current(editor_page)).to_have_text("Rope 39")
    expect(current(editor_page)).to_be_in_viewport()
    scrolled = outline_box.evaluate("box => box.scrollTop")
    assert scrolled > 0
    assert outline_box.evaluate(
        "box => box.getBoundingClientRect().bottom >= box.querySelector('[aria-current]').getBoundingClientRect().bottom"
    )

    layer(card(editor_page, "Tides").locator("textarea")).click()
    expect(current(editor_page)).to_have_text("Tides")
    eventually(lambda: outline_box.evaluate("box => box.scrollTop") < scrolled, True)
    assert outline_box.evaluate(
        "box => box.getBoundingClientRect().top <= box.querySelector('[aria-current]').getBoundingClientRect().top"
    )
    layer(editor_page.locator("#id_lead")).click()
    expect(current(editor_page)).to_have_text("Lead")


def test_the_outline_marks_a_collapsed_section_for_its_subsections(editor_page):
    card(editor_page, "Moon").locator(".section-card__heading input").focus()
    expect(current(editor_page)).to_have_text("Moon")

    editor_page.get_by_role("button", name="Subsections of “Springs”").click()
    expect(current(editor_page)).to_have_text("Springs")
    editor_page.get_by_role("button", name="Subsections of “Springs”").click()
    expect(current(editor_page)).to_have_text("Moon")


def test_a_section_moves_with_its_subsections(editor_page):
    press(editor_page, "Boats", "Alt+Shift+ArrowUp")

    eventually(
        lambda: outline(editor_page),
        [("Boats", 1), ("Oars", 2), ("Tides", 1), ("Springs", 2), ("Moon", 3), ("Neaps", 2)],
    )
    expect(editor_page.locator("[data-status]")).to_have_text("Boats and its subsections: now 1 of 6.")

    press(editor_page, "Springs", "Alt+Shift+ArrowDown")

    eventually(lambda: outline(editor_page)[2:], [("Tides", 1), ("Neaps", 2), ("Springs", 2), ("Moon", 3)])


def test_dragging_never_leaves_subsections_with_a_neighbour(editor_page):
    grip = card(editor_page, "Boats").locator("[data-grip]")
    grip.scroll_into_view_if_needed()
    grip.hover()
    editor_page.mouse.down()
    moon = card(editor_page, "Moon").bounding_box()  # between a section and its subsection, where it must not go
    editor_page.mouse.move(moon["x"] + 20, moon["y"] + 1, steps=8)
    editor_page.mouse.up()

    dropped = ["Tides Springs Moon Neaps Boats Oars", "Boats Oars Tides Springs Moon Neaps"]
    eventually(lambda: " ".join(heading for heading, _ in outline(editor_page)) in dropped)


def test_a_level_changes_with_its_subsections(editor_page):
    press(editor_page, "Springs", "Alt+Shift+ArrowLeft")

    eventually(lambda: outline(editor_page)[:4], [("Tides", 1), ("Springs", 1), ("Moon", 2), ("Neaps", 2)])
    expect(editor_page.locator("[data-status]")).to_have_text("Springs: level 1. New subsections: Neaps.")

    card(editor_page, "Springs").locator("[data-toggle]").click()
    card(editor_page, "Springs").locator(".levels label:has(input[value='4'])").click()

    eventually(lambda: outline(editor_page)[1:3], [("Springs", 4), ("Moon", 5)])


def test_removing_a_section_asks_about_its_subsections(editor_page):
    dialog = editor_page.locator("[data-remove-branch]")
    card(editor_page, "Tides").locator("[data-remove]").click()

    expect(dialog).to_contain_text("“Tides” has 3 subsections: Springs, Moon, Neaps.")
    assert faults(editor_page) == []
    dialog.get_by_role("button", name="Cancel").click()
    eventually(lambda: outline(editor_page), OUTLINE)

    card(editor_page, "Tides").locator("[data-remove]").click()
    dialog.get_by_role("button", name="Keep them").click()
    eventually(lambda: outline(editor_page), [("Springs", 1), ("Moon", 2), ("Neaps", 1), ("Boats", 1), ("Oars", 2)])
    card(editor_page, "Tides").locator("[data-undo]").click()
    eventually(lambda: outline(editor_page), OUTLINE)

    card(editor_page, "Tides").locator("[data-remove]").click()
    dialog.get_by_role("button", name="Remove them too").click()
    eventually(lambda: outline(editor_page), [("Boats", 1), ("Oars", 2)])
    with editor_page.expect_event("load"):
        editor_page.locator("[data-save]").click()

    draft = Revision.objects.get()
    assert [(section.heading, section.level) for section in draft.section_set.all()] == [("Boats", 1), ("Oars", 2)]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("| a | b |\n| - | - |\n| 1 | 2 |", "| 1 | 2 |"),
        ("- one\n- two\n\n- three", "- one"),
        ("> quoted\n> words", "> quoted"),
        ("A paragraph of words.", "A para"),
    ],
    ids=["table", "list", "quote", "paragraph"],
)
def test_an_uploaded_image_is_a_block_of_its_own(editor_page, text, after):
    field = editor_page.locator("#id_sections-0-body")
    field.fill(text)
    field.evaluate("(field, at) => field.setSelectionRange(at, at)", text.index(after) + len(after))
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    choose_file(editor_page, "id_sections-0-body", "a.png", out.getvalue())
    editor_page.get_by_role("button", name="Insert without alt text").click()

    expect(field).to_have_value(re.compile(rf"^{re.escape(text)}\n\n!\[\]\(/media/[^\n]+\)\n\n$"))
    expect(editor_page.locator("[data-evidence]")).to_contain_text("The image has no alt text.")


def entry(page, heading):
    return page.locator("[data-part=outline] li", has_text=heading)


def test_a_branch_is_dragged_in_the_outline(editor_page):
    editor_page.set_viewport_size({"width": 1280, "height": 900})
    before = [heading for heading, _ in outline(editor_page)]
    entry(editor_page, "Boats").hover()
    editor_page.mouse.down()
    tides = entry(editor_page, "Tides").bounding_box()
    editor_page.mouse.move(tides["x"] + 20, tides["y"] + 2, steps=8)
    expect(entry(editor_page, "Tides")).to_have_attribute("data-drop", "before")
    editor_page.keyboard.press("Escape")
    editor_page.mouse.up()
    assert [heading for heading, _ in outline(editor_page)] == before

    entry(editor_page, "Boats").hover()
    editor_page.mouse.down()
    editor_page.mouse.move(tides["x"] + 20, tides["y"] + 2, steps=8)
    editor_page.mouse.up()

    eventually(lambda: [heading for heading, _ in outline(editor_page)][:3], ["Boats", "Oars", "Tides"])
    expect(editor_page.locator("[data-part=outline] a").nth(1)).to_have_text("Boats")
    expect(editor_page.locator("[data-status]")).to_contain_text("Boats: now 1 of")
    editor_page.keyboard.press("Control+z")
    eventually(lambda: [heading for heading, _ in outline(editor_page)], before)


def test_subsections_are_collapsed_in_the_outline(editor_page):
    fold = entry(editor_page, "Tides").get_by_role("button", name="Subsections of “Tides”")

    fold.click()

    expect(entry(editor_page, "Springs")).to_be_hidden()
    expect(entry(editor_page, "Boats")).to_be_visible()
    expect(fold).to_have_attribute("aria-expanded", "false")
    with editor_page.expect_response("**/check/**"):
        press(editor_page, "Boats", "Alt+Shift+ArrowUp")
    expect(entry(editor_page, "Springs")).to_be_hidden()  # also after the server has rendered the list again
    assert faults(editor_page) == []
    fold.click()
    expect(entry(editor_page, "Springs")).to_be_visible()


def test_a_section_whose_subsections_are_removed_cannot_be_collapsed(editor_page):
    fold = entry(editor_page, "Boats").get_by_role("button", name="Subsections of “Boats”")
    expect(fold).to_be_visible()

    with editor_page.expect_response("**/check/**"):
        card(editor_page, "Oars").locator("[data-remove]").evaluate("button => button.click()")

    expect(entry(editor_page, "Oars")).to_have_count(0)
    expect(fold).to_have_count(0)
