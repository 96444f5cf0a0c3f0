"""The public transcript in a real browser: it reads without scripts, plays where it's clicked, and follows."""

import json
import os

import pytest
from playwright.sync_api import expect

from articles.core.recordings.transcripts.writing import write_webvtt
from articles.importing import import_transcript
from articles.models import Episode
from articles.views.recordings.transcripts import passages
from articles.workflow.content import SectionContent
from tests.support.browser import eventually, faults_in_both, opened, overflow
from tests.support.factories import make_episode, make_published
from tests.support.scenarios.played_recording import AUDIO, SECONDS, serve_audio, wait_for

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


def test_a_control_character_in_one_cue_turns_no_other_round(new_context, live_server, heard):
    """U+202E shows what follows from right to left, up to the end of what is isolated with it."""
    texts = ["\u202eThe night", *SPOKEN[1:]]
    cues = [f"00:{3 * n:02}.000 --> 00:{3 * n + 3:02}.000\n{text}\n" for n, text in enumerate(texts)]
    turned = "\n".join(["WEBVTT\n", *cues]).encode()
    import_transcript(Episode.objects.get(), turned, "talk.vtt", language="en", is_confirmed=True)
    page, _ = opened(new_context, viewport={"width": 1280, "height": 900})
    page.goto(f"{live_server.url}{ADDRESS}")

    columns = page.locator(".cue").evaluate_all(
        """cues => cues.slice(0, 3).map(cue => [0, 1].map(i => {
            const range = document.createRange(), start = cue.textContent.startsWith("\u202e") ? 1 : 0
            range.setStart(cue.firstChild, start + i)
            range.setEnd(cue.firstChild, start + i + 1)
            return range.getClientRects()[0].left
        }))"""
    )

    assert [first < second for first, second in columns] == [False, True, True]


def test_it_can_be_read_and_searched_without_scripts(new_context, live_server, heard):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}{ADDRESS}")

    page.get_by_role("searchbox", name="Words, or a phrase").last.fill("quiet")
    page.get_by_role("button", name="Search").last.click()
    page.locator(".moments__claim").nth(1).click()

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


def there(page):
    """The starts of the cues that the address names."""
    return [cue.get_attribute("data-time-start") for cue in page.locator(".cue--there, .cue:target").all()]


FRAGMENTS = {
    "t=91": ["90"],
    "t=91.5": ["90"],
    "t=1m31s": ["90"],
    "t=00:01:31": ["90"],
    "t=npt:91": ["90"],
    "t=91,97": ["90", "93", "96"],
    "t=00:01:31,00:01:33": ["90"],
    "t-91": ["90"],
    "t-90": ["90"],
}


@pytest.mark.parametrize("per_page", [800, 10])
def test_an_address_may_name_any_second(new_context, live_server, heard, monkeypatch, per_page):
    monkeypatch.setattr(passages, "PER_PAGE", per_page)
    context = new_context(viewport={"width": 1280, "height": 500})

    for fragment, starts in FRAGMENTS.items():
        page = context.new_page()
        page.goto(f"{live_server.url}{ADDRESS}#{fragment}")

        eventually(lambda page=page, fragment=fragment: (fragment, there(page)), (fragment, starts))
        expect(page.locator(".cue--there, .cue:target").first, fragment).to_be_in_viewport()
        expect(page).to_have_url(f"{live_server.url}{ADDRESS}{'?page=4' if per_page == 10 else ''}#{fragment}")
        # The same for an address that is entered while the page is open.
        page.evaluate("location.hash = 't=1'")
        eventually(lambda page=page, fragment=fragment: (fragment, there(page)), (fragment, ["0"]))
        page.close()


def test_playback_goes_on_across_the_pages(new_context, live_server, heard, monkeypatch):
    monkeypatch.setattr(passages, "PER_PAGE", 10)
    page, violations = opened(new_context, viewport={"width": 1280, "height": 500})
    serve_audio(page)
    page.goto(f"{live_server.url}{ADDRESS}")
    page.get_by_role("link", name="Listen at 00:00").focus()

    page.keyboard.press("Enter")
    wait_for(page, "document.querySelector('audio')?.currentTime > 0")
    page.evaluate("document.querySelector('audio').currentTime = 29")

    expect(page.locator(".cue--playing")).to_have_attribute("data-time-start", "30")
    expect(page.locator(".cue--playing")).to_be_in_viewport()
    expect(page).to_have_url(f"{live_server.url}{ADDRESS}?page=2")
    assert page.evaluate("document.activeElement.closest('.passage') !== null")
    assert not page.evaluate("document.querySelector('audio').paused")
    expect(page.get_by_role("link", name="Earlier")).to_have_attribute("href", "?page=1")
    # The passages before and after are reached across pages, too.
    page.get_by_role("button", name="Previous passage").click()
    expect(page).to_have_url(f"{live_server.url}{ADDRESS}")
    page.evaluate("document.querySelector('audio').currentTime = 119")
    expect(page).to_have_url(f"{live_server.url}{ADDRESS}?page=4")
    assert violations(page) == []


