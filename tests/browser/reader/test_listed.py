"""Listed timestamps play where they are: on citation reports, episodes, search results, and what is found in a transcript."""

import pytest
from playwright.sync_api import expect

from articles.importing import import_transcript
from articles.workflow.content import SectionContent
from tests.support.browser import faults_in_both, opened, overflow
from tests.support.factories import make_episode, make_published
from tests.support.scenarios.played_recording import AUDIO, SECONDS, serve_audio, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EPISODE = "/shows/night-talks/on-sleep/"
CLAIMS = [(5, "The night is long."), (90, "The night has two halves.")]
# Address: second and text of its first two timestamps.
LISTS = {
    "/articles/night/revisions/1/citations/": CLAIMS,
    EPISODE: CLAIMS,
    "/search/?q=night": CLAIMS,
    f"{EPISODE}transcript/find/?q=night": [(5, "The night is really long"), (90, "In the night there are two halves")],
}


def publish(people, **recording):
    episode = make_episode(duration_seconds=SECONDS, allows_transcript=True, **recording)
    lines = "00:05 The night is really long\n00:50 of which one is quiet\n01:30 In the night there are two halves"
    import_transcript(episode, lines.encode(), "talk.txt", language="en")
    sections = (SectionContent("First", "The night is long [00:00:05]. The night has two halves [00:01:30]."),)
    return make_published("night", title="Seals", lead="", episode=episode, sections=sections, **people)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("address", LISTS)
def test_a_click_plays_the_timestamp_on_the_page(new_context, live_server, people, address, width):
    publish(people, audio_url=AUDIO)
    page, violations = opened(new_context, viewport={"width": width, "height": 800})
    serve_audio(page)
    scripts = []
    page.on("request", lambda request: scripts.append(request.url) if "/player/" in request.url else None)
    page.goto(f"{live_server.url}{address}", wait_until="networkidle")
    (start, claim), (next_start, next_claim) = LISTS[address]
    first, second = (
        page.get_by_role("link", name=f"Listen at {at // 60:02}:{at % 60:02}").first for at in (start, next_start)
    )
    assert scripts == []

    first.click()

    player = page.get_by_role("region", name="Player")
    wait_for(page, f"document.querySelector('audio')?.currentTime >= {start}")
    expect(player).to_contain_text(claim)
    expect(first).to_have_attribute("aria-current", "true")
    assert page.url == f"{live_server.url}{address}"
    colour, ground, height, line, width, text = first.evaluate(
        "link => { const style = getComputedStyle(link), words = document.createRange(); words.selectNodeContents(link);"
        "const [box, text] = [link, words].map(one => one.getBoundingClientRect());"
        "return [style.color, style.backgroundColor, box.height, parseFloat(style.lineHeight), box.width, text.width]; }"
    )
    assert colour != ground
    assert height < 1.5 * line  # marked is the time alone
    assert width == pytest.approx(text, abs=30)
    assert overflow(page) == 0
    assert faults_in_both(page) == []

    player.get_by_role("button", name="Next citation (N)").click()
    expect(second).to_have_attribute("aria-current", "true")
    expect(first).not_to_have_attribute("aria-current", "true")
    expect(player).to_contain_text(next_claim)
    wait_for(page, f"Math.abs(document.querySelector('audio').currentTime - {next_start}) < 15")
    page.keyboard.press("p")
    expect(first).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(player).to_be_hidden()
    expect(first).to_be_focused()
    assert violations(page) == []


@pytest.mark.parametrize("address", LISTS)
def test_a_video_is_asked_about_first_and_other_clicks_leave_as_before(new_context, live_server, people, address):
    publish(people, youtube_id="abcdefghijk")
    context = new_context()
    page = context.new_page()
    asked = []
    context.route("https://**", lambda route: asked.append(route.request.url) or route.abort())
    page.goto(f"{live_server.url}{address}")
    first = page.get_by_role("link", name="Listen at 00:05").first

    first.click()

    expect(page.get_by_text("This recording is on YouTube. Playing it here sends YouTube")).to_be_visible()
    expect(page.get_by_role("button", name="Play video")).to_be_focused()
    assert asked == []
    assert page.url == f"{live_server.url}{address}"
    page.get_by_role("button", name="Close player").click()
    with context.expect_page() as other:
        first.click(modifiers=["Control"])
    assert other.value is not page
    expect(page.get_by_role("region", name="Player")).to_be_hidden()


def test_a_link_still_leads_to_the_recording_if_the_player_cannot_be_loaded(new_context, live_server, people):
    publish(people, audio_url=AUDIO)
    page = new_context().new_page()
    serve_audio(page)
    page.route("**/listed/playback*", lambda route: route.abort())
    page.goto(f"{live_server.url}{EPISODE}")

    page.get_by_role("link", name="Listen at 00:05").first.click()

    expect(page).to_have_url(f"{AUDIO}#t=5")
