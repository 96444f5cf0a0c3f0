"""The public transcript in a real browser: it reads without scripts, plays where it's clicked, and follows."""

import os

import pytest
from playwright.sync_api import expect

from articles.core.recordings.transcripts.writing import write_webvtt
from articles.importing import import_transcript
from articles.models import Episode
from articles.workflow.content import SectionContent
from tests.support.browser import eventually, faults_in_both, opened, overflow
from tests.support.factories import make_episode, make_published

from .test_reading import AUDIO, SECONDS, serve_audio, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "/shows/night-talks/on-sleep/transcript/"
SPOKEN = ["The night is long & dark, and nobody <really> knows why.", "It has two halves,", "of which one is quiet."]


def lines():
    """A cue every three seconds, two speakers."""
    cues = [f"[{3 * n // 60:02}:{3 * n % 60:02}] {'Ann' if n < 20 else 'Bob'}: {SPOKEN[n % 3]}" for n in range(40)]
    return "\n".join(cues).encode()


@pytest.fixture
def heard(people):
    episode = make_episode(
        duration_seconds=SECONDS, audio_url=AUDIO, chapters=[(0, "Opening"), (50, "The moon")], allows_transcript=True
    )
    import_transcript(episode, lines(), "talk.txt", language="en")
    sections = (SectionContent("First", "The night is long [00:00:05]. It has *two* halves [00:00:18-00:00:24]."),)
    return make_published("night", title="Night", episode=episode, sections=sections, **people)


@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_read_at_any_width_in_both_schemes(new_context, live_server, heard, width):
    page, violations = opened(new_context, viewport={"width": width, "height": 900})
    page.goto(f"{live_server.url}{ADDRESS}")

    if folder := os.environ.get("SCREENSHOTS"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{folder}/transcript-{width}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")
    assert overflow(page) == 0
    assert faults_in_both(page) == []
    assert violations(page) == []
    note, text = (
        page.locator(".passage__notes").first.bounding_box(),
        page.locator(".passage__text").first.bounding_box(),
    )
    assert (note["x"] > text["x"] + text["width"]) is (width == 1280)


def test_it_can_be_read_and_searched_without_scripts(new_context, live_server, heard):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}{ADDRESS}")

    page.get_by_role("searchbox", name="Words, or a phrase").last.fill("quiet")
    page.get_by_role("button", name="Search").last.click()
    page.locator(".moments__time").nth(1).click()

    assert page.url.startswith(f"{live_server.url}{ADDRESS}#t-")
    expect(page.locator(".cue:target")).to_be_visible()
    page.goto(f"{live_server.url}{ADDRESS}find/?t=61")
    expect(page.locator(".cue:target")).to_have_attribute("data-time-start", "60")
    expect(page.locator(".passage__time").first).to_have_attribute("href", f"{AUDIO}#t=0")


def test_a_click_plays_and_the_text_follows(new_context, live_server, heard):
    page, violations = opened(new_context, viewport={"width": 1280, "height": 500})
    serve_audio(page)
    page.goto(f"{live_server.url}{ADDRESS}")

    page.locator('[data-time-start="18"]').click()

    wait_for(page, "document.querySelector('audio')?.currentTime >= 18")
    expect(page.locator(".cue--playing")).to_have_attribute("data-time-start", "18")
    expect(page.get_by_role("region", name="Player")).to_contain_text("It has two halves")
    expect(page.locator("[data-open]")).to_have_attribute("href", f"{AUDIO}#t=0")
    page.evaluate("document.querySelector('audio').currentTime = 100")
    expect(page.locator(".cue--playing")).to_have_attribute("data-time-start", "99")
    expect(page.locator(".cue--playing")).to_be_in_viewport()
    expect(page.locator("[data-open]")).to_have_attribute("href", f"{AUDIO}#t=90")
    page.get_by_role("button", name="Previous passage").click()
    eventually(lambda: float(page.locator(".cue--playing").get_attribute("data-time-start")) < 99)
    assert faults_in_both(page) == []
    page.get_by_role("button", name="Close player").click()
    expect(page.locator(".cue--playing")).to_have_count(0)
    assert violations(page) == []


def test_an_address_may_name_any_second(new_context, live_server, heard):
    page = new_context(viewport={"width": 1280, "height": 500}).new_page()

    page.goto(f"{live_server.url}{ADDRESS}#t=1m31s")

    expect(page.locator(".cue--there")).to_have_attribute("data-time-start", "90")
    expect(page.locator(".cue--there")).to_be_in_viewport()


def test_chromium_reads_the_webvtt_that_is_written(new_context, live_server, heard):
    """A reader that isn't ours: the browser's own parser, which players use."""
    page = new_context().new_page()
    page.goto(f"{live_server.url}{ADDRESS}")

    found = page.evaluate(
        """address => new Promise((resolve, reject) => {
            const video = document.createElement("video");
            const track = Object.assign(document.createElement("track"), { kind: "captions", src: address, default: true });
            track.onload = () => resolve([...track.track.cues].map((cue) => {
                const said = cue.getCueAsHTML();
                return [cue.startTime, cue.endTime, said.firstChild.title ?? "", said.textContent];
            }));
            track.onerror = reject;
            track.track.mode = "hidden";
            video.append(track);
            document.body.append(video);
        })""",
        "/shows/night-talks/on-sleep/transcript.vtt",
    )

    cues = Episode.objects.get().cue_set.order_by("start_seconds")
    assert [row[:2] for row in found] == [[round(c.start_seconds, 3), round(c.end_seconds, 3)] for c in cues]
    assert [row[3] for row in found] == [cue.text for cue in cues]
    assert write_webvtt(cues).count("<v Ann>") == 20
