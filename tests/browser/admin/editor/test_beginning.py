"""From an episode to the first cited sentence of an article, by keyboard and by mouse, with the number of keys."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article, Chapter, Revision
from tests.browser.admin.listen.test_problems import Keys
from tests.support.browser import eventually, faults_in_both, log_in, overflow
from tests.support.databases.shared import copied
from tests.support.factories import make_episode, make_published, make_user
from tests.support.samples.cited import make_talk
from tests.support.scenarios.editor import expect_caret_in, layer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENTENCE = "It blocks the NMDA receptor."
PASTED = (
    """<h1>Tides</h1><p>The sea <b>rises</b> [00:01:02].</p><h2>Moon</h2><ul><li>It pulls \\[00:02:03\\].</li></ul>"""
)


@copied
def episode():
    make_user("editor")
    return make_talk(youtube_id="abcdefghijk", chapters=[(0, "Opening"), (1140, "Receptors"), (1500, "Relief")])


def body(page, index):
    return page.locator(f"#id_sections-{index}-body")


def notes(page, index):
    return page.locator(f"[data-of=card-sections-{index}] [data-claim=note]")


@pytest.fixture
def begin(page, live_server, episode, violations):
    """A function that opens the episode's page and then a new article from it."""

    def press():
        log_in(page, live_server, reverse("admin:articles_episode_change", args=[episode.pk]), "editor")
        page.get_by_role("link", name="Write an article").press("Enter")
        page.locator("[data-keys-open]:visible").wait_for()
        return Keys(page)

    yield press
    assert violations(page) == []


def test_the_first_cited_sentence_takes_eight_keys_besides_its_words(begin, page):
    keys = begin()  # Enter on the button
    keys.count = 1
    expect(page.locator("#id_title")).to_be_focused()
    page.keyboard.type("Ketamine")
    keys.press("Enter")  # to the lead, which is written last
    expect_caret_in(page.locator("#id_lead"))
    keys.press("Tab", "Tab", "Tab")
    expect(page.locator("#id_sections-0-heading")).to_be_focused()
    keys.press("Enter")
    expect_caret_in(body(page, 0))
    mark = notes(page, 0).first.locator("[data-note]").get_attribute("data-note")
    page.keyboard.type("Students ask about breakfast.")
    keys.press("Alt+1")
    expect(body(page, 0)).to_have_value(f"Students ask about breakfast. {mark}")
    keys.press("Control+s")

    eventually(lambda: Revision.objects.filter(citation_count=1, title="Ketamine").count(), 1)
    assert keys.count == 8
    expect(notes(page, 0).first).to_contain_text("Cited")


def test_by_mouse_it_takes_a_click_to_write_and_one_to_cite(begin, page):
    begin()
    page.locator("#id_title").fill("Ketamine")
    layer(body(page, 1)).click()
    page.keyboard.type(SENTENCE)
    note = notes(page, 1).filter(has_text="NMDA receptor antagonist")
    mark = note.locator("[data-note]").get_attribute("data-note")

    note.locator("[data-note]").click()

    expect(body(page, 1)).to_have_value(f"{SENTENCE} {mark}")
    expect_caret_in(body(page, 1))
    # In a text that has never had the cursor it comes at the end.
    other = notes(page, 2).first.locator("[data-note]")
    other.click()
    expect(body(page, 2)).to_have_value(other.get_attribute("data-note"))


def test_a_number_cites_a_note_and_never_moves_the_citation_of_another_sentence(begin, page):
    keys = begin()
    page.locator("#id_title").fill("Ketamine")
    layer(body(page, 1)).click()
    page.keyboard.type("Harbour seals hunt herring in winter [00:19:30].")
    expect(page.locator(".claim--warn", has_text="Harbour seals")).to_be_visible()
    marks = [button.get_attribute("data-note") for button in notes(page, 1).locator("[data-note]").all()]
    page.keyboard.type(f" {SENTENCE}")

    keys.press("Alt+2")

    expect(body(page, 1)).to_have_value(f"Harbour seals hunt herring in winter [00:19:30]. {SENTENCE} {marks[1]}")


