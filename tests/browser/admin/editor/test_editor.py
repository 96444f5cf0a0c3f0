import io
import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from articles import workflow
from articles.models import Revision
from articles.workflow.content import SectionContent, SourceContent
from tests.support.browser import eventually, faults, faults_in_both, log_in
from tests.support.factories import make_content, make_draft, make_episode, make_published, make_user
from tests.support.scenarios.editor import choose_file, expect_caret_in, layer, open_settings, show_previews

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long test password"
SECTIONS = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. It also settles memory."),
    SectionContent("Two processes", "Pressure grows [00:25:05]. A gate opens 🙂 [07:54:00]."),
    SectionContent("What helps", "Regular hours help most."),
)


@pytest.fixture
def article(editor):
    episode = make_episode(
        duration_seconds=6161, chapters=[(0, "Opening"), (313, "Why we sleep at all")], youtube_id="abcdefghijk"
    )
    return make_published(by=editor, episode=episode, sections=SECTIONS)


def change_path(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def body(page, index):
    return page.locator(f"#id_sections-{index}-body")


def headings(page):
    return page.locator("[data-card]:not([data-blank]) .section-card__heading input").evaluate_all(
        "fields => fields.map((field) => field.value)"
    )


def save(page, button="Save draft"):
    with page.expect_event("load"):  # the URL changes earlier, when the first save starts a draft
        page.get_by_role("button", name=button).click()


def test_editor_changes_a_section_and_submits(page, live_server, article, violations):
    log_in(page, live_server, "/admin/articles/article/", "editor")
    page.fill("#searchbar", "Sleep")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Sleep").first.click()

    show_previews(page)
    # A new citation appears in the preview at once, and in the list with its chapter.
    layer(body(page, 0)).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Dreams come late [01:10:00].")
    new_mark = page.locator("[data-preview=id_sections-0-body] a.citation[data-start='4200']")
    expect(new_mark).to_have_attribute("href", "https://www.youtube.com/watch?v=abcdefghijk&t=4200s")
    expect(page.locator(".evidence-list")).to_contain_text("Dreams come late.")
    expect(page.locator("[data-part=todo]")).to_contain_text("1 issue")

    # A section moves by keyboard and the cursor stays where it was.
    body(page, 0).press("Alt+Shift+ArrowDown")
    eventually(lambda: headings(page), ["Two processes", "Why we sleep", "What helps"])
    expect_caret_in(body(page, 0))
    expect(page.locator("[data-part=outline] li a")).to_have_text(
        ["Lead", "Two processes", "Why we sleep", "What helps"]
    )
    body(page, 0).press("Alt+Shift+ArrowRight")
    expect(page.locator("#id_sections-0-level_1")).to_be_checked()

    # An issue links to its place, and its fix is applied only on request.
    page.get_by_role("link", name="Two processes, line 1").click()
    selected = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    eventually(lambda: body(page, 1).evaluate(selected), "[07:54:00]")
    page.get_by_role("button", name="Change to [00:07:54]").click()
    expect(body(page, 1)).to_have_value("Pressure grows [00:25:05]. A gate opens 🙂 [00:07:54].")
    expect(page.get_by_role("button", name="Change to [00:07:54]")).to_have_count(0)

    save(page)
    eventually(lambda: headings(page), ["Two processes", "Why we sleep", "What helps"])
    draft = Revision.objects.get(status="draft")
    assert [section.level for section in draft.section_set.all()] == [1, 2, 1]
    page.fill("#id_edit_summary", "Dreams, and a mark mended")
    save(page, "Submit for review")

    draft.refresh_from_db()
    article.refresh_from_db()
    assert (draft.status, draft.edit_summary) == ("submitted", "Dreams, and a mark mended")
    assert article.published_revision.number == 1
    assert violations(page) == []


def test_sections_are_added_removed_and_dragged(page, live_server, article, violations):
    log_in(page, live_server, change_path(article), "editor")

    show_previews(page)
    page.get_by_role("button", name="Add a section", exact=True).click()
    page.keyboard.type("Naps")
    added = page.locator("#id_sections-4-body")
    added.fill("After lunch [00:10:00].")
    expect(page.locator("[data-preview=id_sections-4-body] a.citation")).to_have_text("10:00")
    page.locator("#card-sections-1").get_by_role("button", name="Remove this section").click()
    expect(page.locator("#card-sections-1")).to_contain_text("will be removed when you save")
    page.get_by_role("button", name="Undo").click()
    expect(layer(body(page, 1))).to_be_visible()
    page.locator("#card-sections-2").get_by_role("button", name="Remove this section").click()
    page.locator("#card-sections-4 [data-grip]").scroll_into_view_if_needed()
    page.locator("#card-sections-4 [data-grip]").hover()
    page.mouse.down()
    target = page.locator("#card-sections-0").bounding_box()
    page.mouse.move(target["x"] + 20, target["y"] + 2, steps=8)
    page.mouse.up()
    save(page)

    draft = Revision.objects.get(status="draft")
    assert [section.heading for section in draft.section_set.all()] == ["Naps", "Why we sleep", "Two processes"]
    assert violations(page) == []


def test_tab_leaves_the_text(page, live_server, article):
    log_in(page, live_server, change_path(article), "editor")
    layer(body(page, 0)).click()
    expect_caret_in(body(page, 0))
    before = body(page, 0).input_value()

    page.keyboard.press("Tab")

    expect(layer(body(page, 0))).not_to_be_focused()
    expect(body(page, 0)).to_have_value(before)
    page.keyboard.press("Shift+Tab")
    expect_caret_in(body(page, 0))


def test_two_editors_of_one_draft_lose_nothing(page, live_server, new_context, editor, violations):
    draft = make_draft(by=editor, episode=make_episode(), sections=SECTIONS)
    make_user("rita", first_name="Rita", last_name="Moreau")
    path = f"{change_path(draft.article)}?revision={draft.pk}"
    log_in(page, live_server, path, "editor")
    other = new_context()
    hers = other.new_page()
    log_in(hers, live_server, path, "rita")
    hers.fill("#id_lead", "Her lead.")
    hers.locator("#id_sections-2-body").fill("Her advice.")
    save(hers)
    other.close()

    page.fill("#id_lead", "My lead.")
    page.locator("#id_title").fill("My title")
    save(page)

    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("Rita Moreau saved this draft at")
    expect(conflict).to_contain_text("Her lead.")
    expect(page.locator("#id_lead")).to_have_value("My lead.")
    expect(conflict).to_be_focused()
    advice = conflict.locator("[data-difference]", has_text="What helps: text")
    advice.get_by_role("button", name="Use theirs").click()
    expect(page.locator("#id_sections-2-body")).to_have_value("Her advice.")
    save(page, "Save mine over theirs")

    draft.refresh_from_db()
    assert (draft.title, draft.lead, draft.version) == ("My title", "My lead.", 4)
    assert [section.body for section in draft.section_set.all()][2] == "Her advice."
    assert violations(page) == []


def test_images_are_uploaded_or_rejected_with_a_reason(page, live_server, article, violations):
    log_in(page, live_server, change_path(article), "editor")
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "PNG")
    show_previews(page)
    field = "id_sections-2-body"

    choose_file(page, field, "a.svg", b"<svg/>")
    expect(page.locator("[data-upload-error=id_sections-2-body]")).to_have_text(
        "This isn’t a supported image. Choose a JPEG, PNG, WebP or GIF."
    )
    choose_file(page, field, "a.png", out.getvalue())
    page.locator("#describe-image-alt").fill("A teal field")
    page.get_by_role("button", name="Insert", exact=True).click()

    expect(page.locator("[data-preview=id_sections-2-body] img")).to_have_attribute("alt", "A teal field")
    expect(body(page, 2)).to_have_value(re.compile(re.escape("![A teal field](/media/uploads/")))
    expect(body(page, 2)).not_to_have_value(re.compile("Invalid response"))
    assert violations(page) == []


