"""The docked player of the admin's pages: it plays where a timestamp is listed, and follows the transcript."""

import re

import pytest
from playwright.sync_api import expect

from articles import workflow
from articles.importing import import_transcript
from articles.models import CorrectionRequest
from articles.workflow.collaboration import correction_requests
from articles.workflow.content import SectionContent
from tests.browser.admin.editor.test_editor import change_path
from tests.browser.reader.test_transcript import lines
from tests.support.browser import begin_session, eventually, faults_in_both, log_in, opened, overflow
from tests.support.databases.shared import copied
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.played_recording import AUDIO, SECONDS, VIDEO, now, serve_audio, wait_for
from tests.support.scenarios.reviewing import page_of, sections_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What YouTube's frame says to the page that embeds it, and does when told.
FRAME = """<script>
let time = Number(new URLSearchParams(location.search).get("start"));
const say = (info) => parent.postMessage(JSON.stringify({ event: "infoDelivery", info }), "*");
addEventListener("message", ({ data }) => {
  const { event, func, args } = JSON.parse(data);
  if (event === "listening") say({ duration: 120, playerState: 1, currentTime: time });
  if (func === "seekTo") say({ currentTime: (time = args[0]) });
  if (func === "pauseVideo") say({ playerState: 2 });
});
</script>"""
SECTIONS = (
    SectionContent("First", "The night is long [00:00:05]. It has two halves [00:00:18-00:00:24]."),
    SectionContent("Second", "The moon is slow [00:01:00]."),
)


def site(**recording):
    """Return a submitted revision that moves a citation of a talk, and a correction request about its article."""
    editor, moderator = make_user(), make_moderator()
    episode = make_episode(duration_seconds=SECONDS, **recording)
    import_transcript(episode, lines(), "talk.txt", language="en")
    episode.refresh_from_db()
    article = make_published(
        "night", title="Night", lead="", episode=episode, sections=SECTIONS, by=editor, moderator=moderator
    )
    first = article.published_revision.section_set.first()
    correction_requests.receive(article.published_revision, "Is it?", sender="somebody", section=first)
    body = SECTIONS[0].body.replace("00:00:05", "00:00:09")
    return make_change(article, by=editor, sections=sections_of(article, First=body))


@copied
def heard():
    return site(audio_url=AUDIO)


@copied
def seen():
    return site(youtube_id="abcdefghijk")


def ready(page):
    """Wait until the page's keys act."""
    page.locator("[data-keys-open]:visible").last.wait_for()


def player(page):
    return page.get_by_role("region", name="Player")


def addresses(change):
    """Return {name: address} of the pages that list citations to be heard."""
    episode = change.citation_set.first().episode
    return {
        "editor": change_path(change.article),
        "review": page_of(change),
        "report": "/admin/evidence/",
        "request": f"/admin/articles/correctionrequest/{CorrectionRequest.objects.get().pk}/change/",
        "minute": f"/admin/articles/episode/{episode.pk}/moment/?t=5",
    }


