"""The review queue and the inbox by keyboard, on a phone, and without scripts."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles import workflow
from articles.models import CorrectionRequest, Notice, Revision, Watch
from articles.workflow.collaboration import review_locks
from tests.support.browser import faults, log_in, wait_until, watch_violations
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long test password"
LONG_WORD = "Schlafforschungsgesellschaftsvorstandswahlergebnisbekanntgabe" * 2


@pytest.fixture(autouse=True)
def queue():
    """Three submitted revisions, an approved one, a correction request, and notices of all: {slug: revision}."""
    editor, moderator, episode = make_user(), make_moderator(), make_episode()
    found = {}
    for slug in ("naps", "dreams", "tides"):
        title = LONG_WORD if slug == "tides" else slug.capitalize()
        summary = f"All about {LONG_WORD}"
        draft = make_draft(slug, by=editor, title=title, episode=episode, edit_summary=summary)
        found[slug] = workflow.submit(draft, by=editor)
    review_locks.set_priority(found["dreams"], by=moderator, is_urgent=True, due_on=date(2031, 5, 4))
    review_locks.acquire(found["naps"], by=make_moderator("ada"))
    article = make_published("sleep", by=editor, moderator=moderator, episode=episode)
    workflow.approve(make_change(article, by=editor, lead="Other words."), by=moderator)
    CorrectionRequest.objects.create(
        article=article, revision=article.published_revision, text=LONG_WORD, at=timezone.now(), sender="x"
    )
    Watch.objects.create(user=moderator, article=article)
    return found


def focused(page):
    return page.evaluate("document.activeElement.textContent || document.activeElement.name")


def status_of(revision):
    return Revision.objects.get(pk=revision.pk).status


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_and_are_accessible(browser, live_server, width, scheme):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    violations = watch_violations(context)
    page = context.new_page()
    log_in(page, live_server)
    found = {}

    for address in (
        "/admin/",
        "/admin/?tab=approved",
        "/admin/?tab=scheduled",
        "/admin/?tab=challenges",
        "/admin/inbox/",
    ):
        page.goto(live_server.url + address)
        if address == "/admin/":
            page.get_by_label("Select “Naps”, revision 1").check()
            page.get_by_text("Priority …").click()
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[address] = "scrolls sideways"
        # With preloading, axe would add stylesheets that the policy blocks.
        if lines := faults(page):
            found[address, "axe"] = lines

    assert found == {}
    assert violations(page) == []
    context.close()


def test_queue_by_keyboard(page, live_server, queue, violations):
    log_in(page, live_server)

    page.keyboard.press("j")
    first = focused(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    last = focused(page)
    page.keyboard.press("k")
    before_last = focused(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("jjx")
    typed = page.locator("#queue-q").input_value()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    back_in_the_list = focused(page)
    page.keyboard.press("o")
    page.wait_for_url(f"**/admin/articles/revision/{queue['tides'].pk}/change/")

    assert (first, last, before_last, typed, back_in_the_list) == ("Dreams", LONG_WORD, "Naps", "jjx", LONG_WORD)
    assert violations(page) == []


def test_bulk_decision_by_keyboard(page, live_server, queue):
    log_in(page, live_server)
    expect(page.locator("#bulk")).to_be_hidden()

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Approve 2")).to_be_visible()
    page.keyboard.press("d")
    page.keyboard.type("Listen again at 06:31.")
    page.get_by_role("button", name="Request changes").click()

    expect(page.locator(".messagelist")).to_contain_text("Changes requested: 2")
    expect(page.locator(".item")).to_have_count(1)
    assert [status_of(queue[slug]) for slug in ("dreams", "naps", "tides")] == [
        "changes_requested",
        "changes_requested",
        "submitted",
    ]


def test_filter_applies_at_once(page, live_server):
    log_in(page, live_server)

    page.get_by_label("Unclaimed").check()
    page.wait_for_url(re.compile("free=on"))

    expect(page.locator(".item__title a")).to_have_text(["Dreams", LONG_WORD])


def test_queue_without_scripts(browser, live_server, queue):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server)

    page.locator("#queue-q").fill("naps")
    page.get_by_role("button", name="Apply", exact=True).click()
    page.get_by_label("Select “Naps”, revision 1").check()
    page.get_by_role("button", name="Approve").click()

    expect(page.locator(".messagelist")).to_contain_text("“Naps”, revision 1: approved, ready to publish.")
    assert page.url.endswith("q=naps&kind=&author=&show=&sort=")
    assert status_of(queue["naps"]) == "approved"
    context.close()


def test_opened_notice_is_marked_as_read(page, live_server, queue):
    log_in(page, live_server, "/admin/inbox/")
    notices = Notice.objects.filter(user__username="moderator")
    unread = notices.unread().count()

    # The browser may not report the response to a page that is being left.
    with page.expect_request("**/admin/inbox/read/"):
        page.locator("[data-notice-open]", has_text="Naps").click()
    page.wait_for_url(f"**/admin/articles/revision/{queue['naps'].pk}/change/")
    wait_until(lambda: notices.unread().count() < unread)
    page.goto(f"{live_server.url}/admin/inbox/")
    now_unread = page.locator(".notice--unread").count()
    page.get_by_role("button", name="Mark all as read").click()

    expect(page.locator(".notice--unread")).to_have_count(0)
    assert (unread, now_unread) == (5, 4)
