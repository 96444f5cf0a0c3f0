import pytest
from playwright.sync_api import expect

from articles.workflow.content import SectionContent, SourceContent
from tests.support.browser import faults_in_both, watch_violations
from tests.support.databases.shared import copied
from tests.support.factories import make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/",
    "/articles/sleep/",
    "/shows/",
    "/shows/night-talks/",
    "/shows/night-talks/on-sleep/",
    "/feeds/",
    "/nowhere/",
]
LONG_WORD = "Schlafforschungsgesellschaftsvorstandswahlergebnisbekanntgabe" * 2
SECTIONS = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. It settles memory [00:06:52]."),
    SectionContent(
        "Proof [00:25:05]",
        f"- a list [00:26:00]\n- {LONG_WORD} `{LONG_WORD}`\n\n"
        f"| moment | what is said |\n|---|---|\n| [00:30:00] | {LONG_WORD} |\n\n"
        f"```\n{LONG_WORD}\n```\n\n> [!warning] Careful\n> Nobody knows [00:31:00-00:32:00].\n\nA note[^1].\n\n[^1]: Said [01:30:00].",
        2,
    ),
    SectionContent("من الليل", "ينظف المخ نفسه [00:40:00]."),
)


@copied(autouse=True)
def articles():
    chapters = [(0, "Opening"), (300, "The night shift, and what it does to those who work it"), (2000, "Dreams")]
    episode = make_episode(duration_seconds=5500, chapters=chapters, youtube_id="abcdefghijk")
    episode.chapter_set.create(start_seconds=1000, title="Sponsor: Pillows", is_sponsor=True)
    second = make_episode("second-night", duration_seconds=4000)
    people = {"by": make_user(), "moderator": make_moderator()}
    sources = (SourceContent(episode, "e1"), SourceContent(second, "e2"))
    lead = f"What a night does.\n\n- {LONG_WORD}\n\n| a | b |\n|---|---|\n| {LONG_WORD} | c |\n\n```\n{LONG_WORD}\n```"
    make_published("sleep", title=LONG_WORD, lead=lead, sources=sources, sections=SECTIONS, notice="health", **people)
    make_published("naps", title="Naps", episode=second, **people)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_pages_fit_and_are_accessible(new_context, live_server, width):
    context = new_context(viewport={"width": width, "height": 900})
    violations = watch_violations(context)
    page = context.new_page()
    found = {}

    for address in PAGES:
        page.goto(live_server.url + address)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[address] = "scrolls sideways"
        if lines := faults_in_both(page):
            found[address, "axe"] = lines

    assert found == {}
    assert violations(page) == []


def test_reader_without_scripts_finds_timestamp_and_claim(new_context, live_server):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url)

    page.get_by_role("link", name=LONG_WORD).click()

    mark = page.locator("#c-391")
    expect(mark).to_have_attribute("href", "https://www.youtube.com/watch?v=abcdefghijk&t=391s")
    expect(mark).to_have_text("06:31")
    page.locator(".timeline:not(.timeline--line) .timeline__marker text", has_text="06:52").click()
    expect(page).to_have_url(f"{live_server.url}/articles/sleep/#c-412")
    page.locator(".moments__claim").first.click()
    expect(page).to_have_url(f"{live_server.url}/articles/sleep/#c-391")
    page.get_by_role("link", name="On sleep", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On sleep")


def test_article_is_complete_without_scripts(new_context, live_server):
    plain = new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900}).new_page()
    scripted = new_context(viewport={"width": 1280, "height": 900}).new_page()
    for page in (plain, scripted):
        page.goto(f"{live_server.url}/articles/sleep/")

    assert scripted.locator("main").inner_text() == plain.locator("main").inner_text()
    for summary in plain.locator("main summary").all():
        summary.click()

    citations = plain.locator(".text a.citation").evaluate_all("all => all.map((one) => one.href)")
    assert len(citations) == 8
    assert all(address.startswith("https://www.youtube.com/watch?v=abcdefghijk&t=") for address in citations)
    assert plain.locator(".moments li").count() == 8
    expect(plain.locator(".timeline-table tbody tr").first).to_be_visible()
    expect(plain.locator("#cite .cite__text")).to_be_visible()
    expect(plain.locator("#cite .cite__formats a")).to_have_text(["BibTeX", "CSL-JSON", "More formats"])
    expect(plain.locator(".related a", has_text="Naps").first).to_be_visible()
    assert plain.locator(".text .suggest a:visible").count() == 3
    expect(plain.get_by_role("link", name="Suggest a correction to this article")).to_be_visible()
    expect(plain.get_by_role("searchbox", name="Search articles")).to_be_visible()
    for page in (plain, scripted):
        page.context.close()


def test_skip_link_leads_to_the_text(page, live_server):
    page.goto(f"{live_server.url}/articles/sleep/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.locator("main a").first).to_be_focused()


def test_labels_on_the_timeline_do_not_overlap(page, live_server):
    for width in (960, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/articles/sleep/")

        boxes = page.locator(".timeline:not(.timeline--line) .timeline__marker text").evaluate_all(
            "labels => labels.map((label) => label.getBoundingClientRect().toJSON())"
        )

        assert len(boxes) > 5
        overlapping = [
            (a, b)
            for index, a in enumerate(boxes)
            for b in boxes[:index]
            if a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]
        ]
        assert overlapping == []
        assert all(box["left"] >= 0 and box["right"] <= width for box in boxes)


def test_notes_are_next_to_their_sentence_on_wide_screens_only(page, live_server):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/articles/sleep/")
    note = page.locator(".cite-note").first

    expect(note).to_be_visible()
    assert (
        note.bounding_box()["x"]
        > page.locator(".text").bounding_box()["x"] + page.locator(".text").bounding_box()["width"]
    )
    assert abs(note.bounding_box()["y"] - page.locator("#c-391").bounding_box()["y"]) < 40

    page.set_viewport_size({"width": 390, "height": 900})
    expect(note).to_be_hidden()


def test_print_has_the_text_without_the_frame(page, live_server):
    page.goto(f"{live_server.url}/articles/sleep/")

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#c-391")).to_be_visible()
    expect(page.locator(".site")).to_be_hidden()
    expect(page.locator(".foot")).to_be_hidden()
