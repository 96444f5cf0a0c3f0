import re
from contextlib import suppress

import pytest
from django.urls import reverse
from playwright.sync_api import Error, expect

from articles.models import Article, LogEntry, Presence, Revision
from articles.workflow.content import SectionContent
from tests.support.browser import eventually, faults, log_in, watch_violations
from tests.support.factories import make_draft, make_episode, make_published, make_user
from tests.support.scenarios.editor import open_settings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long test password"
SECTIONS = (SectionContent("Why we sleep", "The brain clears waste."), SectionContent("What helps", "Regular hours."))
SAVED = re.compile(r"^Saved \d\d:\d\d\.$")


@pytest.fixture
def draft(editor):
    return make_draft(by=editor, sections=SECTIONS)


def path_of(draft):
    return f"{reverse('admin:articles_article_change', args=[draft.article_id])}?revision={draft.pk}"


# axe adds a stylesheet that the policy blocks, so a page is checked either by axe or for violations.
def autosaved(page):
    return page.expect_response(lambda response: response.url.endswith("/autosave/"), timeout=20_000)


def wait_until_kept(page, text):
    """Wait until the browser has kept what was typed."""
    is_kept = """(text) => Object.entries(localStorage).some(([name, kept]) => name.startsWith("editor:") && kept.includes(text))"""
    eventually(lambda: page.evaluate(is_kept, text))


def crash(page):
    """End the page's process, which sends nothing more, and return a new page."""
    new = page.context.new_page()
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    page.close()
    return new


def test_typed_text_is_saved_automatically(page, live_server, draft, violations):
    log_in(page, live_server, path_of(draft), "editor")

    page.locator("#id_lead").fill("Typed and left.")
    page.get_by_role("button", name="Add a section", exact=True).click()
    page.keyboard.type("Naps")
    expect(page.locator("[data-saved]")).to_have_text("Not saved yet.")
    expect(page.locator("[data-saved]")).to_have_text(SAVED, timeout=20_000)
    with autosaved(page):
        page.locator("#id_sections-1-body").fill("Regular hours, and light.")
    page.reload()

    expect(page.locator("#id_lead")).to_have_value("Typed and left.")
    expect(page.locator("#id_sections-1-body")).to_have_value("Regular hours, and light.")
    expect(page.locator("[data-kept]")).to_be_hidden()
    draft.refresh_from_db()
    assert [section.heading for section in draft.section_set.all()] == ["Why we sleep", "What helps", "Naps"]
    assert draft.version == 3
    assert LogEntry.objects.count() == 2  # created, started
    assert violations(page) == []


def test_published_text_becomes_a_draft_with_the_first_save(page, live_server, editor, violations):
    article = make_published(by=editor, sections=SECTIONS)
    log_in(page, live_server, reverse("admin:articles_article_change", args=[article.pk]), "editor")

    page.locator("#id_lead").fill("Said better.")
    expect(page.locator("[data-state]")).to_have_text("Your draft, revision 2.", timeout=20_000)
    draft = Revision.objects.get(status="draft")
    expect(page).to_have_url(f"{live_server.url}{path_of(draft)}")
    page.fill("#id_edit_summary", "Said better")
    with page.expect_event("load"):
        page.get_by_role("button", name="Submit for review").click()

    draft.refresh_from_db()
    assert (draft.status, draft.lead, draft.edit_summary) == ("submitted", "Said better.", "Said better")
    assert Revision.objects.count() == 2
    assert violations(page) == []


def test_new_article_is_saved_as_soon_as_it_has_a_title(page, live_server, editor):
    log_in(page, live_server, "/admin/articles/article/add/", "editor")
    page.locator("#id_lead").fill("Short ones help.")
    expect(page.locator("[data-unsaved-reason]")).to_have_text(
        "The article needs an address. Enter a title or a slug.", timeout=20_000
    )

    make_draft("naps", by=make_user("colleague"))
    page.fill("#id_title", "Naps")
    expect(page.locator("[data-saved]")).to_have_text(SAVED, timeout=20_000)

    expect(page.locator("[data-unsaved-reason]")).to_have_text(
        "Another article uses the slug “naps”, so this one gets “naps-2”."
    )
    draft = Revision.objects.get(author=editor)
    state = page.locator(".editor__state")
    expect(state).to_have_text(re.compile(r"Your draft, revision 1\.\s+Preview page ·\s+History\s+· Discard draft\s*$"))
    history, discard = (state.get_by_role("link", name=name) for name in ("History", "Discard draft"))
    expect(history).to_have_attribute("href", reverse("admin:articles_article_history", args=[draft.article_id]))
    expect(discard).to_have_attribute("href", reverse("admin:articles_revision_discard", args=[draft.pk]))
    assert (draft.title, draft.lead, draft.article.slug) == ("Naps", "Short ones help.", "naps-2")
    expect(page).to_have_url(f"{live_server.url}{path_of(draft)}")
    with page.expect_event("load"):
        page.get_by_role("button", name="Save draft").click()
    assert Article.objects.count() == 2


