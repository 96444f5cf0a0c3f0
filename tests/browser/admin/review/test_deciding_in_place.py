"""Decisions lead from one revision of the queue to the next without the browser loading a page."""

import re

import pytest
from playwright.sync_api import expect

from articles import workflow
from articles.importing import import_transcript
from articles.models import Review, Revision
from articles.views import diff
from articles.workflow.collaboration import review_locks
from articles.workflow.content import SectionContent
from tests.browser.reader.test_transcript import lines
from tests.support.browser import Keys, decide, eventually, faults_in_both, has_focus, log_in, opened, overflow
from tests.support.databases.shared import copied
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.played_recording import AUDIO, SECONDS, serve_audio
from tests.support.scenarios.reviewing import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHY = "Who says so at 06:31?"
DECIDE = re.compile(r"/decide/$")
UNKNOWN = "it isn’t known whether this was saved"


@copied
def queue():
    """Three new articles and a change of a published one, in the order of the queue; all cite a talk with a sound file."""
    editor, moderator = make_user(), make_moderator()
    episode = make_episode(duration_seconds=SECONDS, audio_url=AUDIO)
    import_transcript(episode, lines(), "talk.txt", language="en")
    episode.refresh_from_db()
    for slug in ("dreams", "naps", "tides"):
        sections = (SectionContent("First", "The night is long [00:00:05]. It has two halves [00:00:18]."),)
        draft = make_draft(slug, by=editor, episode=episode, title=slug.capitalize(), sections=sections)
        workflow.submit(draft, by=editor)
    article = make_published("zones", by=editor, moderator=moderator, episode=episode, title="Zones")
    make_change(article, by=editor, lead="More about zones.")
    return list(Revision.objects.filter(status="submitted").order_by("pk"))


def decisions(queue):
    """Return (decision, comment) of the reviews of the queue's revisions, in the order in which they were made."""
    return list(Review.objects.filter(revision__in=queue).order_by("pk").values_list("decision", "comment"))


def locked():
    """Return the keys of the revisions that somebody is reviewing."""
    return list(Revision.objects.exclude(review_locked_by=None).values_list("pk", flat=True))


def heading(page):
    return page.locator(".review__head h1")


def ready(page):
    """Wait until the page's keys act."""
    page.locator("#content [data-keys-open]:not([hidden])").first.wait_for(state="attached")


def mark(page):
    """Leave a mark on the window, which a page that is loaded hasn't got, and count what is asked."""
    ready(page)
    page.evaluate("""() => {
      window.isSamePage = true;
      window.questions = 0;
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes) for (const node of addedNodes) if (node.matches?.("dialog")) window.questions += 1;
      }).observe(document.body, { childList: true, subtree: true });
    }""")


def is_same(page):
    return page.evaluate("window.isSamePage === true")


def open_first(page):
    page.locator("[data-open]").first.click()
    expect(heading(page)).to_have_text("Dreams")
    ready(page)


def expect_arrived(page, title, message):
    """Expect the review of `title` with the focus on its heading, and the message about the one before."""
    expect(heading(page)).to_have_text(title)
    expect(page.locator(".messagelist")).to_contain_text(message)
    expect(page.locator("main > [role=status]")).to_contain_text(message)
    expect(page).to_have_title(re.compile(title))
    eventually(lambda: has_focus(heading(page)))
    ready(page)


def test_by_keyboard_through_the_whole_queue(new_context, live_server, queue):
    page, violations = opened(new_context, viewport={"width": 1280, "height": 900})
    log_in(page, live_server)
    mark(page)
    keys = Keys(page)

    keys.press("o")
    expect(heading(page)).to_have_text("Dreams")
    ready(page)
    eventually(locked, [queue[0].pk])
    keys.press("a", "Enter")
    expect_arrived(page, "Naps", "Published: “Dreams”")
    assert keys.count == 3
    assert page.url == live_server.url + page_of(queue[1])
    eventually(locked, [queue[1].pk])
    assert faults_in_both(page) == []

    for key, title, message in (("r", "Tides", "Changes requested: “Naps”"), ("x", "Zones", "Rejected: “Tides”")):
        keys.count = 0
        keys.press(key)
        expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
        keys.type(WHY)
        keys.press("Control+Enter")
        expect_arrived(page, title, message)
        assert keys.count == 2
    assert faults_in_both(page) == []

    keys.press("a", "Enter")
    expect(page.get_by_text("The review queue is empty.")).to_be_visible()
    expect(page.locator(".messagelist")).to_contain_text("Published: “Zones”")
    eventually(lambda: has_focus(page.locator("#content h1")))
    assert page.url == f"{live_server.url}/admin/"
    assert faults_in_both(page) == []
    assert page.evaluate("window.questions") == 4
    assert is_same(page)
    assert decisions(queue) == [
        ("approved", ""),
        ("changes_requested", WHY),
        ("rejected", WHY),
        ("approved", ""),
    ]
    assert violations(page) == []