def test_a_page_that_cannot_be_loaded_leaves_what_is_shown(new_context, live_server, heard, monkeypatch):
    monkeypatch.setattr(passages, "PER_PAGE", 10)
    page, _ = opened(new_context, viewport={"width": 1280, "height": 500})
    serve_audio(page)
    page.route("**/?page=*", lambda route: route.abort())
    page.goto(f"{live_server.url}{ADDRESS}")

    page.locator('[data-time-start="27"]').click()
    wait_for(page, "document.querySelector('audio')?.currentTime >= 27")
    page.evaluate("document.querySelector('audio').currentTime = 50")

    wait_for(page, "document.querySelector('audio').currentTime > 50.5")
    expect(page.locator(".cue")).to_have_count(10)
    expect(page.get_by_role("link", name="Later")).to_be_visible()


def test_annotation_tools_find_the_times_of_selected_words(new_context, live_server, heard):
    """As Hypothesis anchors in transcripts: the nearest elements with times around both ends of a selection."""
    page = new_context().new_page()
    page.goto(f"{live_server.url}{ADDRESS}")

    selected = page.evaluate(
        """() => {
            const [from, to] = [...document.querySelectorAll(".cue")].slice(2, 4);
            const range = document.createRange();
            range.setStart(from.firstChild, 3);
            range.setEnd(to.firstChild, 5);
            const closest = (node, name) => node.parentElement.closest(`[${name}]`).getAttribute(name);
            return [closest(range.startContainer, "data-time-start"), closest(range.endContainer, "data-time-end")];
        }"""
    )
    times = page.evaluate(
        "[...document.querySelectorAll('[data-time-start][data-time-end]')].map((cue) => [Number(cue.dataset.timeStart), Number(cue.dataset.timeEnd)])"
    )

    assert [float(second) for second in selected] == [6, 12]
    assert len(times) == 40
    assert all(start < end for start, end in times)
    assert [start for start, _ in times] == sorted(start for start, _ in times)


@pytest.mark.parametrize("scripts", [True, False])
def test_many_citations_of_one_passage_are_folded(new_context, live_server, heard, people, scripts):
    claims = " ".join(f"The night is long, for the {number}th time [00:00:05]." for number in range(9))
    make_published(
        "more", title="More", episode=Episode.objects.get(), sections=(SectionContent("One", claims),), **people
    )
    page = new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts).new_page()
    page.goto(f"{live_server.url}{ADDRESS}")
    passage = page.locator(".passage").first

    margin, text = passage.locator(".passage__margin"), passage.locator(".passage__text")
    assert margin.bounding_box()["height"] < text.bounding_box()["height"] + 300
    passage.get_by_text("+ 9 more").focus()
    expect(page.get_by_text("for the 8th time")).to_be_hidden()
    page.keyboard.press("Enter")

    expect(page.get_by_text("for the 8th time")).to_be_visible()
    if scripts:
        assert faults_in_both(page) == []


# [start, end, title of a voice, text] of each cue of a track, as Chromium's own parser gives them.
READ_TRACK = """([kind, src]) => new Promise((resolve, reject) => {
    const video = document.createElement("video");
    const track = Object.assign(document.createElement("track"), { kind, src, default: true });
    track.onload = () => resolve([...track.track.cues].map((cue) => {
        const said = cue.getCueAsHTML();
        return [cue.startTime, cue.endTime, said.firstChild.title ?? "", kind === "metadata" ? cue.text : said.textContent];
    }));
    track.onerror = reject;
    track.track.mode = "hidden";
    video.append(track);
    document.body.append(video);
})"""


def test_chromium_reads_the_track_of_citations(new_context, live_server, heard, people):
    claim = "Said: </c> --> <b>& “so”"
    sections = (SectionContent("One", f"{claim} [00:00:05]. It ends [00:01:55]."),)
    make_published("more", title="--> <i>", episode=Episode.objects.get(), sections=sections, **people)
    page = new_context().new_page()
    page.goto(f"{live_server.url}{ADDRESS}")

    found = page.evaluate(READ_TRACK, ["metadata", "/shows/night-talks/on-sleep/citations.vtt"])

    assert [(start, end) for start, end, *_ in found] == [(5, 15), (5, 15), (18, 24), (115, SECONDS)]
    values = [json.loads(text) for *_, text in found]
    assert [value["article"] for value in values] == ["Night", "--> <i>", "Night", "--> <i>"]
    assert values[1]["claim"].startswith("Said: ")
    assert "--> <b>& “so”" in values[1]["claim"]


def test_chromium_reads_the_webvtt_that_is_written(new_context, live_server, heard):
    """A reader that isn't ours: the browser's own parser, which players use."""
    page = new_context().new_page()
    page.goto(f"{live_server.url}{ADDRESS}")

    found = page.evaluate(READ_TRACK, ["captions", "/shows/night-talks/on-sleep/transcript.vtt"])

    cues = Episode.objects.get().cue_set.order_by("start_seconds")
    assert [row[:2] for row in found] == [[round(c.start_seconds, 3), round(c.end_seconds, 3)] for c in cues]
    assert [row[3] for row in found] == [cue.text for cue in cues]
    assert write_webvtt(cues).count("<v Ann>") == 20
