import re

import pytest
from playwright.sync_api import expect

from articles.importing.transcripts.transcript import import_transcript
from articles.models import Confirmation, Dismissal, Revision
from articles.workflow.content import SectionContent
from tests.browser.admin.editor.test_editor import body, change_path, save
from tests.support.browser import eventually, faults, faults_in_both, has_focus, log_in, say_heard
from tests.support.databases.shared import copied
from tests.support.factories import make_episode, make_published, make_user
from tests.support.samples import talk
from tests.support.scenarios.editor import expect_caret_in, layer, show_previews

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BLOCKS = "🙂 First of all it is an antagonist: it blocks the NMDA receptor [00:06:40, 00:09:01]."
RAISES = "Against expectation that blockade raises neuroplasticity, and mood improves with it."
TRIED = "It has been tried in bipolar depression, in obsessive compulsive disorder and for anxiety [00:28:36]."
SECTIONS = (
    SectionContent("How it works", f"{BLOCKS} {RAISES}"),
    SectionContent("Uses", TRIED),
)


@pytest.fixture(autouse=True)
def _alone(settings):
    settings.FOUR_EYES = False  # one person writes and confirms


@copied
def article():
    editor = make_user(first_name="Ines", last_name="Alba")
    chapters = [(0, "Opening"), (381, "Where it is given"), (1100, "The receptor"), (3400, "Rewiring")]
    episode = make_episode("a-talk", duration_seconds=talk.DURATION, chapters=chapters, youtube_id="abcdefghijk")
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    episode.refresh_from_db()
    return make_published("talk", by=editor, episode=episode, lead="", sections=SECTIONS)


def claim(page, start, moment=None):
    found = page.locator("article.claim", has_text=start)
    return found.filter(has=page.locator(".citation", has_text=moment)) if moment else found


def cursor_behind(page, words):
    """Put the cursor in the first section's text after these words."""
    layer(body(page, 0)).click()
    body(page, 0).evaluate(
        "(field, words) => { const at = field.value.indexOf(words) + words.length; field.setSelectionRange(at, at); }",
        words,
    )


def status(page):
    return page.locator("[data-status]")


def test_evidence_follows_the_caret(page, live_server, article, violations):
    page.set_viewport_size({"width": 1280, "height": 420})
    log_in(page, live_server, change_path(article), "editor")
    current, column = page.locator("[data-at-caret]"), page.locator("[data-evidence]")

    cursor_behind(page, "First of all")
    expect(current).to_have_count(1)
    expect(current).to_contain_text("06:40")
    cursor_behind(page, "raises neuroplasticity")  # which cites nothing
    expect(current).to_contain_text("that blockade raises")
    expect(current).to_be_in_viewport()

    # In the middle of a word that is typed, the claim stays the current one after it has been checked again.
    with page.expect_response("**/check/**"):
        page.keyboard.type("x")
    expect(current).to_contain_text("neuroplasticityx")
    assert column.evaluate("column => column.scrollTop") > 0
    assert faults(page) == []

    # In another paragraph there is no claim yet.
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(current).to_have_count(0)
    assert violations(page) == []


def test_timestamp_is_changed_by_keyboard_and_undone(page, live_server, article, violations):
    log_in(page, live_server, change_path(article), "editor")
    show_previews(page)
    cursor_behind(page, "the NMDA receptor [00:06:40,")
    page.wait_for_selector("#id_sections-0-body[data-markdownx-init]")

    # From the text to its claims, then to the one at 09:01.
    page.keyboard.press("Alt+e")
    eventually(lambda: has_focus(claim(page, "First of all", "06:40")))
    page.keyboard.press("ArrowDown")
    wrong = claim(page, "First of all", "09:01")
    eventually(lambda: has_focus(wrong))
    expect(wrong).to_contain_text("Better match at 19:04")
    expect(wrong.locator(".suggestions li").first).to_contain_text("it blocks the NMDA receptor")
    expect(page.locator("[data-preview=id_sections-0-body] .citation[data-start='541']")).to_have_attribute(
        "title", "Better match at 19:04"
    )
    flagged = layer(body(page, 0)).locator(".cm-citation--warn")
    expect(flagged).to_have_attribute("title", "Better match at 19:04")

    page.keyboard.press("1")
    expect(body(page, 0)).to_have_value(f"{BLOCKS} {RAISES}".replace("00:09:01", "00:19:04"))
    expect(status(page)).to_contain_text("[00:06:40, 00:09:01] is now [00:06:40, 00:19:04].")
    right = claim(page, "First of all", "19:04")
    expect(right).to_contain_text("Matches transcript")
    eventually(lambda: has_focus(right))

    page.keyboard.press("Control+z")
    expect(body(page, 0)).to_have_value(f"{BLOCKS} {RAISES}")
    expect(claim(page, "First of all", "09:01")).to_contain_text("Better match at 19:04")

    # Back in the text, the cursor is where it was, and digits are typed as digits.
    page.keyboard.press("Escape")
    expect_caret_in(body(page, 0))
    page.keyboard.type("1")
    expect(body(page, 0)).to_have_value(re.compile(re.escape("[00:06:40,1 00:09:01]")))
    assert violations(page) == []