def test_by_mouse_on_a_phone(new_context, live_server, queue):
    page, violations = opened(new_context, viewport={"width": 390, "height": 800})
    log_in(page, live_server)
    mark(page)
    open_first(page)

    decide(page, "Approve and publish")
    expect_arrived(page, "Naps", "Published: “Dreams”")
    assert overflow(page) == 0
    decide(page, "Request changes", WHY)
    expect_arrived(page, "Tides", "Changes requested: “Naps”")
    decide(page, "Reject", WHY)
    expect_arrived(page, "Zones", "Rejected: “Tides”")

    assert faults_in_both(page) == []
    assert is_same(page)
    assert [decision for decision, _ in decisions(queue)] == ["approved", "changes_requested", "rejected"]
    assert violations(page) == []


def test_back_and_reload_after_two_decisions(new_context, live_server, queue):
    page, violations = opened(new_context, viewport={"width": 1280, "height": 900})
    log_in(page, live_server)
    mark(page)
    open_first(page)
    for title in ("Naps", "Tides"):
        decide(page, "Approve and publish")
        expect(heading(page)).to_have_text(title)
        ready(page)

    page.go_back()
    expect(heading(page)).to_have_text("Naps")
    expect(page.get_by_role("button", name="Unpublish")).to_be_visible()
    page.go_back()
    expect(heading(page)).to_have_text("Dreams")
    page.go_back()
    expect(page.locator("[data-open]")).to_have_text(["Tides", "Zones"])
    page.go_forward()
    expect(heading(page)).to_have_text("Dreams")
    page.evaluate("history.go(2)")
    expect(heading(page)).to_have_text("Tides")
    ready(page)
    # The place in the queue comes back with the page, and each key acts once.
    page.evaluate("window.questions = 0")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect_arrived(page, "Zones", "Published: “Tides”")
    assert page.evaluate("window.questions") == 1
    assert is_same(page)

    page.reload()
    expect(heading(page)).to_have_text("Zones")
    page.go_back()
    expect(heading(page)).to_have_text("Tides")
    assert violations(page) == []


def test_a_revision_that_was_not_opened_from_the_queue_leads_there(page, live_server, queue):
    log_in(page, live_server, page_of(queue[1]))
    mark(page)

    decide(page, "Approve and publish")

    expect(page.locator("[data-open]")).to_have_text(["Dreams", "Tides", "Zones"])
    assert is_same(page)
    page.locator("[data-open]").nth(1).click()
    expect(heading(page)).to_have_text("Tides")


def test_the_filters_of_the_queue_and_what_others_review(page, live_server, queue):
    review_locks.acquire(queue[1], by=make_moderator("ada"))
    log_in(page, live_server, "/admin/?sort=newest&kind=new+article")
    mark(page)
    expect(page.locator("[data-open]")).to_have_text(["Tides", "Naps", "Dreams"])

    page.locator("[data-open]").first.click()
    expect(heading(page)).to_have_text("Tides")
    ready(page)
    decide(page, "Approve and publish")
    expect_arrived(page, "Dreams", "Published: “Tides”")
    decide(page, "Approve and publish")

    expect(page.locator("[data-open]")).to_have_text(["Naps"])
    assert page.url == f"{live_server.url}/admin/?sort=newest&kind=new+article"
    assert is_same(page)


def player(page):
    return page.get_by_role("region", name="Player")


def now(page):
    """Return the second that is playing, 0 before anything is."""
    return page.evaluate("document.querySelector('audio')?.currentTime ?? 0")


def test_a_refused_decision_keeps_the_page_and_the_player(page, live_server, queue):
    serve_audio(page)
    log_in(page, live_server)
    mark(page)
    open_first(page)
    page.keyboard.press("p")
    eventually(lambda: now(page) > 2)
    page.get_by_label("Comment for the author").fill("Heard.")
    workflow.reject(queue[0], by=make_moderator("ada"), comment="No.")

    with page.expect_response(DECIDE) as answer:
        decide(page, "Approve and publish")

    assert answer.value.status == 409
    error = page.locator("[data-review] > .errornote")
    expect(error).to_contain_text("Your comment is kept below.")
    expect(error).to_be_focused()
    expect(page.get_by_label("Comment for the author")).to_have_value("Heard.")
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page).to_have_url(live_server.url + page_of(queue[0]))
    assert is_same(page)
    assert faults_in_both(page) == []
    expect(player(page)).to_be_visible()
    before = now(page)
    eventually(lambda: now(page) > before)


def test_the_player_stops_with_its_revision_and_plays_the_next(page, live_server, queue):
    serve_audio(page)
    log_in(page, live_server)
    mark(page)
    open_first(page)
    page.keyboard.press("p")
    eventually(lambda: now(page) > 2)

    decide(page, "Approve and publish")
    expect_arrived(page, "Naps", "Published")

    expect(player(page)).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(player(page)).to_have_count(1)
    eventually(lambda: now(page) > 15)
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert is_same(page)


