"""Cards, player and deep links of the article page, in a real browser."""

import struct

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles import workflow
from articles.contents import SectionContent
from articles.importing import import_transcript
from articles.models import Edition, Episode
from tests.conftest import watch_violations
from tests.factories import make_change, make_episode, make_moderator, make_published, make_user
from tests.talk import as_vtt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_PRELOAD = {"preload": False}
AUDIO = "https://audio.example/night.wav"
SECONDS = 120
SECTIONS = (
    SectionContent("First", "The night is long [00:00:05]. It has *two* halves [00:00:20-00:00:22]."),
    SectionContent("Second", "The moon is slow [00:01:00]."),
)


@pytest.fixture
def people():
    return {"by": make_user(), "moderator": make_moderator()}


@pytest.fixture
def heard(people):
    """An article after an audio file."""
    episode = make_episode(duration_seconds=SECONDS, audio_url=AUDIO, chapters=[(0, "Opening"), (50, "The moon")])
    return make_published("night", title="Night", episode=episode, sections=SECTIONS, **people)


@pytest.fixture
def seen(people):
    """An article after a video."""
    episode = make_episode(duration_seconds=SECONDS, youtube_id="abcdefghijk")
    return make_published("night", title="Night", episode=episode, sections=SECTIONS, **people)


def silence():
    """A WAV file of `SECONDS` seconds: 8 kHz, 8 bits, one channel."""
    size = SECONDS * 8000
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", size
    )
    return head + b"\x80" * size


def serve_audio(page):
    """Answer for the audio file's server, ranges too: without them no browser can seek."""
    data = silence()

    def answer(route):
        first, _, last = route.request.headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")
        start, end = int(first), int(last or len(data) - 1)
        headers = {
            "Content-Type": "audio/wav",
            "Accept-Ranges": "bytes",
            "Content-Range": f"bytes {start}-{end}/{len(data)}",
        }
        route.fulfill(status=206, headers=headers, body=data[start : end + 1])

    page.route(AUDIO + "*", answer)