def test_timestamp_is_found_and_inserted_with_enter(page, live_server, article, violations):
    log_in(page, live_server, change_path(article), "editor")
    cursor_behind(page, "Against expectation")

    page.keyboard.press("Alt+e")
    eventually(lambda: has_focus(claim(page, "Against")))
    page.keyboard.press("f")
    first = claim(page, "Against").locator("[data-suggestion='1']")
    expect(first).to_be_focused()
    expect(first).to_contain_text("57:12")
    page.keyboard.press("Enter")

    expect(body(page, 0)).to_have_value(f"{BLOCKS} {RAISES.removesuffix('.')} [00:57:12].")
    expect(claim(page, "Against", "57:12")).to_contain_text("Matches transcript")
    expect(claim(page, "Against", "57:12").locator(":focus")).to_have_count(1)
    save(page)
    assert Revision.objects.get(status="draft").section_set.first().body.endswith("[00:57:12].")
    assert violations(page) == []


def test_confirmation_survives_other_edits_and_lapses_with_its_own_claim(page, live_server, article, violations):
    log_in(page, live_server, change_path(article), "editor")

    claim(page, "First of all", "09:01").get_by_role("button", name="Confirm at 09:01").click()
    say_heard(page)
    expect(claim(page, "First of all", "09:01")).to_contain_text("Confirmed by Ines Alba on")
    assert Confirmation.objects.get().start_seconds == 541

    body(page, 0).fill(f"{BLOCKS} Something else is said here now.")
    expect(page.locator("[data-part=evidence]")).to_contain_text("Something else is said here now.")
    expect(claim(page, "First of all", "09:01")).to_contain_text("Confirmed by Ines Alba on")

    body(page, 0).fill(BLOCKS.replace("it blocks", "it plainly blocks"))
    expect(claim(page, "it plainly blocks", "09:01")).to_contain_text("; the sentence has changed since.")
    expect(claim(page, "it plainly blocks", "09:01")).to_contain_text("Better match at 19:04")

    body(page, 0).fill(BLOCKS)
    lapsed_no_more = claim(page, "First of all", "09:01")
    expect(lapsed_no_more).not_to_contain_text("changed since")
    lapsed_no_more.get_by_role("button", name="Withdraw").click()
    expect(lapsed_no_more).not_to_contain_text("Confirmed by")
    assert violations(page) == []


