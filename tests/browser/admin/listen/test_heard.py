"""What counts as heard before a confirmation: a recording that really played around the moment."""

import pytest
from playwright.sync_api import expect

from articles import workflow
from articles.models import Confirmation
from articles.workflow.content import SectionContent
from tests.support.browser import log_in
from tests.support.databases.shared import copied
from tests.support.factories import make_draft, make_episode, make_moderator, make_user
from tests.support.scenarios.played_recording import AUDIO, SECONDS, VIDEO, listen, play_video, serve_audio
from tests.support.scenarios.reviewing import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = "The night is long [00:00:20]. The moon is slow [00:01:00]."


def submitted(**recording):
    editor, episode = make_user(), make_episode(duration_seconds=SECONDS, **recording)
    make_moderator()
    return workflow.submit(
        make_draft("night", by=editor, episode=episode, lead="", sections=(SectionContent("Night", BODY),)), by=editor
    )


@copied
def heard():
    return submitted(audio_url=AUDIO)


@copied
def seen():
    return submitted(youtube_id="abcdefghijk")


def open_first(page, live_server, revision):
    """Open the review page at its first claim."""
    log_in(page, live_server, page_of(revision))
    page.locator("[data-keys-open]:visible").last.wait_for()


def question(page):
    return page.get_by_role("dialog", name="Confirm at")


def expect_asked(page):
    page.keyboard.press("h")
    expect(question(page)).to_contain_text("You haven’t played it on this page.")
    page.keyboard.press("Escape")
    assert not Confirmation.objects.exists()


def test_a_player_that_only_asks_has_played_nothing(page, live_server, seen):
    open_first(page, live_server, seen)
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Play video")).to_be_focused()

    expect_asked(page)


def test_a_frame_that_does_not_say_that_it_plays_has_played_nothing(page, live_server, seen):
    open_first(page, live_server, seen)
    play_video(page)
    page.route(VIDEO, lambda route: route.fulfill(content_type="text/html", body="video"))
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.locator(".player iframe")).to_be_visible()

    expect_asked(page)


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_what_played_there_is_confirmed_at_once_and_nothing_else(page, live_server, request, kind):
    open_first(page, live_server, request.getfixturevalue("heard" if kind == "audio" else "seen"))
    serve_audio(page)
    play_video(page)
    page.keyboard.press("j")
    listen(page)
    page.keyboard.press("j")
    expect_asked(page)
    page.keyboard.press("k")

    page.keyboard.press("h")

    expect(page.locator(".change .status--confirmed")).to_be_visible()
    assert Confirmation.objects.get().start_seconds == 20


@pytest.mark.parametrize("is_reloaded", [False, True])
def test_a_confirmation_is_taken_back_by_a_key(page, live_server, heard, is_reloaded):
    open_first(page, live_server, heard)
    page.keyboard.press("j")
    page.keyboard.press("h")
    question(page).get_by_role("button", name="Confirm at").click()
    expect(page.locator(".change").get_by_role("button", name="Undo")).to_be_visible()
    if is_reloaded:
        page.reload()
        page.locator("[data-keys-open]:visible").last.wait_for()

    page.keyboard.press("u")

    expect(page.locator(".change .status--confirmed")).to_have_count(0)
    expect(page.locator("[data-status]")).to_have_text("Undone. This citation is open again.")
    assert not Confirmation.objects.active().exists()
