"""The player of the article page, in a real browser."""

import pytest
from playwright.sync_api import expect

from articles.core.recordings.editions import OffsetMap, Piece
from articles.importing import import_transcript
from articles.models import Edition, Episode
from articles.workflow.recordings import change_episode
from tests.support.browser import eventually, faults_in_both, watch_violations
from tests.support.samples.talk import as_vtt
from tests.support.scenarios.played_recording import AUDIO, SECONDS, now, serve_audio, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_range_plays_from_start_to_end(new_context, live_server, heard):
    page = new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-20").click()

    wait_for(page, "document.querySelector('audio')?.currentTime >= 20")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    wait_for(page, "document.querySelector('audio').paused && document.querySelector('audio').currentTime > 21")
    assert 22 <= now(page) < 30  # the browser tells the time when it gets to it
    marked = "[...CSS.highlights.get('playing')].map(range => range.toString()).join('|')"
    eventually(lambda: page.evaluate(marked), "It has|two|halves|.")


def test_player_works_by_keyboard(new_context, live_server, heard):
    page = new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    player = page.get_by_role("region", name="Player")

    page.locator("#c-5").focus()
    page.keyboard.press("Enter")
    wait_for(page, "document.querySelector('audio')?.currentTime >= 5")
    page.keyboard.press("n")
    expect(player).to_contain_text("It has two halves")
    wait_for(page, "document.querySelector('audio').currentTime >= 20")
    page.keyboard.press("n")
    expect(player).to_contain_text("The moon is slow.")
    wait_for(page, "document.querySelector('audio').currentTime >= 60")
    page.keyboard.press("ArrowRight")
    wait_for(page, "document.querySelector('audio').currentTime >= 70")
    page.keyboard.press("p")
    expect(player).to_contain_text("It has two halves")
    player.get_by_role("button", name="Close player").focus()
    page.keyboard.press("Enter")

    expect(player).to_be_hidden()
    expect(page.locator("#c-20")).to_be_focused()


def test_space_pauses_while_playing_and_scrolls_otherwise(new_context, live_server, heard):
    page = new_context(viewport={"width": 390, "height": 400}).new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    page.locator("#c-5").click()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    wait_for(page, "document.querySelector('audio')?.currentTime >= 5.5")

    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    paused, before = now(page), page.evaluate("scrollY")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")

    wait_for(page, f"scrollY > {before}")
    assert now(page) == pytest.approx(paused, abs=0.5)
    assert page.evaluate("document.querySelector('audio').paused")


def test_media_session_shows_and_controls_playback(new_context, live_server, heard):
    page = new_context().new_page()
    page.add_init_script(
        """window.handlers = {};
        MediaSession.prototype.setActionHandler = (name, handler) => { window.handlers[name] = handler; };
        MediaSession.prototype.setPositionState = (state) => { window.position = state; };"""
    )
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    page.locator("#c-5").click()
    wait_for(page, "document.querySelector('audio')?.currentTime >= 5 && window.position?.position >= 5")

    wait_for(page, "navigator.mediaSession.playbackState === 'playing'")
    shown = page.evaluate("(({title, artist, album, artwork}) => [title, artist, album, artwork[0].src])(navigator.mediaSession.metadata)")  # fmt: skip
    assert shown[1:] == [str(heard.published_revision.source_set.get().episode.title), "Night", f"{live_server.url}/articles/night/share.png"]  # fmt: skip
    assert page.evaluate("[navigator.mediaSession.playbackState, position.duration, position.playbackRate]") == ["playing", SECONDS, 1]  # fmt: skip

    page.evaluate("handlers.play()")  # it plays already
    page.evaluate("handlers.nexttrack()")
    wait_for(page, "document.querySelector('audio').currentTime >= 20")
    page.evaluate("handlers.seekto({seekTime: 40})")
    wait_for(page, "document.querySelector('audio').currentTime >= 40")
    page.evaluate("handlers.seekforward()")
    wait_for(page, "document.querySelector('audio').currentTime >= 50")
    page.evaluate("handlers.pause()")
    wait_for(page, "navigator.mediaSession.playbackState === 'paused' && document.querySelector('audio').paused")
    page.evaluate("handlers.pause()")
    assert page.evaluate("document.querySelector('audio').paused")
    page.evaluate("handlers.stop()")
    expect(page.get_by_role("region", name="Player")).to_be_hidden()
    wait_for(page, "navigator.mediaSession.playbackState === 'none'")


def test_slider_seeks(new_context, live_server, heard):
    page = new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    page.locator("#c-5").click()
    slider = page.get_by_role("slider", name="Position")
    expect(slider).to_have_attribute("max", str(SECONDS))
    page.get_by_role("button", name="Pause").click()
    wait_for(page, "document.querySelector('audio').paused")

    slider.fill("90")

    wait_for(page, "Math.round(document.querySelector('audio').currentTime) === 90")
    expect(slider).to_have_attribute("aria-valuetext", "01:30 of 02:00")
    expect(page.locator(".player__map rect")).to_have_count(3)