def test_issue_is_dismissed_by_keyboard_with_a_reason(page, live_server, article, violations):
    log_in(page, live_server, change_path(article), "editor")
    outline = page.locator("[data-part=outline] li", has_text="How it works").locator(".count")
    before = int(outline.text_content().split()[0])
    flagged = claim(page, "First of all", "09:01")
    flagged.get_by_role("link", name="First of all").focus()

    page.keyboard.press("d")
    expect(flagged.get_by_role("button", name="I heard it there")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(flagged).to_contain_text("Dismissed by Ines Alba on")
    expect(flagged).to_contain_text("a paraphrase: said in other words")
    expect(outline).to_contain_text(str(before - 1))
    assert Dismissal.objects.get().reason == "paraphrase"
    eventually(lambda: has_focus(flagged))
    flagged.get_by_role("button", name="Reopen").click()
    expect(flagged.locator("summary", has_text="Dismiss")).to_be_visible()
    assert violations(page) == []


def test_transcript_search_inserts_a_mark_at_the_cursor(page, live_server, article, violations):
    log_in(page, live_server, change_path(article), "editor")
    cursor_behind(page, "Against expectation")

    page.get_by_role("searchbox").fill('"private life"')
    page.keyboard.press("Enter")
    expect(page.locator("[data-results] .suggestions li")).to_have_count(1)
    expect(status(page)).to_have_text('1 result for “"private life"”.')
    expect(page.locator("[data-saved]")).to_have_text("No changes yet.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")

    expect_caret_in(body(page, 0))
    expect(body(page, 0)).to_have_value(re.compile(re.escape("Against expectation [00:08:16] that")))
    page.keyboard.press("Control+z")
    expect(body(page, 0)).to_have_value(f"{BLOCKS} {RAISES}")
    assert violations(page) == []


def test_transcript_around_a_timestamp_opens_in_place(page, live_server, article, violations):
    log_in(page, live_server, change_path(article), "editor")
    flagged = claim(page, "First of all", "09:01")

    flagged.get_by_role("link", name="Show context").click()

    expect(flagged.locator(".transcript-context__current")).to_have_count(1)
    expect(flagged.locator(".transcript-context__current")).to_contain_text("08:56")
    flagged.get_by_role("link", name="Show context").click()
    expect(flagged.locator(".transcript-context")).to_have_count(0)
    page.goto(flagged.get_by_role("link", name="Show context").evaluate("link => link.href"))
    expect(page.locator(".transcript-context__current")).to_have_count(1)
    page.get_by_role("searchbox").fill("k-hole")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".transcript-context")).to_contain_text("what users call the k-hole")
    assert violations(page) == []
    assert faults(page) == []


def test_open_panels_stay_open_while_the_text_is_checked(page, live_server, article):
    log_in(page, live_server, change_path(article), "editor")
    right = claim(page, "It has been tried")
    right.locator("summary").click()
    expect(right.locator(".claim__quote")).to_be_visible()

    body(page, 1).fill(f"Before it. {TRIED}")

    expect(page.locator("[data-part=evidence]")).to_contain_text("Before it.")
    expect(claim(page, "It has been tried").locator(".claim__quote")).to_be_visible()


def test_evidence_works_without_scripts(new_context, live_server, article):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server, change_path(article), "editor")
    body(page, 1).fill(f"Typed and not saved. {TRIED}")

    claim(page, "First of all", "09:01").locator("[data-suggestion='1']").click()
    expect(page.locator(".alert")).to_contain_text("Done, but not saved yet.")
    expect(body(page, 0)).to_have_value(f"{BLOCKS} {RAISES}".replace("00:09:01", "00:19:04"))
    claim(page, "Against").get_by_role("button", name="Find timestamp").click()
    claim(page, "Against").locator("[data-suggestion='1']").click()
    claim(page, "It has been tried").locator("summary").first.click()
    claim(page, "It has been tried").get_by_role("button", name="Confirm at").click()
    expect(claim(page, "It has been tried")).to_contain_text("Confirmed by Ines Alba on")
    page.get_by_role("searchbox").fill("k-hole")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("[data-results]")).to_contain_text("what users call the k-hole")
    assert Revision.objects.count() == 1
    with page.expect_event("load"):
        page.get_by_role("button", name="Save draft").last.click()

    draft = Revision.objects.get(status="draft")
    assert [section.body for section in draft.section_set.all()] == [
        f"{BLOCKS.replace('00:09:01', '00:19:04')} {RAISES.removesuffix('.')} [00:57:12].",
        f"Typed and not saved. {TRIED}",
    ]
    assert Confirmation.objects.get().claim.startswith("It has been tried")


@pytest.mark.parametrize("width", [1280, 390])
def test_column_fits_and_is_accessible(new_context, live_server, article, width):
    context = new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    log_in(page, live_server, change_path(article), "editor")
    claim(page, "Against").get_by_role("button", name="Find timestamp").click()
    expect(claim(page, "Against").locator("[data-suggestion='1']")).to_be_focused()
    page.get_by_role("searchbox").fill("drug")
    page.keyboard.press("Enter")
    expect(page.locator("[data-results] .suggestions li")).not_to_have_count(0)
    page.evaluate("for (const one of document.querySelectorAll('.evidence-panel details')) one.open = true")
    claim(page, "First of all", "09:01").get_by_role("link", name="Show context").click()
    expect(page.locator(".transcript-context")).to_have_count(1)

    assert faults_in_both(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
