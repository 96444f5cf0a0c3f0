"""Texts pass through the editing layer without a changed byte, and an edit changes only its place."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.core.language.newlines import normalise_newlines
from articles.workflow.content import SectionContent
from tests.support.browser import log_in
from tests.support.factories import make_draft, make_episode
from tests.support.samples.markdown import generated
from tests.support.scenarios.editor import expect_caret_in, layer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXTS = 1000
# Loads each text into a new section's field, as a page would come with it, puts the layer over it, gives it the focus
# and types one character somewhere. Returns what would be sent, before and after.
PASS = """async (texts) => {
  const { mount } = await import("/static/js/editor/writing/layer.js");
  const { addSection } = await import("/static/js/editor/sections/cards.js");
  const form = document.querySelector("[data-editor]");
  const card = addSection(form, null);
  const field = card.querySelector("textarea");
  const sent = () => new FormData(form).get(field.name);
  let reported = 0;
  form.addEventListener("input", () => (reported += 1));
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const results = [];
  for (const [text, at] of texts) {
    field.value = text;
    reported = 0;
    const own = mount(form, field, []);
    field.focus();
    field.setSelectionRange(0, field.value.length);
    await settled();
    const untouched = sent();
    const quiet = reported;
    const place = Math.min(at, field.value.length);
    field.setSelectionRange(place, place);
    document.execCommand("insertText", false, "Q");
    await settled();
    const edited = sent();
    own.undo();
    results.push([untouched, quiet, place, edited, sent()]);
    own.remove();
  }
  return results;
}"""


@pytest.fixture
def open_draft(page, live_server, editor, violations):
    """A function (sections) that opens the editor of a draft with them, in plain source."""

    def open_with(sections, *, is_source=False):
        draft = make_draft(by=editor, episode=make_episode(), sections=sections)
        if is_source:
            page.add_init_script(f"localStorage.setItem('editor-source:{editor.pk}', '1')")
        log_in(page, live_server, reverse("admin:articles_article_change", args=[draft.article.pk]), "editor")
        return draft

    return open_with


def test_a_thousand_texts_come_back_and_an_edit_changes_one_place(page, open_draft, violations):
    page.route("**/article/autosave/", lambda route: route.abort())  # nothing here is to be kept
    open_draft((SectionContent("One", "Text."),), is_source=True)
    texts = [(text, (number * 7919) % (len(text) + 1)) for number, text in enumerate(generated(TEXTS))]

    results = [row for start in range(0, TEXTS, 100) for row in page.evaluate(PASS, texts[start : start + 100])]

    assert len(results) == TEXTS
    for (text, _), (untouched, reported, place, edited, undone) in zip(texts, results, strict=True):
        assert normalise_newlines(untouched) == normalise_newlines(text)
        assert reported == 0, text
        # The browser puts the caret beside an emoji or invisible characters, not into them.
        before, between, after = normalise_newlines(edited).partition("Q")
        assert (before + after, between) == (normalise_newlines(text), "Q"), text
        assert abs(len(before.encode("utf-16-le")) // 2 - place) < 16, text
        assert normalise_newlines(undone) == normalise_newlines(text)
    assert violations(page) == []


def test_saving_untouched_texts_keeps_the_stored_bytes(page, open_draft):
    texts = [text for text in generated(60) if text.strip() and "\r" not in text and len(text) < 2000][:25]
    draft = open_draft(tuple(SectionContent(f"Part {n}", text) for n, text in enumerate(texts)))
    stored = [section.body for section in draft.section_set.all()]
    fields = page.locator("[data-card]:not([data-card=lead]):not([data-blank]) textarea.markdownx-editor")
    for number in range(len(texts)):
        fields.nth(number).evaluate("field => field.closest('[data-closed]')?.querySelector('[data-toggle]').click()")
        fields.nth(number).focus()
        expect_caret_in(fields.nth(number))
    assert layer(fields).count() == len(texts)

    page.fill("#id_title", "Only the title")
    with page.expect_event("load"):
        page.locator("[data-save]").click()

    expect(page.locator("#id_title")).to_have_value("Only the title")
    draft.refresh_from_db()
    assert draft.title == "Only the title"
    assert [section.body for section in draft.section_set.all()] == stored
