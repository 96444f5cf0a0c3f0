"""An episode's transcript in the admin, in a real browser: hear it, follow it, search it, and get to what cites it."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from articles import workflow
from articles.importing import import_transcript
from articles.views.recordings.transcripts import passages
from articles.workflow.content import SectionContent, content_of
from tests.browser.reader.test_transcript import lines
from tests.support.browser import faults_in_both, log_in, opened, overflow
from tests.support.factories import make_episode, make_published
from tests.support.scenarios.played_recording import AUDIO, SECONDS, serve_audio, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def path(people):
    """The page's path; the recording is cited by a published text nine times at once, and by a draft."""
    episode = make_episode(duration_seconds=SECONDS, audio_url=AUDIO, chapters=[(0, "Opening"), (50, "The moon")])
    import_transcript(episode, lines(), "talk.txt", language="en")
    said = [f"The night is long, for the {number}th time [00:00:05]." for number in range(9)]
    sections = (SectionContent("First", " ".join(said)),)
    article = make_published("night", title="Night", episode=episode, sections=sections, **people)
    content = replace(
        content_of(article.published_revision), sections=(SectionContent("Second", "It is quiet [00:01:31]."),)
    )
    workflow.start_draft(article, content, by=people["by"], base=article.published_revision)
    return f"/admin/articles/episode/{episode.pk}/transcript/"


@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_read_at_any_width_in_both_schemes(new_context, live_server, path, width):
    page, violations = opened(new_context, viewport={"width": width, "height": 900})
    serve_audio(page)
    log_in(page, live_server, path, "editor")

    page.get_by_text("+ 7 more").click()
    page.locator('[data-time-start="18"]').click()

    expect(page.get_by_role("region", name="Player")).to_be_visible()
    assert overflow(page) == 0
    assert faults_in_both(page) == []
    assert violations(page) == []
    note, text = (page.locator(name).first.bounding_box() for name in (".passage__margin", ".passage__text"))
    assert (note["x"] > text["x"] + text["width"]) is (width == 1280)


def test_a_keyboard_is_enough(new_context, live_server, path, monkeypatch):
    monkeypatch.setattr(passages, "PER_PAGE", 20)
    page, violations = opened(new_context, viewport={"width": 1280, "height": 500})
    serve_audio(page)
    log_in(page, live_server, path, "editor")

    page.get_by_role("link", name="Listen at 00:00").press("Enter")
    wait_for(page, "document.querySelector('audio')?.currentTime > 0")
    expect(page.locator(".cue--playing")).to_have_attribute("data-time-start", "0")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cue--playing")).to_have_attribute("data-time-start", "9")
    page.get_by_role("button", name="Next passage").press("Enter")
    page.get_by_role("button", name="Next passage").press("Enter")
    # The third passage is on the second page.
    expect(page.locator(".cue--playing")).to_have_attribute("data-time-start", "60")
    expect(page).to_have_url(f"{live_server.url}{path}?page=2")
    expect(page.locator(".cue--there, .passage[aria-current]")).to_have_count(0)
    page.get_by_role("button", name="Close player").press("Enter")
    expect(page.locator(".cue--playing")).to_have_count(0)

    page.get_by_role("link", name="It is quiet.").press("Enter")
    expect(page.locator(":target")).to_contain_text("It is quiet.")
    expect(page.locator(":target")).to_be_in_viewport()
    assert violations(page) == []


def test_the_keys_of_the_other_pages_play_and_step(new_context, live_server, path):
    page = new_context(viewport={"width": 1280, "height": 700}).new_page()
    serve_audio(page)
    log_in(page, live_server, path, "editor")
    page.locator("[data-keys-open]:visible").wait_for()

    page.get_by_role("link", name="Listen at 01:00").focus()
    page.keyboard.press("p")
    wait_for(page, "document.querySelector('audio')?.currentTime >= 57")  # three seconds before
    page.keyboard.press("p")
    wait_for(page, "document.querySelector('audio').paused")
    before = page.evaluate("document.querySelector('audio').currentTime")
    page.keyboard.press("]")
    wait_for(page, f"Math.abs(document.querySelector('audio').currentTime - {before} - 2) < 0.1")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Back 2 seconds")


@pytest.mark.parametrize("address", ["{path}?q=quiet", "/admin/search/transcripts/?q=quiet"])
def test_results_of_a_search_are_heard_in_place(new_context, live_server, path, address):
    page, violations = opened(new_context, viewport={"width": 1280, "height": 700})
    serve_audio(page)
    log_in(page, live_server, address.format(path=path), "editor")
    page.locator("[data-keys-open]:visible").wait_for()

    page.locator("a.transcript__time, a.transcript-search__time").first.click()

    wait_for(page, "document.querySelector('audio')?.currentTime > 0")
    expect(page.locator(".player__said [aria-current]")).to_have_count(1)
    assert "q=quiet" in page.url
    assert faults_in_both(page) == []
    assert violations(page) == []


def test_search_and_chapters_lead_to_the_words(new_context, live_server, path, monkeypatch):
    monkeypatch.setattr(passages, "PER_PAGE", 10)
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, live_server, path, "editor")

    page.get_by_role("searchbox", name="Words, or a phrase").fill("quiet")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="in the transcript").last.click()

    expect(page.locator(".cue--there")).to_contain_text("quiet")
    expect(page.locator("#there")).to_be_visible()
    page.get_by_text("Chapters").click()
    page.get_by_role("link", name="The moon").click()
    expect(page.locator(".cue:target")).to_have_attribute("data-time-start", "51")
    expect(page.get_by_text("Part 2 of 4")).to_be_visible()


def test_any_second_has_an_address(new_context, live_server, path, monkeypatch):
    monkeypatch.setattr(passages, "PER_PAGE", 10)
    page = new_context(viewport={"width": 1280, "height": 500}).new_page()

    log_in(page, live_server, f"{path}#t=00:01:31,00:01:37", "editor")
    page.goto(f"{live_server.url}{path}#t=00:01:31,00:01:37")

    expect(page.locator(".cue--there")).to_have_count(3)
    expect(page.locator(".cue--there").first).to_have_attribute("data-time-start", "90")
    expect(page.locator(".cue--there").first).to_be_in_viewport()


def test_without_a_recording_to_hear_there_is_no_player(new_context, live_server, people):
    episode = make_episode()
    import_transcript(episode, lines(), "talk.txt", language="en")
    page, _ = opened(new_context)
    log_in(page, live_server, f"/admin/articles/episode/{episode.pk}/transcript/", "editor")

    page.locator('[data-time-start="18"]').click()

    expect(page.get_by_role("region", name="Player")).to_have_count(0)
    expect(page.locator(".passage__time").first).to_have_attribute("href", "#t-0")
