"""Writing in the editing layer: what it shows, its toolbar, shortcuts, completions and switches, and its layout."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Revision
from articles.workflow.content import SectionContent
from tests.support.browser import faults_in_both, log_in, opened, overflow
from tests.support.factories import make_draft, make_episode, make_published
from tests.support.scenarios.editor import empty, expect_caret_in, layer, open_settings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Sleep **clears** waste [00:06:31].\n\n- One\n- Two"
SHAPES = """# Title

A [link](https://example.org), [[naps|short sleep]], `[[code]]`, \\*no\\*.

> Quoted
"""


@pytest.fixture
def draft(editor):
    episode = make_episode(duration_seconds=6161, chapters=[(0, "Opening"), (313, "Why we sleep at all")])
    return make_draft(by=editor, lead="A lead.", episode=episode, sections=(SectionContent("Why", TEXT),))


@pytest.fixture
def field(page, live_server, draft, violations):
    """The text area of the first section, under its layer and with the caret at the end."""
    log_in(page, live_server, reverse("admin:articles_article_change", args=[draft.article.pk]), "editor")
    found = page.locator("#id_sections-0-body")
    layer(found).click()
    page.keyboard.press("Control+End")
    expect_caret_in(found)
    yield found
    assert violations(page) == []


def select(field, words):
    """Select these words of a text area, and wait until what is typed goes there."""
    field.evaluate(
        """(field, words) => {
          const at = field.value.indexOf(words);
          field.focus();
          field.setSelectionRange(at, at + words.length);
        }""",
        words,
    )


def choose(options, text, page):
    """Choose the only suggestion with the Enter key, which is meant for the text while the list has just opened."""
    expect(options).to_have_text([re.compile(text)])
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")


def test_marks_are_hidden_but_on_the_line_with_the_caret(field, page):
    first = layer(field).locator(".cm-line").first
    expect(first).to_have_text("Sleep clears waste [00:06:31].")
    expect(first.locator(".cm-strong")).to_have_css("font-weight", "700")
    expect(first.locator(".cm-citation")).to_have_text("[00:06:31]")

    page.keyboard.press("Control+Home")

    expect(first).to_have_text("Sleep **clears** waste [00:06:31].")
    assert faults_in_both(page) == []


def test_links_headings_and_quotes_are_shown_as_they_will_be_read(field, page):
    field.evaluate("(field, text) => { field.value = text; }", SHAPES)
    page.keyboard.press("Control+End")

    lines = layer(field).locator(".cm-line")
    expect(lines.nth(0)).to_have_text("Title")
    expect(lines.nth(0)).to_have_css("font-weight", "600")
    expect(lines.nth(2)).to_have_text("A link, short sleep, [[code]], *no*.")
    expect(lines.nth(2).locator(".cm-link")).to_have_text(["link", "short sleep"])
    expect(lines.nth(4)).to_have_text("Quoted")


def test_typed_text_is_in_the_form_and_saved(field, page):
    page.keyboard.press("Enter")
    page.keyboard.type("Three [01:02:03")

    expect(layer(field).locator(".cm-citation")).to_have_count(1)
    page.keyboard.type("]")
    expect(layer(field).locator(".cm-citation")).to_have_count(2)
    expect(field).to_have_value(f"{TEXT}\n- Three [01:02:03]")  # the list goes on
    with page.expect_event("load"):
        page.locator("[data-save]").click()
    assert Revision.objects.get(status="draft").section_set.get().body == f"{TEXT}\n- Three [01:02:03]"


def test_shortcuts_and_toolbar_change_the_selection_and_are_undone(field, page):
    select(field, "waste")
    page.keyboard.press("Control+b")
    expect(field).to_have_value(TEXT.replace("waste", "**waste**"))
    page.get_by_role("button", name="Bold", exact=True).click()
    expect(field).to_have_value(TEXT)
    expect_caret_in(field)
    page.keyboard.press("Control+i")
    expect(field).to_have_value(TEXT.replace("waste", "*waste*"))
    page.keyboard.press("Control+z")
    expect(field).to_have_value(TEXT)

    select(field, "- One\n- Two")
    page.keyboard.press("Control+Shift+7")
    expect(field).to_have_value(TEXT.replace("- One\n- Two", "1. One\n2. Two"))
    page.get_by_role("button", name="Numbered list").click()
    expect(field).to_have_value(TEXT.replace("- One\n- Two", "One\nTwo"))
    page.get_by_role("button", name="Quote").click()
    expect(field).to_have_value(TEXT.replace("- One\n- Two", "> One\n> Two"))
    page.get_by_role("button", name="Table").click()
    expect(field).to_have_value(re.compile(r"> Two\n\n\| Column 1 \| Column 2 \|\n\| --- \| --- \|\n\|  \|  \|$"))
    select(field, "Sleep")
    page.keyboard.press("Control+k")
    page.keyboard.type("https://example.org")
    expect(field).to_have_value(re.compile(r"^\[Sleep\]\(https://example\.org\) "))


def test_toolbar_is_one_stop_for_tab(field, page):
    bold, italic = (page.get_by_role("button", name=name, exact=True) for name in ("Bold", "Italic"))
    bold.focus()
    page.keyboard.press("ArrowRight")
    expect(italic).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-toolbar]')") is None


def test_a_citation_is_nudged_by_keys(field, page):
    select(field, "06:31]")
    page.keyboard.press("ArrowLeft")

    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+Shift+ArrowUp")
    expect(field).to_have_value(TEXT.replace("00:06:31", "00:06:37"))
    page.keyboard.press("Alt+ArrowDown")
    expect(field).to_have_value(TEXT.replace("00:06:31", "00:06:36"))
    expect(page.locator("[data-status]")).to_have_text("[00:06:36]")
    page.keyboard.press("Control+z")
    expect(field).to_have_value(TEXT.replace("00:06:31", "00:06:37"))


def test_articles_timestamps_and_blocks_are_completed(field, page, editor):
    make_published("naps", title="Naps", by=editor, episode=make_episode("on-naps"))
    page.keyboard.press("Control+Home")
    page.keyboard.type("[[nap")
    options = page.locator(".cm-tooltip").get_by_role("option")
    expect(options).to_have_text([re.compile("^Naps")])
    assert faults_in_both(page) == []
    choose(options, "Naps", page)
    expect(field).to_have_value(f"[[Naps]]{TEXT}")

    page.keyboard.type(" [")
    expect(options.filter(has_text="Why we sleep at all")).to_be_visible()
    expect(options.filter(has_text="[00:06:31]")).to_be_visible()
    page.keyboard.type("00:05")
    choose(options, "Why we sleep at all", page)
    expect(field).to_have_value(f"[[Naps]] [00:05:13]{TEXT}")
    page.keyboard.type(" [open")
    choose(options, "Opening", page)
    expect(field).to_have_value(f"[[Naps]] [00:05:13] [00:00:00]{TEXT}")

    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("/tab")
    choose(options, "Table", page)
    expect(field).to_have_value(re.compile(r"Two\n\n\| Column 1 \|"))


def test_plain_source_is_a_text_area_and_is_remembered(field, page):
    source = page.get_by_role("button", name="Source", exact=True)
    source.click()
    expect(field).to_be_focused()
    expect(layer(field)).to_have_count(0)
    page.keyboard.press("Control+End")
    page.keyboard.type("!")
    select(field, "waste")
    page.keyboard.press("Control+b")
    expect(field).to_have_value(TEXT.replace("waste", "**waste**") + "!")
    page.keyboard.press("Control+z")
    expect(field).to_have_value(f"{TEXT}!")

    with page.expect_event("load"):
        page.locator("[data-save]").click()
    expect(source).to_have_attribute("aria-pressed", "true")
    expect(field).to_be_visible()
    assert faults_in_both(page) == []
    source.click()
    expect(layer(field)).to_be_visible()
    expect(field).to_have_value(f"{TEXT}!")


def test_the_text_is_named_for_screen_readers_and_checked_in_its_language(field, page):
    expect(layer(field)).to_have_accessible_name("Text of “Why”")
    expect(layer(field)).to_have_attribute("spellcheck", "true")
    open_settings(page)
    page.fill("#id_language", "de")
    layer(field).click()
    expect(layer(field)).to_have_attribute("lang", "de")

    # The label and links to the field lead into the layer.
    page.evaluate("document.querySelector('#id_lead').labels[0].click()")
    expect_caret_in(page.locator("#id_lead"))


def test_full_screen_is_the_text_with_its_evidence(field, page):
    button = page.get_by_role("button", name="Full screen")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-evidence]")).to_be_visible()
    expect(page.locator("[data-part=outline]")).to_be_hidden()
    assert layer(field).bounding_box()["width"] >= 640
    assert faults_in_both(page) == []
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_it_is_written_with_a_finger_too(new_context, live_server, draft):
    page, violations = opened(new_context, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    log_in(page, live_server, reverse("admin:articles_article_change", args=[draft.article.pk]), "editor")
    field = page.locator("#id_lead")
    layer(field).tap()
    page.keyboard.press("Control+End")
    page.keyboard.type(" More [00:01:00].")
    expect(field).to_have_value("A lead. More [00:01:00].")
    page.get_by_role("button", name="Bold", exact=True).tap()
    expect_caret_in(field)
    assert overflow(page) == 0
    assert violations(page) == []


def test_a_new_article_begins_with_its_title_and_says_where_to_write(page, live_server, editor, violations):
    make_episode()
    log_in(page, live_server, reverse("admin:articles_article_add"), "editor")
    expect(page.locator("#id_title")).to_be_focused()
    expect(page.locator("#id_episode")).to_be_visible()
    expect(layer(page.locator("#id_lead"))).to_contain_text("Write here, or paste a text.")
    assert faults_in_both(page) == []
    page.get_by_role("button", name="Add a section", exact=True).click()
    page.keyboard.type("Naps")
    page.keyboard.press("Enter")
    expect_caret_in(page.locator("#id_sections-1-body"))
    page.keyboard.type("/quote")
    choose(page.locator(".cm-tooltip").get_by_role("option"), "Quote", page)
    page.keyboard.type("Rest.")
    expect(page.locator("#id_sections-1-body")).to_have_value("> Rest.")
    assert violations(page) == []


def test_the_page_is_previewed_with_what_was_typed_just_now(page, live_server, editor, violations):
    article = make_published("naps", title="Naps", by=editor, episode=make_episode()).pk
    log_in(page, live_server, reverse("admin:articles_article_change", args=[article]), "editor")
    link = page.get_by_role("link", name="Preview page")
    expect(link).to_be_hidden()  # nothing is to be previewed before there is a draft
    layer(page.locator("#id_lead")).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Typed.")
    expect(link).to_be_visible()
    page.keyboard.type(" Just now.")

    with page.context.expect_page() as opening:
        link.click()

    shown = opening.value
    expect(shown.locator("main")).to_contain_text("Typed. Just now.")
    with shown.expect_popup() as phone:
        shown.get_by_role("button", name="As on a phone").click()
    expect(phone.value.locator("main")).to_contain_text("Typed. Just now.")
    phone.value.set_viewport_size({"width": 390, "height": 844})  # a browser without windows ignores their size
    phone.value.reload()
    expect(phone.value.get_by_role("button", name="As on a phone")).to_be_hidden()
    assert overflow(phone.value) == 0
    shown.evaluate("window.print = () => (window.isPrinted = true)")
    shown.get_by_role("button", name="As printed").click()
    assert shown.evaluate("window.isPrinted")
    shown.emulate_media(media="print")
    expect(shown.get_by_text("Readers can’t see it.")).to_be_hidden()
    assert faults_in_both(shown) == []
    assert violations(page) == []


def test_words_are_counted_while_typing(field, page):
    words = page.locator("[data-words]")
    expect(words).to_have_text("7 words · 1 min read")
    page.keyboard.type(" and [[naps|short sleep]] [00:01:00]")
    expect(words).to_have_text("10 words · 1 min read")


def test_long_articles_get_their_layers_when_they_are_needed(page, live_server, editor, violations):
    sections = tuple(SectionContent(f"Part {n}", f"Sentence {n} [00:00:{n:02}]. " * 90) for n in range(1, 46))
    draft = make_draft(by=editor, episode=make_episode(duration_seconds=6161), sections=sections)
    log_in(page, live_server, reverse("admin:articles_article_change", args=[draft.article.pk]), "editor")
    layers = page.locator("[data-layer]")
    expect(layer(page.locator("#id_lead"))).to_be_visible()
    assert layers.count() < 12

    last = page.locator("#id_sections-44-body")
    last.evaluate("field => field.closest('[data-closed]')?.querySelector('[data-toggle]').click()")
    last.evaluate("field => field.focus()")

    expect_caret_in(last)
    assert layers.count() < 16
    assert violations(page) == []


def test_text_comes_first_and_no_page_is_wider_than_its_window(new_context, live_server, draft):
    path = reverse("admin:articles_article_change", args=[draft.article.pk])
    for width in (390, 768, 1024, 1280, 1920):
        page, violations = opened(new_context, viewport={"width": width, "height": 900})
        log_in(page, live_server, path, "editor")
        text = layer(page.locator("#id_sections-0-body"))
        expect(text).to_be_visible()
        assert overflow(page) == 0, width
        expect(page.locator("#id_slug")).to_be_hidden()
        open_settings(page)
        assert overflow(page) == 0, width
        assert faults_in_both(page) == []
        if width >= 1024:
            assert text.bounding_box()["width"] >= 640
            evidence = page.locator("[data-evidence]").bounding_box()
            assert evidence["x"] > text.bounding_box()["x"] + 640
        assert violations(page) == []


def test_settings_open_without_scripts_and_where_something_is_wrong(new_context, live_server, draft):
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, live_server, reverse("admin:articles_article_change", args=[draft.article.pk]), "editor")
    expect(page.locator("#id_language")).to_be_hidden()
    page.locator("[data-settings] > summary").click()
    page.fill("#id_language", "no language")
    page.get_by_role("button", name="Save draft").last.click()

    expect(page.locator(".alert")).to_contain_text("Not saved.")
    expect(page.locator("#id_language")).to_be_visible()
    expect(page.locator("#id_sections-0-body")).to_be_visible()


# What is pressed and typed in an empty text, and what is written then.
KEYS = [
    (["One.", "Enter", "Two."], "One.\n\nTwo."),
    (["One", "Shift+Enter", "two."], "One\\\ntwo."),
    (["- One", "Enter", "two", "Enter", "Enter", "Out."], "- One\n- two\n\nOut."),
    (["1. One", "Enter", "two", "Enter", "Enter", "Out."], "1. One\n2. two\n\nOut."),
    (["> One", "Enter", "two", "Enter", "Enter", "Out."], "> One\n> two\n\nOut."),
    (["| a | b |", "Enter", "| --- | --- |", "Enter", "| 1 | 2 |"], "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    (["One", "Enter", "Two", "Control+a", "Control+b"], "**One**\n\n**Two**"),
    (["One", "Enter", "Two", "Control+a", "Control+b", "Control+b"], "One\n\nTwo"),
    (["# One", "Enter", "- Two", "Enter", "three", "Control+a", "Control+i"], "# *One*\n\n- *Two*\n- *three*"),
    (["One", "Enter", "Two", "Control+a", "Control+Shift+9"], "> One\n>\n> Two"),
    (["One", "Enter", "Two", "Control+a", "Control+Shift+9", "Control+Shift+9"], "One\n\nTwo"),
    (["One", "Enter", "Two", "Control+a", "Control+k"], "One\n\nTwo"),
    (["One", "Shift+Enter", "two", "Control+a", "Control+Shift+8"], "- One\n- two"),
    (["One", "Shift+Enter", "two", "Control+a", "Control+Shift+7"], "1. One\n2. two"),
    (["One", "Shift+Enter", "two", "Control+a", "Control+Shift+6"], "# One\n# two"),
    (["One", "Shift+Enter", "two", "Control+a", "Control+Shift+9"], "> One\\\n> two"),
    (["One", "Shift+Enter", "Enter", "two"], "One\n\ntwo"),
    (["One", "Shift+Enter", "ArrowUp"], "One"),
    (["One", "Shift+Enter", "two", "ArrowUp"], "One\\\ntwo"),
    (["One", "Enter", "Two", "ArrowUp", "ArrowUp", "End", "Shift+Enter", "Control+End"], "One\n\nTwo"),
    (["One ", "Control+b", "two", "Shift+Enter", "ArrowUp"], "One **two**"),
    (["C:\\", "Enter", "two", "ArrowUp"], "C:\\\n\ntwo"),
]


def test_keys_do_what_they_do_in_other_editors(field, page):
    for keys, written in KEYS:
        empty(field)

        for key in keys:
            if key in {"Enter", "ArrowUp", "End"} or "+" in key:
                page.keyboard.press(key)
            else:
                page.keyboard.type(key)

        expect(field, str(keys)).to_have_value(written)


def test_a_line_break_without_words_behind_it_is_not_saved(field, page, draft):
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("The end")
    page.keyboard.press("Shift+Enter")
    expect(field).to_have_value(f"{TEXT}\n\nThe end\\\n")  # which words may still follow

    page.locator("[data-save]").click()

    expect(page.locator(".messagelist")).to_be_visible()
    assert draft.section_set.get().body == f"{TEXT}\n\nThe end"


def test_a_line_break_goes_when_the_text_is_left(field, page):
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("The end")
    page.keyboard.press("Shift+Enter")
    page.locator("#id_title").click()

    expect(field).to_have_value(f"{TEXT}\n\nThe end")


def test_code_is_typed_between_its_fences(field, page):
    options = page.locator(".cm-tooltip-autocomplete [role=option]")
    page.keyboard.press("Control+a")
    page.keyboard.type("/code")
    choose(options, "Code", page)
    page.keyboard.type("x = 1")

    expect(field).to_have_value("```\nx = 1\n```")


@pytest.mark.parametrize("height", [600, 900])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_line_that_is_written_is_never_behind_a_bar(field, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    caret = """([below, above]) => {
      const { top, bottom } = document.querySelector("#id_sections-0-body + [data-layer]").shadowRoot.getSelection().getRangeAt(0).getBoundingClientRect();
      return document.querySelector(above).getBoundingClientRect().bottom <= top && bottom <= document.querySelector(below).getBoundingClientRect().top;
    }"""
    for line in range(30):
        page.keyboard.press("Enter")
        page.keyboard.type(f"{line}.")
        page.keyboard.press("Enter")
    page.keyboard.type("The last")
    page.wait_for_function(caret, arg=[".save-bar", ".tools"])

    for _ in range(60):
        page.keyboard.press("ArrowUp")
    page.keyboard.type("!")
    page.wait_for_function(caret, arg=[".save-bar", ".tools"])