def wait_until(page, expression):
    """Wait for an expression of the page; the policy lets the browser's own waiting evaluate none."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"Never true: {expression}")


def now(page):
    return page.evaluate("document.querySelector('audio').currentTime")


def test_nothing_is_asked_of_others_and_little_of_us_before_a_press(browser, live_server, seen):
    page = browser.new_context().new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{live_server.url}/articles/night/")
    page.wait_for_load_state("networkidle")
    for_reading = {url.split("/static/")[-1] for url in asked if ".css" not in url}
    page.locator("#c-5").hover()
    expect(page.locator(".card")).to_be_visible()

    # With the stylesheets, which are one when they are collected, five; a catalogue of words is the sixth.
    assert for_reading == {f"{live_server.url}/articles/night/", "js/search.js", "js/words.js", "js/reader/main.js"}
    assert [url for url in asked if not url.startswith(live_server.url)] == []


def test_a_card_tells_claim_moment_and_how_it_was_checked(browser, live_server, heard):
    page = browser.new_context().new_page()
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-60").hover()

    card = page.get_by_role("group", name="About this citation")
    expect(card).to_contain_text("01:00 · The moon")
    expect(card).to_contain_text("The moon is slow.")
    expect(card).to_contain_text("not checked")
    expect(card.get_by_role("link", name="Open where it is published")).to_have_attribute("href", f"{AUDIO}#t=60")


def test_a_card_opens_by_keyboard_and_gives_the_focus_back(browser, live_server, heard):
    page = browser.new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    card = page.get_by_role("group", name="About this citation")
    page.locator("h2 .anchor").first.focus()

    page.keyboard.press("Tab")

    expect(page.locator("#c-5")).to_be_focused()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.locator("#c-5")).to_be_focused()


def test_a_tap_opens_the_card_and_the_card_plays(browser, live_server, heard):
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 800})
    page = context.new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-60").tap()
    page.get_by_role("button", name="Play from 01:00").tap()

    expect(page.get_by_role("region", name="Player")).to_contain_text("The moon is slow.")
    wait_until(page, "document.querySelector('audio')?.currentTime >= 60")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_range_plays_from_its_start_and_stops_at_its_end(browser, live_server, heard):
    page = browser.new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-20").click()

    wait_until(page, "document.querySelector('audio')?.currentTime >= 20")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    wait_until(page, "document.querySelector('audio').paused && document.querySelector('audio').currentTime > 21")
    assert 22 <= now(page) < 23.5
    marked = page.evaluate("[...CSS.highlights.get('playing')].map(range => range.toString()).join('|')")
    assert marked == "It has|two|halves|."


def test_the_player_obeys_the_keyboard_alone(browser, live_server, heard):
    page = browser.new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    player = page.get_by_role("region", name="Player")

    page.locator("#c-5").focus()
    page.keyboard.press("Enter")
    wait_until(page, "document.querySelector('audio')?.currentTime >= 5")
    page.keyboard.press("n")
    expect(player).to_contain_text("It has two halves")
    wait_until(page, "document.querySelector('audio').currentTime >= 20")
    page.keyboard.press("n")
    expect(player).to_contain_text("The moon is slow.")
    wait_until(page, "document.querySelector('audio').currentTime >= 60")
    page.keyboard.press("ArrowRight")
    wait_until(page, "document.querySelector('audio').currentTime >= 70")
    page.keyboard.press("p")
    expect(player).to_contain_text("It has two halves")
    player.get_by_role("button", name="Close the player").focus()
    page.keyboard.press("Enter")

    expect(player).to_be_hidden()
    expect(page.locator("#c-20")).to_be_focused()


def test_all_citations_are_played_one_after_another(browser, live_server, heard):
    page = browser.new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    page.locator("#c-20").click()
    wait_until(page, "document.querySelector('audio')?.currentTime >= 20")

    page.get_by_label("What is played").select_option("All, as in the text")

    expect(page.get_by_role("region", name="Player")).to_contain_text("The moon is slow.")
    wait_until(page, "document.querySelector('audio').currentTime >= 60")


def test_a_video_is_asked_for_only_after_the_reader_agrees_and_remembers_it(browser, live_server, seen):
    context = browser.new_context()
    violations = watch_violations(context)
    page = context.new_page()
    asked = []
    context.route(
        "https://www.youtube-nocookie.com/**",
        lambda route: (asked.append(route.request.url), route.fulfill(body="video"))[0],
    )
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-5").click()
    expect(page.get_by_text("This recording is on YouTube.")).to_be_visible()
    before = list(asked)
    page.get_by_label("Do not ask again in this browser").check()
    page.get_by_role("button", name="Play the video").click()
    expect(page.get_by_title("Video of the recording")).to_be_visible()
    page.reload()
    page.locator("#c-60").click()

    expect(page.get_by_title("Video of the recording")).to_be_visible()
    assert before == []
    assert "/embed/abcdefghijk?start=5&" in asked[0]
    assert "/embed/abcdefghijk?start=60&" in asked[-1]
    assert violations(page) == []
    assert context.cookies() == []


@pytest.mark.parametrize("address", ["?t=58", "#t=61"])
def test_an_address_with_a_time_opens_the_page_at_the_nearest_citation(browser, live_server, heard, address):
    page = browser.new_context(viewport={"width": 800, "height": 400}).new_page()

    page.goto(f"{live_server.url}/articles/night/{address}")

    expect(page.locator("#c-60")).to_be_in_viewport()
    expect(page.get_by_role("group", name="About this citation")).to_contain_text("The moon is slow.")


def test_a_text_that_changed_since_the_last_visit_says_so(browser, live_server, heard, people):
    page = browser.new_context().new_page()
    page.goto(f"{live_server.url}/articles/night/")
    publish_change(heard, people)

    page.goto(f"{live_server.url}/articles/night/?fresh")

    note = page.get_by_text("This text has changed since you last read it (revision 1).")
    expect(note).to_be_visible()
    expect(note.get_by_role("link")).to_have_attribute("href", "/articles/night/revisions/1/")


def publish_change(article, people):
    change = make_change(article, by=people["by"], title="Night, longer")
    workflow.approve(change, by=people["moderator"])
    workflow.publish(change, by=people["moderator"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_card_and_player_are_accessible_and_fit(browser, live_server, heard, width, scheme):
    episode = Episode.objects.get()
    Episode.objects.update(allows_excerpts=True)
    import_transcript(episode, as_vtt(), "talk.vtt")
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    violations = watch_violations(context)
    page = context.new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-20").click()
    wait_until(page, "document.querySelector('audio')?.currentTime >= 20")
    page.locator("#c-60").scroll_into_view_if_needed()
    page.locator("#c-60").hover()
    expect(page.locator(".card")).to_be_visible()

    found = {
        rule["id"]: [node["html"] for node in rule["nodes"]]
        for rule in Axe().run(page, options=NO_PRELOAD).response["violations"]
    }
    assert found == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_the_player_plays_the_edition_that_the_reader_chose(browser, live_server, heard):
    edition = Edition.objects.create(
        episode=Episode.objects.get(), key="feed", title="Feed", audio_url="https://audio.example/night.wav?feed"
    )
    edition.stretch_set.create(start_seconds=0, end_seconds=90, offset_seconds=30)
    page = browser.new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/?edition=feed")

    page.locator("#c-20").click()

    wait_until(page, "document.querySelector('audio')?.currentTime >= 50")
    assert page.evaluate("document.querySelector('audio').src") == f"{edition.audio_url}#t=50"
    wait_until(page, "document.querySelector('audio').paused")
    assert 52 <= now(page) < 53.5
    expect(page.get_by_role("region", name="Player")).to_contain_text("from 00:20")