def test_citation_track_is_loaded_with_the_audio(new_context, live_server, heard):
    page = new_context().new_page()
    serve_audio(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/articles/night/")
    track = f"{live_server.url}{page.locator('[data-recording]').get_attribute('data-citations')}"
    before = list(asked)

    page.locator("#c-5").click()

    wait_for(page, "document.querySelector('audio > track')?.readyState === 2")
    told = page.evaluate(
        "[...document.querySelector('audio').textTracks[0].cues].map((cue) => [cue.startTime, JSON.parse(cue.text).url])"
    )
    assert track not in before
    assert page.locator("audio > track").get_attribute("kind") == "metadata"
    assert [start for start, _ in told] == [5, 20, 60]
    assert all("/articles/night/#c-" in url for _, url in told)


@pytest.mark.parametrize(("language", "slow"), [("en", "0.75 ×"), ("de", "0,75 ×")])
def test_speeds_are_written_as_the_language_writes_numbers(new_context, live_server, heard, language, slow):
    page = new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    page.evaluate("language => { document.documentElement.lang = language }", language)

    page.locator("#c-5").click()

    expect(page.get_by_label("Speed").locator("option").first).to_have_text(slow)
    expect(page.get_by_label("Speed").locator("option").first).to_have_attribute("value", "0.75")


def test_speed_is_remembered(new_context, live_server, heard):
    page = new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    page.locator("#c-5").click()

    page.get_by_label("Speed").select_option("1.5")
    wait_for(page, "document.querySelector('audio').playbackRate === 1.5")
    page.get_by_role("button", name="Close player").click()
    page.reload()
    page.locator("#c-60").click()

    expect(page.get_by_label("Speed")).to_have_value("1.5")
    wait_for(page, "document.querySelector('audio')?.playbackRate === 1.5")


def test_all_citations_play_in_sequence(new_context, live_server, heard):
    page = new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    page.locator("#c-20").click()
    wait_for(page, "document.querySelector('audio')?.currentTime >= 20")

    page.get_by_label("What to play").select_option("All, in article order")

    expect(page.get_by_role("region", name="Player")).to_contain_text("The moon is slow.")
    wait_for(page, "document.querySelector('audio').currentTime >= 60")


def test_video_is_loaded_only_with_consent_which_is_remembered(new_context, live_server, seen):
    context = new_context()
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
    page.get_by_label("Don’t ask again in this browser").check()
    page.get_by_role("button", name="Play video").click()
    expect(page.get_by_title("Video of the episode")).to_be_visible()
    page.reload()
    page.locator("#c-60").click()

    expect(page.get_by_title("Video of the episode")).to_be_visible()
    assert before == []
    assert "/embed/abcdefghijk?start=5&" in asked[0]
    assert "/embed/abcdefghijk?start=60&" in asked[-1]
    assert violations(page) == []
    assert context.cookies() == []


def test_missing_recording_shows_an_error_and_a_link(new_context, live_server, heard):
    page = new_context().new_page()
    page.route(AUDIO + "*", lambda route: route.abort())
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-60").click()

    player = page.get_by_role("region", name="Player")
    expect(player).to_contain_text("Can’t load the audio file.")
    expect(player.get_by_role("link", name="Open the recording")).to_have_attribute("href", f"{AUDIO}#t=60")


def test_reloaded_tab_keeps_the_position_and_loads_no_recording(new_context, live_server, heard):
    page = new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    page.locator("#c-60").click()
    wait_for(page, "document.querySelector('audio')?.currentTime >= 61")
    asked = []

    page.on("request", lambda request: asked.append(request.url))
    page.reload()

    player = page.get_by_role("region", name="Player")
    expect(player).to_contain_text("Paused")
    assert [url for url in asked if url.startswith(AUDIO)] == []
    player.get_by_role("button", name="Play", exact=True).click()
    wait_for(page, "document.querySelector('audio')?.currentTime >= 61")


def test_focus_is_never_hidden_by_the_player(new_context, live_server, heard):
    page = new_context(viewport={"width": 800, "height": 400}).new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")
    page.locator("#c-5").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    under = []

    for _ in range(12):
        page.keyboard.press("Tab")
        under += page.evaluate(
            "() => { const one = document.activeElement, bar = document.querySelector('.player');"
            " return !bar.contains(one) && !one.closest('.card')"
            " && one.getBoundingClientRect().bottom > bar.getBoundingClientRect().top ? [one.outerHTML] : []; }"
        )

    assert under == []


@pytest.mark.parametrize("width", [320, 1280])
def test_card_and_player_are_accessible_and_fit(new_context, live_server, heard, width):
    episode = Episode.objects.get()
    Episode.objects.update(allows_excerpts=True)
    import_transcript(episode, as_vtt(), "talk.vtt", is_confirmed=True)
    context = new_context(viewport={"width": width, "height": 800})
    violations = watch_violations(context)
    page = context.new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/")

    page.locator("#c-20").click()
    wait_for(page, "document.querySelector('audio')?.currentTime >= 20")
    page.locator("#c-60").scroll_into_view_if_needed()
    page.locator("#c-60").hover()
    expect(page.locator(".card")).to_be_visible()

    assert faults_in_both(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_player_plays_the_chosen_edition(new_context, live_server, heard):
    edition = Edition(
        episode=Episode.objects.get(), key="feed", title="Feed", audio_url="https://audio.example/night.wav?feed"
    )
    with change_episode(edition.episode, at_once=True) as change:
        change.save_editions([(edition, OffsetMap([Piece(0, 90, 30)]))])
    page = new_context().new_page()
    serve_audio(page)
    page.goto(f"{live_server.url}/articles/night/?edition=feed")

    page.locator("#c-20").click()

    wait_for(page, "document.querySelector('audio')?.currentTime >= 50")
    assert page.evaluate("document.querySelector('audio').src") == f"{edition.audio_url}#t=50"
    wait_for(page, "document.querySelector('audio').paused")
    assert 52 <= now(page) < 60
    expect(page.get_by_role("region", name="Player")).to_contain_text("from 00:20")
