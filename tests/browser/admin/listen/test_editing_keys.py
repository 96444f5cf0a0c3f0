"""The editor's problems by keyboard, with the number of keys that moving, confirming and dismissing take."""

import pytest
from playwright.sync_api import expect

from articles.models import Confirmation, Dismissal
from tests.browser.admin.editor.test_editor import change_path
from tests.support.browser import Keys, log_in
from tests.support.databases.shared import copied
from tests.support.factories import make_moderator, make_user
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk
from tests.support.scenarios.played_recording import listen, play_video

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@copied
def article():
    make_user("other")
    bodies = [HERE, ELSEWHERE, UNHEARD]
    return make_cited(
        episode=make_talk(youtube_id="abcdefghijk"), by=make_user(), moderator=make_moderator(), bodies=bodies
    )


@pytest.fixture
def keys(new_context, live_server, article):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    log_in(page, live_server, change_path(article), "other")
    page.locator("[data-keys-open]:visible").wait_for()
    return Keys(page)


def claim(keys, words):
    return keys.page.locator("[data-claim=cited]", has_text=words)


def test_moving_the_next_problem_takes_two_keys(keys):
    keys.press("n", "1")

    expect(keys.page.locator("#id_sections-1-body")).to_have_value("It blocks the NMDA receptor [00:19:06].")
    assert keys.count == 2


def test_confirming_and_dismissing_the_next_problems(keys):
    keys.press("n")
    play_video(keys.page)
    listen(keys.page)  # which comes before deciding
    keys.press("h")
    expect(claim(keys, "It blocks")).to_contain_text("Confirmed by other")
    assert keys.count == 2
    assert Confirmation.objects.get().start_seconds == 541

    keys.count = 0
    keys.press("n", "d", "Tab", "Enter")  # the second of the reasons
    expect(claim(keys, "Harbour seals")).to_contain_text("Dismissed by other")
    assert keys.count == 4
    assert Dismissal.objects.get().reason == "paraphrase"


def test_in_the_text_the_same_keys_act_with_alt_on_the_claim_at_the_cursor(keys):
    body = keys.page.locator("#id_sections-1-body")
    body.focus()
    keys.page.keyboard.press("Control+End")

    keys.press("Alt+1")

    expect(body).to_have_value("It blocks the NMDA receptor [00:19:06].")
    assert keys.count == 1
    body.focus()
    keys.page.keyboard.press("Control+End")
    keys.page.keyboard.type(" h1")
    expect(body).to_have_value("It blocks the NMDA receptor [00:19:06]. h1")


def test_the_switch_for_single_keys_leaves_those_with_alt(keys):
    keys.press("?")
    listed = keys.page.get_by_role("dialog", name="Keyboard shortcuts")
    listed.get_by_label("Single keys act outside of text fields").uncheck()
    keys.press("Escape", "n", "1")
    expect(keys.page.locator("#id_sections-1-body")).to_have_value("It blocks the NMDA receptor [00:09:01].")

    keys.press("Alt+n", "Alt+1")

    expect(keys.page.locator("#id_sections-1-body")).to_have_value("It blocks the NMDA receptor [00:19:06].")
