"""Pasting into the editor: what another program escaped becomes a citation, and undo brings back what was pasted."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.support.browser import log_in
from tests.support.factories import make_draft, make_episode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""
PASTED = "The pump fails \\[00:06:31\\] and [6:31](https://youtu.be/abcdefghijk?t=391)."
MEANT = "The pump fails [00:06:31] and [00:06:31]."


def test_pasted_text_is_cleaned_and_undo_brings_it_back(page, live_server, editor, violations):
    episode = make_episode(duration_seconds=6161, youtube_id="abcdefghijk")
    draft = make_draft(by=editor, lead="Before. After.", episode=episode)
    log_in(page, live_server, reverse("admin:articles_article_change", args=[draft.article.pk]), "editor")
    lead = page.locator("#id_lead")
    lead.focus()
    lead.evaluate("(field) => field.setSelectionRange(8, 8)")

    lead.evaluate(PASTE, PASTED)

    expect(lead).to_have_value(f"Before. {MEANT}After.")
    expect(page.locator("[data-status]")).to_contain_text("Undo to get the pasted text.")
    assert lead.evaluate("(field) => field.selectionStart") == len(f"Before. {MEANT}")
    page.keyboard.press("Control+z")
    expect(lead).to_have_value(f"Before. {PASTED}After.")
    expect(page.locator("[data-evidence]")).to_contain_text("The backslash makes this text")
    assert violations(page) == []