def test_episode_that_is_not_found_is_noted_while_the_rest_is_saved(page, live_server, editor, violations):
    draft = make_draft(by=editor, episode=make_episode(), sections=SECTIONS)
    log_in(page, live_server, path_of(draft), "editor")
    field, note, line = (page.locator(name) for name in ("#id_episode", "#id_episode_error", "[data-saved]"))

    open_settings(page)
    field.fill("Nobody")
    page.locator("#id_lead").fill("Typed and left.")
    expect(note).to_contain_text("There is no episode “Nobody”.", timeout=20_000)
    expect(line).to_have_text(re.compile(r"^Saved \d\d:\d\d, except the episode\.$"))
    expect(field).to_have_value("Nobody")
    expect(field).to_have_accessible_description(re.compile("There is no episode"))
    draft.refresh_from_db()
    assert (draft.lead, draft.source_set.get().episode.slug) == ("Typed and left.", "on-sleep")

    with page.expect_event("load"):
        page.locator("[data-save]").click()
    expect(page.locator(".alert")).to_contain_text("Saved, except the episode.")
    expect(field).to_have_value("Nobody")
    field.fill("On sleep")
    expect(line).to_have_text(SAVED, timeout=20_000)
    expect(note).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", re.compile("."))
    assert violations(page) == []


@pytest.mark.parametrize("look", ["at the policy", "with axe"])
def test_text_of_a_crashed_browser_is_offered_and_restored(page, live_server, draft, violations, look):
    log_in(page, live_server, path_of(draft), "editor")
    page.context.set_offline(True)
    page.locator("#id_lead").fill("Typed, and then the lights went out.")
    page.get_by_role("button", name="Add a section", exact=True).click()
    page.keyboard.type("Naps")
    wait_until_kept(page, "Naps")
    page = crash(page)
    page.context.set_offline(False)
    page.goto(f"{live_server.url}{path_of(draft)}")
    draft.refresh_from_db()
    assert draft.version == 1

    kept = page.locator("[data-kept]")
    expect(kept).to_contain_text("This browser has unsaved changes from")
    expect(page.locator("#id_lead")).to_have_value("What a night of sleep does.")
    assert look == "at the policy" or faults(page) == []
    with page.expect_event("load"):
        kept.get_by_role("button", name="Restore").click()

    expect(page.locator("#id_lead")).to_have_value("Typed, and then the lights went out.")
    expect(page.locator("#id_sections-3-heading")).to_have_value("Naps")
    assert look == "at the policy" or faults(page) == []
    with page.expect_event("load"):
        page.get_by_role("button", name="Save draft").click()
    draft.refresh_from_db()
    assert draft.lead == "Typed, and then the lights went out."
    expect(page.locator("[data-kept]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-saved]")).to_have_text("Saved just now.")
    expect(page.locator("[data-kept]")).to_be_hidden()
    eventually(lambda: page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('editor:'))"), [])
    assert look == "with axe" or violations(page) == []


def test_restored_text_can_be_discarded(page, live_server, draft):
    log_in(page, live_server, path_of(draft), "editor")
    page.context.set_offline(True)
    page.locator("#id_lead").fill("Not worth keeping.")
    wait_until_kept(page, "Not worth keeping.")
    page = crash(page)
    page.context.set_offline(False)
    page.goto(f"{live_server.url}{path_of(draft)}")

    page.get_by_role("button", name="Discard").click()
    page.reload()

    expect(page.locator("#id_lead")).to_have_value("What a night of sleep does.")
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_text_open_in_another_tab_is_not_offered(page, live_server, draft):
    log_in(page, live_server, path_of(draft), "editor")
    page.locator("#id_lead").fill("Being typed.")
    wait_until_kept(page, "Being typed.")

    other = page.context.new_page()
    other.goto(f"{live_server.url}{path_of(draft)}")
    expect(other.locator("#id_lead")).to_have_value("What a night of sleep does.")
    other.wait_for_timeout(300)

    expect(other.locator("[data-kept]")).to_be_hidden()


