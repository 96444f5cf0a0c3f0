"""“Needs fixing” by keyboard alone and by mouse, with the number of keys that each decision takes."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Confirmation, Dismissal, Revision
from tests.support.browser import Keys, faults_in_both, log_in, opened, overflow, say_heard
from tests.support.databases.shared import copied
from tests.support.factories import make_moderator, make_user
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk
from tests.support.scenarios.played_recording import listen, play_video

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "/admin/evidence/problem/"
WHALES = "Whales sing in winter [00:41:00]."


@copied
def article():
    make_user("other")
    bodies = [HERE, ELSEWHERE, UNHEARD, WHALES]
    return make_cited(
        episode=make_talk(youtube_id="abcdefghijk"), by=make_user(), moderator=make_moderator(), bodies=bodies
    )


def claim(page):
    return page.locator(".change__text")


def open_first(page, live_server):
    log_in(page, live_server, ADDRESS, "other")
    expect(claim(page)).to_have_text("Harbour seals hunt herring in winter.")
    page.locator("[data-keys-open]:visible").wait_for()


def test_each_decision_takes_at_most_two_keys_and_shows_the_next(new_context, live_server, article):
    page, violations = opened(new_context, viewport={"width": 1280, "height": 900})
    open_first(page, live_server)
    page.evaluate("window.isSame = true")
    keys = Keys(page)

    play_video(page)
    listen(page)  # which comes before deciding
    keys.press("h")
    expect(claim(page)).to_have_text("Whales sing in winter.")
    assert keys.count == 1
    assert Confirmation.objects.get().by.username == "other"
    expect(page.locator(".problem-progress")).to_contain_text("1 of 3 looked at today")

    keys.count = 0
    keys.press("n")
    expect(claim(page)).to_have_text("It blocks the NMDA receptor.")
    assert keys.count == 1

    keys.count = 0
    keys.press("1")
    expect(page.get_by_text("That was the last problem of this list.")).to_be_visible()
    assert keys.count == 1
    assert not Revision.objects.open().get().citation_set.filter(start_seconds=541).exists()
    expect(page.locator(".problem-progress")).to_contain_text("2 of 3 looked at today")
    # Nothing was reloaded: the player would have stopped.
    assert page.evaluate("window.isSame")
    assert violations(page) == []


def test_the_last_decision_is_undone_by_one_key(new_context, live_server, article):
    page = new_context().new_page()
    open_first(page, live_server)

    play_video(page)
    listen(page)  # which comes before deciding
    page.keyboard.press("h")
    expect(claim(page)).to_have_text("Whales sing in winter.")
    page.keyboard.press("u")

    expect(claim(page)).to_have_text("Harbour seals hunt herring in winter.")
    expect(page.get_by_text("Undone. This citation is open again.").last).to_be_visible()
    assert not Confirmation.objects.active().exists()


def test_dismissing_takes_a_reason(new_context, live_server, article):
    page = new_context().new_page()
    open_first(page, live_server)
    keys = Keys(page)

    keys.press("d", "a", "Tab", "Enter")  # “a paraphrase”, then from the note

    expect(claim(page)).to_have_text("Whales sing in winter.")
    assert keys.count == 4
    assert Dismissal.objects.get().reason == "paraphrase"


@pytest.mark.parametrize("has_scripts", [True, False])
def test_by_mouse_from_the_home_page(new_context, live_server, article, has_scripts):
    page = new_context(java_script_enabled=has_scripts).new_page()
    log_in(page, live_server, "/admin/", "other")

    page.get_by_role("link", name="Fix one after the other").click()
    page.get_by_role("button", name="Confirm at 40:00").click()
    if has_scripts:
        say_heard(page)
    expect(claim(page)).to_have_text("Whales sing in winter.")
    page.get_by_role("button", name="Undo").click()
    expect(claim(page)).to_have_text("Harbour seals hunt herring in winter.")
    for text in ("Whales sing in winter.", "It blocks the NMDA receptor."):
        page.get_by_role("link", name="Skip, next problem").click()
        expect(claim(page)).to_have_text(text)
    page.get_by_role("button", name=re.compile("Move to")).first.click()

    expect(page.get_by_text("That was the last problem of this list.")).to_be_visible()
    expect(page.get_by_text(re.compile("in your draft, revision 2")).last).to_be_visible()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_they_fit_and_are_accessible_with_the_player_open(new_context, live_server, article, width):
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    page.route(
        "https://www.youtube-nocookie.com/**", lambda route: route.fulfill(content_type="text/html", body="video")
    )
    open_first(page, live_server)
    page.evaluate("localStorage.setItem('plays-video', 'yes')")

    page.keyboard.press("p")
    expect(page.locator(".player__said li").first).to_be_visible()

    assert overflow(page) == 0
    assert faults_in_both(page) == []
    page.goto(f"{live_server.url}/admin/")
    assert overflow(page) == 0
    assert faults_in_both(page) == []


def test_what_was_not_played_is_asked_about_before_it_is_confirmed(new_context, live_server, article):
    page = new_context().new_page()
    open_first(page, live_server)
    question = page.get_by_role("dialog", name="Confirm at 40:00?")

    page.keyboard.press("h")
    expect(question).to_contain_text("You haven’t played it on this page.")
    expect(question.get_by_role("button", name="Confirm at 40:00")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    assert not Confirmation.objects.exists()
    page.get_by_role("button", name="Confirm at 40:00").click()  # the same by mouse
    question.get_by_role("button", name="Cancel").click()
    assert not Confirmation.objects.exists()
    page.keyboard.press("h")
    page.keyboard.press("Enter")

    expect(claim(page)).to_have_text("Whales sing in winter.")
    assert Confirmation.objects.get().start_seconds == 2400
    play_video(page)
    page.locator(".change a.citation").click()
    listen(page, by_key=False)
    page.keyboard.press("h")
    expect(claim(page)).to_have_text("It blocks the NMDA receptor.")