def test_the_notes_timestamps_are_offered_first_after_a_bracket(begin, page):
    begin()
    layer(body(page, 1)).click()
    page.keyboard.type(f"{SENTENCE} [")

    offered = page.locator(".cm-tooltip-autocomplete li").first
    expect(offered).to_contain_text(notes(page, 1).first.locator("[data-note]").get_attribute("data-note"))


def test_a_note_is_played_on_the_page(begin, page):
    keys = begin()
    layer(body(page, 1)).click()
    keys.press("Alt+e")
    expect(notes(page, 1).first.locator("a.citation")).to_be_focused()

    keys.press("p")

    expect(page.locator(".player")).to_be_visible()
    assert page.url.endswith(f"?episode={Chapter.objects.first().episode_id}")


def test_in_the_panel_a_number_alone_cites_a_note_of_the_section(begin, page):
    keys = begin()
    layer(body(page, 1)).click()
    page.keyboard.type(SENTENCE)
    notes(page, 1).first.locator("a.citation").focus()

    keys.press("2")

    mark = notes(page, 1).nth(1).locator("[data-note]").get_attribute("data-note")
    expect(body(page, 1)).to_have_value(f"{SENTENCE} {mark}")
    expect_caret_in(body(page, 1))


def test_on_a_phone_the_notes_open_as_a_sheet(begin, page):
    page.set_viewport_size({"width": 390, "height": 800})
    begin()
    page.locator("[data-beside=id_sections-1-body]").click()

    expect(notes(page, 1).first).to_be_visible()
    expect(notes(page, 2).first).to_be_hidden()
    assert overflow(page) == 0
    assert faults_in_both(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_to_begin_from_have_no_faults(page, live_server, episode, violations, width):
    page.set_viewport_size({"width": width, "height": 900})
    make_published("naps", title="Naps", episode=make_episode("naps"), by=make_user("author"))
    log_in(page, live_server, f"{reverse('admin:begin_article')}?article=naps", "editor")

    for address in (
        f"{reverse('admin:begin_article')}?article=naps",
        reverse("admin:begin_from_episode", args=[episode.pk]),
        reverse("admin:articles_article_add") + f"?episode={episode.pk}",
    ):
        page.goto(live_server.url + address)
        assert faults_in_both(page) == [], address
        assert overflow(page) == 0, address
    assert violations(page) == []


def test_chosen_chapters_become_the_sections(page, live_server, episode):
    log_in(page, live_server, reverse("admin:begin_from_episode", args=[episode.pk]), "editor")
    page.get_by_label("Opening").uncheck()
    page.get_by_role("button", name="Write an article").click()

    headings = page.locator("[data-card]:not([data-blank]) .section-card__heading input")
    expect(headings).to_have_count(2)
    assert [field.input_value() for field in headings.all()] == ["Receptors", "Relief"]


def test_a_received_text_is_pasted_previewed_and_saved_as_a_draft(page, live_server, episode, violations):
    log_in(page, live_server, reverse("admin:receive_article"), "editor")
    field = page.get_by_label("Text", exact=True)
    expect(field).to_be_focused()
    page.evaluate(
        """([field, html]) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [field.element_handle(), PASTED],
    )
    eventually(lambda: "# Tides" in field.input_value())
    page.get_by_label("Episode").fill(episode.reference)
    page.get_by_role("button", name="Preview", exact=True).last.click()

    preview = page.locator("#preview")
    expect(page.get_by_role("heading", name="Preview")).to_be_focused()
    expect(preview).to_contain_text("1 section, 2 citations. Cites: On ketamine")
    expect(preview.get_by_role("listitem").filter(has_text="Line 7, Escaped")).to_be_visible()
    assert not Article.objects.exists()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert faults_in_both(page) == []
        assert overflow(page) == 0
    page.get_by_role("button", name="Save as a draft").click()

    expect(page.locator("#id_title")).to_have_value("Tides")
    expect(page.locator(".messagelist")).to_contain_text("The received text is your draft now.")
    assert Revision.objects.get().citation_count == 2
    assert violations(page) == []