def test_an_ended_session_keeps_what_was_typed(page, live_server, queue):
    log_in(page, live_server)
    mark(page)
    open_first(page)
    cookies = page.context.cookies()
    page.context.clear_cookies()

    decide(page, "Request changes", WHY)
    expect(page.get_by_role("alert")).to_contain_text("log in again in another tab, then try again")
    expect(page.get_by_label("Comment for the author")).to_have_value(WHY)
    assert decisions(queue) == []
    page.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "sessionid"])
    page.context.add_cookies([{"name": "csrftoken", "value": "a" * 32, "url": live_server.url}])
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")

    expect_arrived(page, "Naps", "Changes requested")
    assert is_same(page)
    # What is only to be opened is asked for after the log-in.
    page.go_back()
    expect(heading(page)).to_have_text("Dreams")
    page.context.clear_cookies()
    page.go_back()
    expect(page.get_by_label("Username")).to_be_visible()
    assert not is_same(page)


@pytest.mark.parametrize("answer", ["none", "error"])
def test_a_decision_that_got_no_answer_can_be_sent_again(page, live_server, queue, answer):
    log_in(page, live_server)
    mark(page)
    open_first(page)
    error = {"status": 500, "content_type": "text/html", "body": "<main><h1>Something went wrong</h1></main>"}
    page.route(DECIDE, lambda route: route.abort() if answer == "none" else route.fulfill(**error))

    decide(page, "Request changes", WHY)
    expect(page.get_by_role("alert")).to_contain_text({"none": UNKNOWN, "error": "Something went wrong"}[answer])
    expect(page.get_by_label("Comment for the author")).to_have_value(WHY)
    assert faults_in_both(page) == []
    page.unroute(DECIDE)
    decide(page, "Request changes")

    expect_arrived(page, "Naps", "Changes requested")
    assert decisions(queue) == [("changes_requested", WHY)]
    assert is_same(page)


def test_a_decision_is_sent_once_however_slow_the_site_is(page, live_server, queue):
    held = []
    log_in(page, live_server)
    mark(page)
    open_first(page)
    page.route(DECIDE, lambda route: held.append(route))

    decide(page, "Approve and publish")
    expect(page.locator("main > [role=status]")).to_have_text("Sending …")
    page.keyboard.press("a")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("#decision").evaluate("form => form.requestSubmit(form.querySelector('[value=approve_and_publish]'))")
    held[0].continue_()

    expect_arrived(page, "Naps", "Published: “Dreams”")
    assert len(held) == 1
    assert is_same(page)


def test_the_queue_is_shown_if_the_next_revision_cannot_be_reached(page, live_server, queue):
    log_in(page, live_server)
    mark(page)
    open_first(page)
    page.route(f"**{page_of(queue[1])}", lambda route: route.abort())

    decide(page, "Approve and publish")

    expect(page.locator(".messagelist")).to_contain_text("Published: “Dreams”")
    expect(page.locator("[data-open]").first).to_be_focused()
    page.keyboard.press("o")
    expect(page.locator(".messagelist .error")).to_contain_text("Can’t reach the site.")
    assert is_same(page)


@pytest.mark.parametrize("is_in_question", [False, True])
def test_going_back_asks_before_a_comment_is_lost(page, live_server, queue, is_in_question):
    asked, answers = [], iter([False, True])
    log_in(page, live_server)
    mark(page)
    open_first(page)
    if is_in_question:
        page.keyboard.press("r")
        page.keyboard.type("x")
    else:
        page.get_by_label("Comment for the author").fill("x")
    page.on(
        "dialog", lambda dialog: (asked.append(dialog.type), dialog.accept() if next(answers) else dialog.dismiss())
    )

    with page.expect_event("dialog"):
        page.evaluate("history.back()")
    expect(page).to_have_url(live_server.url + page_of(queue[0]))
    expect(page.locator("[name=comment]")).to_have_value("x")
    with page.expect_event("dialog"):
        page.evaluate("history.back()")

    expect(page.locator("[data-open]")).to_have_count(4)
    assert asked == ["confirm", "confirm"]
    assert is_same(page)


def test_a_page_of_the_changes_is_turned_in_place(page, live_server, queue, monkeypatch):
    monkeypatch.setattr(diff, "CHANGES_PER_PAGE", 1)
    serve_audio(page)
    log_in(page, live_server)
    mark(page)
    open_first(page)
    page.keyboard.press("p")
    eventually(lambda: now(page) > 2)
    page.get_by_label("Comment for the author").fill("Half a")

    page.keyboard.press("Alt+j")

    expect(page.get_by_text("Page 2 of 2").first).to_be_visible()
    expect(page.locator(".change a.citation")).to_have_text(["00:18"])
    expect(page.get_by_label("Comment for the author")).to_have_value("Half a")
    expect(page).to_have_url(re.compile("page=2"))
    eventually(lambda: has_focus(page.locator(".change")))
    expect(player(page)).to_be_visible()
    page.get_by_role("button", name="Previous").first.click()
    expect(page.locator("#review-claims")).to_be_focused()
    assert is_same(page)
