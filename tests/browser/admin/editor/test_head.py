"""The head of the editor's page: the title as one line that wraps, and where the page says that the text is."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.admin.shared.helpers import editor_of
from articles.models import Revision
from articles.workflow.content import SectionContent
from tests.support.browser import eventually, log_in, overflow
from tests.support.factories import make_draft, make_published
from tests.support.scenarios.editor import expect_caret_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "What a long night of sleep does to the things that we learned the day before, and why naps may help too"
SHOWN_WHOLE = "field => field.scrollHeight <= field.clientHeight && field.scrollWidth <= field.clientWidth"
# As browsers that don’t know `field-sizing`.
WITHOUT_SIZING = """
  const supports = CSS.supports.bind(CSS);
  CSS.supports = (...asked) => asked[0] !== "field-sizing" && supports(...asked);
  addEventListener("DOMContentLoaded", () => (document.getElementById("id_title").style.fieldSizing = "fixed"));
"""


@pytest.fixture
def title(page, live_server, editor, violations):
    draft = make_draft(by=editor, title=LONG, sections=(SectionContent("Why", "Text."),))
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, live_server, reverse("admin:articles_article_change", args=[draft.article_id]), "editor")
    yield page.locator("#id_title")
    assert violations(page) == []


@pytest.mark.parametrize("has_sizing", [True, False])
def test_all_of_a_long_title_is_seen_and_grows_while_it_is_typed(page, title, has_sizing):
    if not has_sizing:
        page.add_init_script(WITHOUT_SIZING)
        page.reload()
    expect(page.locator("[data-tool=bold]")).to_have_attribute("tabindex", "0")
    eventually(lambda: title.evaluate(SHOWN_WHOLE))
    before = title.bounding_box()["height"]

    title.press("End")
    page.keyboard.type(" when nobody expects it to")

    eventually(lambda: title.evaluate(SHOWN_WHOLE))
    assert title.bounding_box()["height"] > before > 100
    assert overflow(page) == 0


def test_a_title_stays_one_line_of_text(page, title):
    expect(page.locator("[data-tool=bold]")).to_have_attribute("tabindex", "0")
    title.fill("")
    title.evaluate("field => document.execCommand('insertText', false, 'Sleep\\nand\\u2028 naps')")
    expect(title).to_have_value("Sleep and  naps")

    title.press("Enter")

    expect_caret_in(page.locator("#id_lead"))
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Revision.objects.get().title == "Sleep and  naps"


def test_a_title_says_so_if_not_all_that_is_pasted_fits(page, title):
    expect(page.locator("[data-tool=bold]")).to_have_attribute("tabindex", "0")
    pasted = """(field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      field.select();
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    }"""

    title.evaluate(pasted, "x" * 200)
    expect(page.locator("[data-status]")).not_to_contain_text("pasted")
    title.evaluate(pasted, "x" * 201)

    message = "Only the first part was pasted: at most 200 characters fit here."
    expect(page.locator("[data-status]")).to_have_text(message)


def test_saving_leaves_a_title_as_it_was(page, title):
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator(".messagelist")).to_be_visible()

    assert Revision.objects.get().title == LONG


def shown(page):
    """Return where the page says that the text is: breadcrumbs, title of the document, heading, and address."""
    trail = " ".join(page.locator("[data-trail]").inner_text().split())
    return trail, page.title(), page.locator("h1").inner_text(), page.url


def test_the_first_save_in_place_leaves_the_page_as_that_of_a_saved_article(page, live_server, moderator, violations):
    log_in(page, live_server, reverse("admin:articles_article_add"), moderator.username)
    assert shown(page)[0] == "Articles › new article"

    page.fill("#id_title", "Naps & <b>rest</b>")
    page.locator("#id_title").blur()  # which reports the change once more
    expect(page.locator("[data-trail] [data-title]")).to_have_text("Naps & <b>rest</b>", timeout=20_000)
    draft = Revision.objects.get()
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.get_by_role("button", name="Unwatch")).to_be_visible()  # without leaving the page
    saved = shown(page)
    back = page.locator("[data-trail] [name=back]").first.input_value()
    page.reload()

    assert saved == shown(page)
    assert saved[0].startswith("Articles › Naps & <b>rest</b> › draft")
    assert saved[1:] == (
        "Naps & <b>rest</b> | Said at",
        "Edit “Naps & <b>rest</b>”",
        f"{live_server.url}{editor_of(draft)}",
    )
    assert back == page.locator("[data-trail] [name=back]").first.input_value() == editor_of(draft)

    page.fill("#id_title", "Naps")
    expect(page.locator("[data-trail] [data-title]")).to_have_text("Naps", timeout=20_000)
    assert page.title() == "Naps | Said at"
    assert violations(page) == []


def test_the_first_save_of_a_published_text_says_that_it_is_a_draft_now(page, live_server, editor, violations):
    article = make_published(by=editor, title="Naps", sections=(SectionContent("Why", "Text."),))
    log_in(page, live_server, reverse("admin:articles_article_change", args=[article.pk]), "editor")
    assert "Naps › revision 1" in shown(page)[0]

    page.locator("#id_lead").fill("Said better.")

    expect(page.locator("[data-trail]")).to_contain_text("› draft", timeout=20_000)
    assert violations(page) == []