def test_file_dropped_outside_the_text_does_nothing(page, live_server, article):
    log_in(page, live_server, change_path(article), "editor")
    layer(body(page, 0)).click()
    before = body(page, 0).input_value()

    was_prevented = page.evaluate(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File(["x"], "x.png", { type: "image/png" }));
            const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
            return !document.querySelector(".evidence-panel").dispatchEvent(drop);
        }"""
    )

    assert was_prevented
    assert page.url == f"{live_server.url}{change_path(article)}"
    assert body(page, 0).input_value() == before


def test_leaving_unsaved_work_needs_confirmation_and_ctrl_s_saves(page, live_server, article):
    log_in(page, live_server, change_path(article), "editor")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.fill("#id_lead", "Not saved yet.")

    with page.expect_event("dialog"):
        page.get_by_role("link", name="Published page").click()
    with page.expect_event("load"):
        page.locator("[data-save]").click()

    assert asked == ["beforeunload"]
    assert Revision.objects.get(status="draft").lead == "Not saved yet."


def test_expired_session_keeps_the_text_on_the_page(page, live_server, article):
    log_in(page, live_server, change_path(article), "editor")
    page.fill("#id_lead", "Written for hours.")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Save draft").click()

    expect(page.locator("[data-alert]")).to_have_text(
        "You are no longer logged in. Log in again in another tab; your changes here are kept."
    )
    expect(page.locator(".save-bar").get_by_text("You are no longer logged in.")).to_have_count(1)
    expect(page.locator("#id_lead")).to_have_value("Written for hours.")


def test_many_sources_are_sent_in_the_body_and_not_in_the_url(page, live_server, editor, violations):
    names = [f"a-long-night-of-talking-about-everything-{number}" for number in range(1, 91)]
    sources = tuple(SourceContent(make_episode(name), f"e{n}") for n, name in enumerate(names, 1))
    text = "First [00:00:01]. Last [e90 00:00:02]."
    draft = make_draft("many", by=editor, sources=sources, sections=(SectionContent("One", text),))
    log_in(page, live_server, change_path(draft.article), "editor")
    show_previews(page)
    wait_for_scripts = page.locator("[data-preview=id_sections-0-body] a.citation").last

    with page.expect_request("**/article/preview/**") as previewed:
        layer(body(page, 0)).click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" More [e90 00:00:03].")
    expect(wait_for_scripts).to_have_attribute("data-episode", f"night-talks/{names[-1]}")
    page.fill("[data-search] input[type=search]", "nothing of the kind")
    with page.expect_request("**/article/passages/**") as searched:
        page.keyboard.press("Enter")

    for asked in (previewed.value, searched.value):
        assert asked.method == "POST"
        assert len(asked.url) < 200
        assert all(f"night-talks/{name}\r\n" in asked.post_data for name in names)
    expect(page.locator("[data-results] [data-summary]")).to_be_attached()


def test_episode_is_suggested_and_changes_the_preview(page, live_server, article):
    make_episode("on-light", handle="day-talks", youtube_id="zzzzzzzzzzz")
    log_in(page, live_server, change_path(article), "editor")

    show_previews(page)
    open_settings(page)
    page.locator("#id_episode").press_sequentially("")
    page.fill("#id_episode", "light")
    option = page.locator("#episodes option")
    expect(option).to_have_count(1)
    page.fill("#id_episode", option.get_attribute("value"))
    page.locator("#id_slug").focus()

    expect(page.locator("[data-preview=id_sections-0-body] a.citation")).to_have_attribute(
        "href", "https://www.youtube.com/watch?v=zzzzzzzzzzz&t=391s"
    )


def test_form_is_complete_without_scripts(new_context, live_server, article):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server, change_path(article), "editor")

    expect(page.locator(".section-card__body")).to_have_count(4)
    assert all(card.is_visible() for card in page.locator(".section-card__body").all())
    page.locator("#id_sections-0-ORDER").fill("9")
    page.locator("#id_sections-3-heading").fill("Written without scripts")
    with page.expect_event("load"):
        page.get_by_role("button", name="Save draft").last.click()

    assert [section.heading for section in Revision.objects.get(status="draft").section_set.all()] == [
        "Two processes",
        "What helps",
        "Why we sleep",
        "Written without scripts",
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_screen_fits_and_is_accessible(new_context, live_server, article, editor, width):
    draft = workflow.start_draft(article, make_content(lead="Ours."), by=editor, base=article.published_revision)
    context = new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    log_in(page, live_server, change_path(article), "editor")
    stale = f"() => document.querySelector('#id_loaded_version').value = {draft.version - 1}"

    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert faults_in_both(page) == []
        page.evaluate(stale)
        page.fill("#id_lead", "Mine.")
        save(page)
    expect(page.locator(".conflict")).to_be_visible()


def test_long_text_is_collapsed_and_the_outline_expands_it(page, live_server, editor):
    sections = tuple(SectionContent(f"Part {number}", "A sentence.") for number in range(1, 6))
    draft = make_draft(by=editor, sections=sections)
    log_in(page, live_server, change_path(draft.article), "editor")
    card = page.locator("#card-sections-3")
    expect(card).to_contain_text("1 sentence, none cited, no issues")
    expect(body(page, 3)).to_be_hidden()

    page.locator("[data-part=outline]").get_by_role("link", name="Part 4").click()
    expect(page.locator("#id_sections-3-heading")).to_be_focused()
    page.keyboard.press("Enter")
    expect_caret_in(body(page, 3))
    page.keyboard.type("More. ")
    expect(page.locator("[data-saved]")).to_have_text("Not saved yet.")
    save(page)

    expect(page.locator("[data-saved]")).to_have_text("Saved just now.")
    expect(body(page, 3)).to_have_value("More. A sentence.")
    expect(body(page, 3)).to_be_visible()
    expect(body(page, 4)).to_be_hidden()


def test_read_only_user_sees_the_full_text(page, live_server, article):
    viewer = make_user("viewer", groups=())
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))

    log_in(page, live_server, change_path(article), "viewer")

    for index in range(3):
        expect(body(page, index)).to_be_visible()
        expect(body(page, index)).to_be_disabled()
    expect(page.get_by_role("button", name="Save draft")).to_have_count(0)
    assert faults(page) == []


def test_text_typed_before_scripts_load_is_checked_too(page, live_server, article):
    log_in(page, live_server, "/admin/articles/article/", "editor")
    typing = lambda: body(page, 0).fill("Dreams come late [01:10:00].")  # noqa: E731
    page.route("**/js/editor/main*.js", lambda route: (typing(), route.continue_()))

    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")

    expect(page.locator(".evidence-list")).to_contain_text("Dreams come late.")
