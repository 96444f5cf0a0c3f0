"""The editor in a browser: its editing layer over a text area, its settings and its previews."""

from django.urls import reverse
from playwright.sync_api import expect

from tests.support.browser import log_in


def layer(field):
    """What is typed into: the editing layer over the text area `field`, a locator, which keeps the text."""
    return field.locator("xpath=following-sibling::*[@data-layer]").locator(".cm-content")


def expect_caret_in(field):
    """Wait until what is typed goes into the text area `field`, a locator, or the editing layer over it."""
    expect(layer(field)).to_be_focused()


def open_text(page, live_server, draft, field):
    """Log in as editor, open a draft, and return the text area with the id `field`, with the caret in its layer."""
    log_in(page, live_server, reverse("admin:articles_article_change", args=[draft.article.pk]), "editor")
    found = page.locator(f"#{field}")
    layer(found).click()
    expect_caret_in(found)
    return found


def empty(field):
    """Put an empty text in place of that of the text area `field`, with the caret in its layer."""
    field.evaluate("(field) => { field.value = ''; field.setSelectionRange(0, 0); }")
    layer(field).focus()
    expect_caret_in(field)


def open_settings(page):
    """Open the drawer with what is about the article rather than in it."""
    page.locator("[data-settings] > summary").click()
    expect(page.locator("#id_episode")).to_be_visible()


def show_previews(page):
    """Show how readers will see each text below it."""
    expect(page.locator("[data-tool=bold]")).to_have_attribute("tabindex", "0")  # the toolbar is ready
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.locator("[data-preview]").first).to_be_visible()


def choose_file(page, field, name, data):
    """Choose a file to be uploaded in the dialog that inserts an image into the text with the id `field`."""
    page.locator(f"[data-pick={field}]").click()
    file = {"name": name, "mimeType": "image/png", "buffer": data}
    dialog = page.locator("[data-choose-image]")
    expect(dialog).to_be_visible()  # nobody chooses a file before
    dialog.locator("input[type=file]").set_input_files(file)