@pytest.mark.parametrize("look", ["at the policy", "with axe"])
def test_two_editors_see_each_other_and_no_save_is_overwritten(page, live_server, new_context, draft, violations, look):
    make_user("rita", first_name="Rita", last_name="Moreau")
    log_in(page, live_server, path_of(draft), "editor")
    other = new_context()
    hers_violations = watch_violations(other)
    hers = other.new_page()
    log_in(hers, live_server, path_of(draft), "rita")
    expect(hers.locator("[data-present]")).to_contain_text("Also editing: editor")

    hers.locator("#id_lead").fill("Her lead.")
    expect(hers.locator("[data-saved]")).to_have_text(SAVED, timeout=20_000)
    page.locator("#id_title").fill("My title")

    stale = page.locator("[data-stale]")
    expect(stale).to_contain_text("Rita Moreau saved this draft at", timeout=20_000)
    assert look == "at the policy" or faults(page) == []
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # asks at once who is there
    expect(page.locator("[data-present]")).to_contain_text("Also editing: Rita Moreau")
    draft.refresh_from_db()
    assert (draft.lead, draft.title) == ("Her lead.", "Sleep")
    page.locator("[data-add-section]").scroll_into_view_if_needed()
    expect(page.locator("[data-unsaved-reason]")).to_contain_text("Rita Moreau saved this draft at")
    page.locator("[data-stale-link]").click()
    expect(stale).to_be_in_viewport()
    with page.expect_event("load"):
        stale.get_by_role("button", name="Compare with mine").click()

    expect(page.locator(".conflict")).to_contain_text("Her lead.")
    expect(page.locator("#id_title")).to_have_value("My title")
    with page.expect_event("load"):
        page.get_by_role("button", name="Save mine over theirs").click()
    draft.refresh_from_db()
    assert draft.title == "My title"
    hers.goto("about:blank")
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert look == "with axe" or violations(page) == []
    assert hers_violations(hers) == []
    # A page reports that it was left only after the next one has begun to load.
    eventually(lambda: [present.user.username for present in Presence.objects.all()], ["editor"])


def test_saving_resumes_after_logging_in_again(page, live_server, draft):
    log_in(page, live_server, path_of(draft), "editor")
    page.context.clear_cookies(name="sessionid")
    page.locator("#id_lead").fill("Written on.")

    # The previews’ message in the save bar says it, so the reason beside “Not saved” doesn’t repeat it.
    expect(page.get_by_role("group", name="Save and submit").get_by_role("alert")).to_have_text(
        "You are no longer logged in. Log in again in another tab; your changes here are kept.", timeout=20_000
    )
    tab = page.context.new_page()
    log_in(tab, live_server, "/admin/articles/article/", "editor")
    page.locator("#id_lead").press_sequentially(" And on.")

    expect(page.locator("[data-saved]")).to_have_text(SAVED, timeout=20_000)
    draft.refresh_from_db()
    assert draft.lead.startswith("Written on.") or draft.lead.startswith(" And on.")


def test_unreachable_site_is_reported_and_retried(page, live_server, draft):
    log_in(page, live_server, path_of(draft), "editor")
    page.context.set_offline(True)
    page.locator("#id_lead").fill("Written on a train.")
    expect(page.locator("[data-saved]")).to_have_text(
        "Not saved: can’t reach the site. Your text is kept in this browser.", timeout=20_000
    )

    page.context.set_offline(False)
    page.locator("#id_lead").press("End")
    page.keyboard.type("!")

    # The first save may come before the last letter.
    eventually(lambda: Revision.objects.get().lead, "Written on a train.!")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)


def test_form_without_scripts_survives_an_expired_session(new_context, live_server, draft):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server, path_of(draft), "editor")
    page.locator("#id_lead").fill("Typed without scripts.")
    context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.get_by_role("heading", name="Not saved yet")).to_be_visible()
    with context.expect_page() as opened:
        page.get_by_role("link", name="Log in again in a new tab").click()
    tab = opened.value
    tab.fill("[name=username]", "editor")
    tab.fill("[name=password]", PASSWORD)
    with tab.expect_event("load"):
        tab.click("[type=submit]")

    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("You have logged in again")).to_be_visible()
    with page.expect_event("load"):
        page.get_by_role("button", name="Save draft").click()

    draft.refresh_from_db()
    assert draft.lead == "Typed without scripts."


def test_saving_by_key_keeps_the_page_with_its_caret_and_what_can_be_undone(page, live_server, editor, violations):
    draft = make_draft(by=editor, episode=make_episode(), sections=SECTIONS)
    log_in(page, live_server, path_of(draft), "editor")
    lead, line = page.locator("#id_lead"), page.locator("[data-saved]")
    expect(page.locator("[data-tool=bold]")).to_have_attribute("tabindex", "0")
    page.get_by_role("button", name="Source", exact=True).click()
    lead.click()
    lead.press("End")
    page.evaluate("window.isSame = true")
    before = lead.input_value()
    by_hand = draft.draftversion_set.filter(is_autosave=False)
    saved = by_hand.count()

    page.keyboard.type(" Longer")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # saves by itself, which isn't waited for
    page.keyboard.press("Control+s")
    expect(line).to_have_text(SAVED, timeout=20_000)
    page.keyboard.type(" still.")

    expect(lead).to_have_value(f"{before} Longer still.")
    eventually(by_hand.count, saved + 1)
    page.keyboard.press("Control+s")
    eventually(lambda: Revision.objects.get(pk=draft.pk).lead, f"{before} Longer still.")
    assert page.evaluate("window.isSame")
    page.keyboard.press("Control+z")
    expect(lead).not_to_have_value(f"{before} Longer still.")