def test_a_player_that_was_closed_is_gone(page, live_server, heard):
    serve_audio(page)
    log_in(page, live_server, page_of(heard))
    ready(page)
    page.keyboard.press("p")
    expect(player(page)).to_be_visible()

    player(page).get_by_role("button", name="Close player").click()

    expect(page.locator(".player")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_click_plays_on_every_page_and_leaves_none(new_context, live_server, heard, width):
    page, violations = opened(new_context, viewport={"width": width, "height": 900})
    serve_audio(page)
    begin_session(page, live_server)
    found, wide = {}, {}

    for name, address in addresses(heard).items():
        page.goto(live_server.url + address)
        # On a phone, a citation in the preview opens the evidence for it instead.
        link = page.locator("a.citation[href*='#t=5']:not([data-preview] *):visible").first
        link.click()

        expect(player(page)).to_be_visible()
        eventually(lambda: now(page) >= 5)
        expect(page).to_have_url(re.compile(re.escape(address)))
        expect(page.locator(".player__said li[aria-current]")).to_have_count(1)
        wide[name] = overflow(page)
        if faults := faults_in_both(page):
            found[name] = faults

    assert found == {}
    assert wide == dict.fromkeys(wide, 0)
    assert violations(page) == []


def test_on_a_phone_the_player_leaves_room_for_the_text(new_context, live_server, seen):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    log_in(page, live_server, change_path(seen.article))
    ready(page)
    page.locator("a.citation[href*='t=5']:not([data-preview] *):visible").first.click()
    expect(player(page)).to_be_visible()

    # Wherever the toolbar is on its way up, the bar is what can be read at its own place.
    covered = """() => {
      const { x, y } = document.querySelector(".save-bar__state").getBoundingClientRect();
      return !document.elementFromPoint(x + 5, y + 5).closest(".save-bar");
    }"""
    for top in range(0, 800, 50):
        page.evaluate("(top) => scrollTo(0, top)", top)
        eventually(lambda: page.evaluate(covered), False)
    assert page.locator(".save-bar").bounding_box()["y"] > 300


def test_keys_play_step_repeat_and_pause_the_focused_citation(new_context, live_server, heard):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    serve_audio(page)
    log_in(page, live_server, page_of(heard))
    ready(page)

    page.keyboard.press("j")
    page.keyboard.press("p")
    wait_for(page, "document.querySelector('audio')?.currentTime >= 6")  # three seconds before 9
    assert now(page) < 9
    expect(page.locator(".moment--new a.citation")).to_have_class(re.compile("citation--playing"))
    page.keyboard.press("Shift+P")
    wait_for(
        page, "document.querySelector('audio').currentTime >= 2 && document.querySelector('audio').currentTime < 5"
    )
    page.keyboard.press("p")
    wait_for(page, "document.querySelector('audio').currentTime >= 6")
    page.keyboard.press("p")
    wait_for(page, "document.querySelector('audio').paused")
    before = now(page)
    for key in ("]", ".", "]"):
        page.keyboard.press(key)
    wait_for(page, f"Math.abs(document.querySelector('audio').currentTime - {before} - 6) < 0.1")
    page.keyboard.press(",")
    wait_for(page, f"Math.abs(document.querySelector('audio').currentTime - {before} - 4) < 0.1")


def test_the_loop_repeats_the_passage_of_a_range(new_context, live_server, heard):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    serve_audio(page)
    log_in(page, live_server, "/admin/evidence/?sort=article")
    row = page.locator(".report__row", has_text="It has two halves.")

    row.locator("a.citation").click()
    page.keyboard.press("l")
    expect(player(page).get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    page.evaluate("document.querySelector('audio').currentTime = 23.8")

    wait_for(page, "document.querySelector('audio').currentTime < 20")  # again from three seconds before 18


def test_before_a_video_plays_every_button_has_a_name(new_context, live_server, seen):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    log_in(page, live_server, "/admin/evidence/?sort=article")

    page.locator(".report__row", has_text="It has two halves.").locator("a.citation").click()

    expect(player(page).get_by_role("button", name="Play video")).to_be_visible()
    expect(player(page).get_by_role("button", name="Set to 00:18")).to_be_visible()
    names = [
        button.inner_text().strip() or button.get_attribute("aria-label")
        for button in player(page).get_by_role("button").all()
    ]
    assert all(names)


def test_the_transcript_follows_with_the_words_of_the_claim(new_context, live_server, heard):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    serve_audio(page)
    log_in(page, live_server, "/admin/evidence/?sort=article")

    page.locator(".report__row", has_text="It has two halves.").locator("a.citation").click()

    said = page.locator(".player__said")
    expect(said.locator("li")).to_have_count(40)
    expect(said.locator("[aria-current]")).to_contain_text("The night is long")
    expect(said.locator("li", has_text="two halves").first.locator("mark")).to_have_text(["halves"])
    said.get_by_role("button", name="00:57").click()
    wait_for(page, "document.querySelector('audio').currentTime >= 57")
    expect(said.locator("[aria-current]")).to_contain_text("quiet")


def test_keys_are_left_to_text_fields_and_act_there_with_alt(new_context, live_server, heard):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    serve_audio(page)
    log_in(page, live_server, page_of(heard))
    ready(page)
    comment = page.get_by_label("Comment for the author")

    page.keyboard.press("j")
    comment.focus()
    page.keyboard.type("p[h]?")
    expect(comment).to_have_value("p[h]?")
    expect(player(page)).to_have_count(0)
    page.keyboard.press("Control+p")
    expect(player(page)).to_have_count(0)
    page.keyboard.press("Alt+p")

    expect(player(page)).to_be_visible()
    expect(comment).to_have_value("p[h]?")


def test_keys_are_left_to_fields_in_shadow_trees(new_context, live_server, heard):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    serve_audio(page)
    log_in(page, live_server, page_of(heard))
    ready(page)
    page.evaluate(
        """() => {
          const host = document.createElement("div");
          document.querySelector("#content").prepend(host);
          const field = document.createElement("div");
          field.contentEditable = "true";
          host.attachShadow({ mode: "open" }).append(field);
          field.focus();
        }"""
    )

    page.keyboard.type("pj?")

    assert page.evaluate("document.querySelector('#content > div').shadowRoot.textContent") == "pj?"
    expect(player(page)).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_characters_of_other_keyboards_step_and_type(new_context, live_server, heard):
    """`[` needs AltGr on a German keyboard (Windows reports Ctrl and Alt), and Option on a German Mac."""
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    serve_audio(page)
    log_in(page, live_server, page_of(heard))
    ready(page)
    page.keyboard.press("j")
    page.keyboard.press("p")
    wait_for(page, "document.querySelector('audio')?.currentTime >= 6")
    page.keyboard.press("p")
    wait_for(page, "document.querySelector('audio').paused")

    def pressed(**init):
        """Press a key as a keyboard reports it; return by how many seconds that moved, and whether it was taken."""
        return page.evaluate(
            """(init) => {
              const audio = document.querySelector("audio");
              const before = audio.currentTime;
              const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, composed: true, ...init });
              document.activeElement.dispatchEvent(event);
              return [Math.round(audio.currentTime - before), event.defaultPrevented];
            }""",
            init,
        )

    windows = {"ctrlKey": True, "altKey": True, "modifierAltGraph": True}
    assert pressed(key="]", code="Digit9", **windows) == [2, True]
    assert pressed(key="[", code="Digit8", **windows) == [-2, True]
    assert pressed(key="]", code="Digit6", altKey=True) == [2, True]
    assert pressed(key="[", code="BracketLeft") == [-2, True]
    assert pressed(key="[", code="BracketLeft", ctrlKey=True) == [0, False]
    assert pressed(key="]", code="BracketRight", metaKey=True) == [0, False]
    page.get_by_label("Comment for the author").focus()
    assert pressed(key="]", code="Digit9", **windows) == [0, False]
    assert pressed(key="]", code="Digit6") == [0, False]
    assert pressed(key=".", code="Period", altKey=True) == [2, True]


def test_a_video_asks_first_and_plays_in_the_private_frame(new_context, live_server, seen):
    page, violations = opened(new_context, viewport={"width": 1280, "height": 900})
    asked = []
    page.route(VIDEO, lambda route: route.fulfill(content_type="text/html", body=FRAME))
    page.on("request", lambda request: asked.append(request.url))
    log_in(page, live_server, page_of(seen))
    ready(page)

    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Play video")).to_be_focused()
    assert not any("youtube" in url for url in asked)
    page.keyboard.press("Enter")

    expect(player(page).locator("iframe")).to_have_attribute(
        "src", re.compile(r"nocookie\.com/embed/abcdefghijk\?start=6&")
    )
    expect(page.locator(".player__time")).to_contain_text("00:06")
    page.keyboard.press("]")
    expect(page.locator(".player__time")).to_contain_text("00:08")
    expect(page.locator(".change[data-current]")).to_have_count(1)
    assert faults_in_both(page) == []
    assert violations(page) == []


def test_without_a_connection_a_placeholder_stands_in_for_the_video(new_context, live_server, seen):
    context = new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.route(VIDEO, lambda route: route.fulfill(content_type="text/html", body=FRAME))
    log_in(page, live_server, page_of(seen))
    ready(page)
    page.evaluate("localStorage.setItem('plays-video', 'yes')")
    page.keyboard.press("j")
    page.wait_for_load_state("networkidle")

    context.set_offline(True)
    page.keyboard.press("p")
    box = page.locator(".player__placeholder")
    expect(box).to_contain_text("You’re offline")
    expect(player(page).locator("iframe")).to_have_count(0)
    assert faults_in_both(page) == []
    context.set_offline(False)
    box.get_by_role("button", name="Try again").click()

    expect(player(page).locator("iframe")).to_have_count(1)
    expect(box).to_have_count(0)


def test_ctrl_click_opens_the_source_and_links_work_without_scripts(new_context, live_server, heard):
    page = new_context(java_script_enabled=False).new_page()
    serve_audio(page)
    log_in(page, live_server, "/admin/evidence/")

    expect(page.locator(".report__row a.citation").first).to_have_attribute("href", re.compile(rf"^{AUDIO}#t="))
    expect(page.locator("[data-keys-open]")).to_be_hidden()

    scripted = new_context().new_page()
    serve_audio(scripted)
    log_in(scripted, live_server, "/admin/evidence/")
    with scripted.context.expect_page():
        scripted.locator(".report__row a.citation").first.click(modifiers=["ControlOrMeta"])
    expect(player(scripted)).to_have_count(0)


def test_the_playing_time_is_set_in_the_text_and_undone(new_context, live_server, heard):
    workflow.withdraw(heard, by=heard.author)
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    serve_audio(page)
    log_in(page, live_server, change_path(heard.article), "editor")
    body = page.locator("#id_sections-0-body")
    claim = page.locator("[data-claim=cited]", has_text="It has two halves.")

    claim.locator(".claim__text a").focus()
    page.keyboard.press("t")
    expect(page.locator("form [data-status]")).to_have_text("Nothing is playing.")
    page.keyboard.press("p")
    wait_for(page, "document.querySelector('audio')?.currentTime >= 15")
    page.keyboard.press("p")
    page.keyboard.press("t")

    expect(body).to_have_value(re.compile(r"It has two halves \[00:00:1[56]-00:00:2[12]\]\."))
    page.keyboard.press("Control+z")
    expect(body).to_have_value(re.compile(r"It has two halves \[00:00:18-00:00:24\]\."))
