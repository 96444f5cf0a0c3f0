"""The review queue and the inbox by keyboard, on a phone, and without scripts."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from articles import workflow
from articles.admin.queue import queries
from articles.models import Episode, Notice, Revision, Watch
from articles.workflow.collaboration import correction_requests, priorities, review_locks
from articles.workflow.recordings import save_episode
from tests.support.browser import begin_session, decide, eventually, faults_in_both, log_in, watch_violations
from tests.support.databases.shared import copied
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long test password"
LONG_WORD = "Schlafforschungsgesellschaftsvorstandswahlergebnisbekanntgabe" * 2


@copied
def submitted():
    """Three submitted revisions, an approved one, a correction request, and notices of all: {slug: revision}."""
    editor, moderator, episode = make_user(), make_moderator(), make_episode()
    found = {}
    for slug in ("naps", "dreams", "tides"):
        title = LONG_WORD if slug == "tides" else slug.capitalize()
        summary = f"All about {LONG_WORD}"
        draft = make_draft(slug, by=editor, title=title, episode=episode, edit_summary=summary)
        found[slug] = workflow.submit(draft, by=editor)
    priorities.set_priority(found["dreams"], by=moderator, is_urgent=True, due_on=date(2031, 5, 4))
    make_moderator("ada")
    article = make_published("sleep", by=editor, moderator=moderator, episode=episode)
    workflow.approve(make_change(article, by=editor, lead="Other words."), by=moderator)
    correction_requests.receive(article.published_revision, LONG_WORD, sender="x")
    Watch.objects.create(user=moderator, article=article)
    return found


@pytest.fixture(autouse=True)
def queue(submitted):
    review_locks.acquire(submitted["naps"], by=User.objects.get(username="ada"))  # for five minutes
    return submitted


def focused(page):
    return page.evaluate("document.activeElement.textContent || document.activeElement.name")


def status_of(revision):
    return Revision.objects.get(pk=revision.pk).status


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_pages_fit_and_are_accessible(new_context, live_server, width):
    context = new_context(viewport={"width": width, "height": 900})
    violations = watch_violations(context)
    page = context.new_page()
    begin_session(page, live_server)
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
            page.get_by_text("Priority and assignment …").click()
            box = page.locator(".bulk__panel").bounding_box()
            if box["x"] < 0 or box["x"] + box["width"] > width or box["y"] < 0:
                found[address, "panel"] = box
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[address] = "scrolls sideways"
        # With preloading, axe would add stylesheets that the policy blocks.
        if lines := faults_in_both(page):
            found[address, "axe"] = lines

    assert found == {}
    assert violations(page) == []


LISTS = ("article", "correctionrequest", "episode", "logentry", "recordingchange", "review", "revision")


@pytest.mark.parametrize("width", [390, 1280])
def test_long_words_push_no_column_out_of_a_list(new_context, live_server, width):
    episode = Episode.objects.get()
    episode.title = LONG_WORD
    save_episode(episode, ["title"])
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    begin_session(page, live_server)
    outside = {}

    for name in LISTS:
        page.goto(f"{live_server.url}/admin/articles/{name}/")
        expect(page.locator(".results")).to_be_visible()
        outside[name] = page.locator(".results").evaluate("list => list.scrollWidth - list.clientWidth")

    assert outside == dict.fromkeys(LISTS, 0)


def test_queue_by_keyboard(page, live_server, queue, violations):
    log_in(page, live_server)

    page.keyboard.press("j")
    eventually(lambda: focused(page), "Dreams")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    eventually(lambda: focused(page), LONG_WORD)
    page.keyboard.press("k")
    eventually(lambda: focused(page), "Naps")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#queue-q")).to_be_focused()
    page.keyboard.type("jjx")
    expect(page.locator("#queue-q")).to_have_value("jjx")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    eventually(lambda: focused(page), LONG_WORD)
    page.keyboard.press("o")

    page.wait_for_url(f"**/admin/articles/revision/{queue['tides'].pk}/change/")
    assert violations(page) == []


def test_steps_past_either_end_of_a_page_go_on_on_the_next_one(page, live_server, queue, monkeypatch):
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    log_in(page, live_server)

    for title in ("Dreams", "Naps"):
        page.keyboard.press("j")
        eventually(lambda title=title: focused(page), title)
    page.keyboard.press("j")
    page.wait_for_url("**page=2**")
    eventually(lambda: focused(page), LONG_WORD)
    page.keyboard.press("j")
    eventually(lambda: focused(page), LONG_WORD)  # the last one

    page.keyboard.press("k")
    page.wait_for_url("**page=1**")
    eventually(lambda: focused(page), "Naps")
    page.keyboard.press("k")
    eventually(lambda: focused(page), "Dreams")


def test_bulk_decision_by_keyboard(page, live_server, queue):
    log_in(page, live_server)
    expect(page.locator("#bulk")).to_be_hidden()

    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Approve 2")).to_be_visible()
    page.keyboard.press("r")
    asked = page.get_by_role("dialog", name="Request changes")
    expect(asked).to_contain_text("go back to their authors with your comment")
    expect(asked.get_by_label("Comment for the author")).to_be_focused()
    page.keyboard.type("Listen again at 06:31.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist")).to_contain_text("Changes requested: 2")
    expect(page.locator(".item")).to_have_count(1)
    assert [status_of(queue[slug]) for slug in ("dreams", "naps", "tides")] == [
        "changes_requested",
        "changes_requested",
        "submitted",
    ]


@pytest.mark.parametrize(("key", "name"), [("a", "Approve 1?"), ("r", "Request changes?")])
def test_a_cancelled_key_selects_nothing_for_the_next_one(page, live_server, queue, key, name):
    log_in(page, live_server)
    asked = page.get_by_role("dialog", name=name)
    page.keyboard.press("j")
    page.keyboard.press(key)
    expect(asked.get_by_role("listitem")).to_have_text(["“Dreams”, revision 1"])
    page.keyboard.press("Escape")
    expect(page.locator("[name=revision]:checked")).to_have_count(0)

    page.keyboard.press("j")
    page.keyboard.press(key)
    expect(asked.get_by_role("listitem")).to_have_text(["“Naps”, revision 1"])
    if key == "r":
        page.keyboard.type("Listen again.")
    asked.get_by_role("button", name=name.removesuffix("?")).click()

    expect(page.locator(".messagelist")).to_contain_text("“Naps”, revision 1")
    assert (status_of(queue["naps"]) == "submitted", status_of(queue["dreams"])) == (False, "submitted")


def test_a_decision_by_key_names_what_was_selected_elsewhere(page, live_server):
    log_in(page, live_server)
    page.get_by_label("Select “Dreams”").check()
    by_search(page)
    page.locator("#queue-q").press("Escape")

    page.keyboard.press("j")
    page.keyboard.press("a")

    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_text(["“Dreams”, revision 1"])
    page.keyboard.press("Escape")
    expect(page.locator("[name=revision]:checked")).to_have_count(1)


def test_filter_applies_at_once(page, live_server):
    log_in(page, live_server)

    page.get_by_label("Unclaimed").check()
    page.wait_for_url(re.compile("free=on"))

    expect(page.locator(".item__title a")).to_have_text(["Dreams", LONG_WORD])


COMMENT = "Nobody says so at 06:31."


def select(page, name="Dreams"):
    """Select a revision and begin to say why it is returned."""
    page.get_by_label(f"Select “{name}”").check()
    page.get_by_label("Comment for the authors").fill(COMMENT)


def expect_kept(page, name="Dreams"):
    expect(page.get_by_role("checkbox", name=re.compile(name))).to_be_checked()
    expect(page.get_by_label("Comment for the authors")).to_have_value(COMMENT)


def by_choice(page):
    page.get_by_label("Kind of change").select_option("new article")
    page.wait_for_url(re.compile("kind=new"))


def by_tick(page):
    page.get_by_label("Unclaimed").check()
    page.wait_for_url(re.compile("free=on"))


def by_search(page):
    page.get_by_label("Search titles and authors").fill("naps")
    page.get_by_label("Search titles and authors").press("Enter")
    page.wait_for_url(re.compile("q=naps"))
    expect(page.get_by_text("Selected, but not in this list:")).to_be_visible()


def by_search_without_results(page):
    page.get_by_label("Search titles and authors").fill("nothing like it")
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("No revisions match these filters.")).to_be_visible()
    expect_kept(page)
    page.get_by_role("button", name="Show all 3").click()
    page.wait_for_url(re.compile("/admin/$"))


def by_order(page):
    page.get_by_label("Order").select_option("title")
    page.wait_for_url(re.compile("sort=title"))


def by_page(page):
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(re.compile("page=2"))
    expect(page.get_by_text("Selected, but not in this list:")).to_be_visible()


def by_priority(page):
    page.get_by_text("Priority and assignment …").click()
    page.get_by_role("button", name="Mark as not urgent").click()
    expect(page.locator(".messagelist")).to_contain_text("Marked as not urgent: 1")


CHANGES = [by_choice, by_tick, by_search, by_search_without_results, by_order, by_page, by_priority]


@pytest.mark.parametrize("change", CHANGES)
def test_no_filter_page_or_small_action_loses_the_selection_or_the_comment(
    page, live_server, monkeypatch, change, violations
):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    if change is by_page:
        monkeypatch.setattr(queries, "PER_PAGE", 1)
    log_in(page, live_server)
    select(page)

    change(page)

    expect_kept(page)
    expect(page.get_by_role("button", name="Approve 1")).to_be_visible()
    assert asked == []
    assert violations(page) == []


def test_a_slow_request_that_keeps_the_selection_does_not_overtake_the_next_submission(page, live_server):
    held = []
    page.route("**/desk/select/", lambda route: route.continue_() if held else held.append(route))
    log_in(page, live_server)
    with page.expect_request("**/desk/select/"):
        select(page)

    page.get_by_label("Kind of change").select_option("new article")
    page.wait_for_timeout(1000)
    held[0].continue_()
    page.wait_for_url(re.compile("kind=new"))

    page.wait_for_load_state("networkidle")
    page.reload()
    expect_kept(page)


def test_the_selection_is_kept_without_scripts(browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server)
    select(page)

    for change in (by_search, by_search_without_results, by_priority):
        change(page)
        expect_kept(page)
    page.get_by_role("button", name="Request changes").click()

    expect(page.locator(".messagelist")).to_contain_text("Changes requested: 1")
    expect(page.get_by_label("Comment for the authors")).to_have_value("")
    context.close()


def test_a_selection_outside_the_list_is_shown_and_decided(page, live_server, queue):
    log_in(page, live_server)
    page.get_by_label("Select “Dreams”").check()
    by_search(page)
    page.get_by_label("Select “Naps”").check()

    page.get_by_role("button", name="Approve 2").click()
    asked = page.get_by_role("dialog", name="Approve 2?")
    expect(asked.get_by_role("listitem")).to_have_text(["“Naps”, revision 1", "“Dreams”, revision 1"])
    assert {status_of(queue["naps"]), status_of(queue["dreams"])} == {"submitted"}
    asked.get_by_role("button", name="Approve 2").click()

    expect(page.locator(".messagelist")).to_contain_text("Approved: 2")
    assert {status_of(queue["naps"]), status_of(queue["dreams"])} == {"approved"}
    expect(page.locator("[name=revision]:checked")).to_have_count(0)


def test_opening_a_revision_and_coming_back_keeps_the_selection(page, live_server):
    log_in(page, live_server)
    with page.expect_response("**/desk/select/"):
        page.get_by_label("Select “Dreams”").check()

    page.get_by_role("link", name="Naps").first.click()
    page.wait_for_url("**/change/")
    page.go_back()

    expect(page.get_by_label("Select “Dreams”")).to_be_checked()


def test_leaving_with_an_unsent_comment_asks_first(page, live_server):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    log_in(page, live_server)
    select(page)

    page.get_by_role("link", name="Naps").first.click()

    expect(page.get_by_label("Comment for the authors")).to_have_value(COMMENT)
    eventually(lambda: asked == ["beforeunload"])
    assert page.url == f"{live_server.url}/admin/"


def test_a_refused_bulk_action_keeps_the_place_in_the_list(page, live_server):
    page.set_viewport_size({"width": 800, "height": 300})
    log_in(page, live_server)
    page.get_by_label("Select “Naps”").check()
    page.evaluate("scrollTo(0, 200)")

    decide(page, "Request changes", comment=" ")

    expect(page.get_by_text("Give the author a reason.")).to_be_visible()
    eventually(lambda: page.evaluate("scrollY") == 200)


def test_queue_without_scripts(new_context, live_server, queue):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server)

    page.locator("#queue-q").fill("naps")
    page.get_by_role("button", name="Apply", exact=True).click()
    page.wait_for_url("**q=naps**")
    page.get_by_label("Select “Naps”, revision 1").check()
    page.get_by_role("button", name="Approve", exact=True).click()

    expect(page.locator(".messagelist")).to_contain_text("“Naps”, revision 1: approved, ready to publish.")
    expect(page).to_have_url(re.compile(r"/admin/\?q=naps$"))
    assert status_of(queue["naps"]) == "approved"


def test_opened_notice_is_marked_as_read(page, live_server, queue):
    log_in(page, live_server, "/admin/inbox/")
    notices = Notice.objects.filter(user__username="moderator")
    assert notices.unread().count() == 6

    # The browser may not report the response to a page that is being left.
    with page.expect_request("**/admin/inbox/read/"):
        page.locator("[data-notice-open]", has_text="Naps").click()
    page.wait_for_url(f"**/admin/articles/revision/{queue['naps'].pk}/change/")
    eventually(lambda: notices.unread().count(), 5)
    page.goto(f"{live_server.url}/admin/inbox/")
    expect(page.locator(".notice--unread")).to_have_count(5)
    page.get_by_role("button", name="Mark all as read").click()

    expect(page.locator(".notice--unread")).to_have_count(0)
