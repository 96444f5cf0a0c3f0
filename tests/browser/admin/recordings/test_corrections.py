"""An editor corrects a cue where it stands, with and without JavaScript, and undoes that."""

import os

import pytest
from playwright.sync_api import expect

from articles.importing import import_transcript
from articles.models import Cue, Episode
from articles.workflow.content import SectionContent
from tests.support.browser import begin_session, faults_in_both, opened, overflow
from tests.support.factories import make_episode, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINES = [f"00:{n // 10:02}:{n % 10 * 6:02} Ann: The tide rises for the {n}th time." for n in range(260)]
SAID = "The tide rises for the 230th time, and falls."


@pytest.fixture
def episode(people):
    episode = make_episode()
    import_transcript(episode, "\n".join(LINES).encode(), "talk.txt", language="en")
    make_published(episode=episode, **people)
    make_user("corrector")
    return Episode.objects.get(pk=episode.pk)


def shot(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{folder}/{name}-{scheme}.png")
        page.emulate_media(color_scheme="light")


@pytest.mark.parametrize(("has_scripts", "width"), [(True, 1280), (True, 390), (False, 1280)])
def test_a_cue_is_corrected_in_place_and_the_correction_undone(new_context, live_server, episode, has_scripts, width):
    if has_scripts:
        page, violations = opened(new_context, viewport={"width": width, "height": 900})
    else:
        page = new_context(java_script_enabled=False).new_page()
    begin_session(page, live_server, "corrector")
    page.goto(f"{live_server.url}/admin/articles/episode/{episode.pk}/transcript/?page=2")
    row = page.locator(".cue-said", has_text="for the 230th time")
    page.locator(".passage", has_text="for the 230th time").locator("summary", has_text="Correct").click()
    shot(page, f"cue-{width}")

    row.get_by_role("link", name="Correct").click()
    form = page.get_by_role("form", name="Correct the text at 23:00")
    expect(form).to_be_in_viewport()
    expect(form.get_by_label("Text")).to_have_value("The tide rises for the 230th time.")
    if has_scripts:
        expect(form.get_by_label("Text")).to_be_focused()
        assert overflow(page) == 0
        assert faults_in_both(page) == []
        shot(page, f"cue-form-{width}")
    form.get_by_label("Text").fill(SAID)
    form.get_by_label("Reason for the change").fill("Half was missing.")
    form.get_by_role("button", name="Save correction").click()

    expect(page.get_by_text("Transcript corrected.")).to_be_visible()
    row = page.locator(".cue-said", has_text=SAID)
    expect(row.first).to_be_in_viewport()
    row.first.locator("summary").click()
    expect(row.first.locator("del")).to_have_text("Ann: The tide rises for the 230th time.")
    expect(row.first.get_by_text("Half was missing.")).to_be_visible()
    if has_scripts:
        assert overflow(page) == 0
        assert faults_in_both(page) == []
        shot(page, f"cue-history-{width}")
    assert Cue.objects.filter(text=SAID).count() == 1

    row.first.get_by_role("button", name="Undo last correction").click()
    expect(page.get_by_text("correction undone")).to_be_visible()
    assert Cue.objects.filter(text=SAID).count() == 0
    if has_scripts:
        assert violations(page) == []


def test_what_no_longer_fits_is_applied(new_context, live_server, episode):
    cue = Cue.objects.get(start_seconds=1380)
    page, violations = opened(new_context, viewport={"width": 390, "height": 900})
    begin_session(page, live_server, "corrector")
    address = f"{live_server.url}/admin/articles/episode/{episode.pk}/transcript/"
    page.goto(f"{address}?correct={cue.pk}#cue-{cue.pk}")
    page.locator(".cue-form").get_by_label("Text").fill(SAID)
    page.get_by_role("button", name="Save correction").click()
    expect(page.get_by_text("Transcript corrected.")).to_be_visible()
    import_transcript(episode, "\n".join(LINES).replace("230th", "231st").encode(), "talk.txt", at_once=True)

    page.goto(address)
    expect(page.get_by_role("heading", name="Corrections that no longer fit")).to_be_visible()
    assert overflow(page) == 0
    assert faults_in_both(page) == []
    shot(page, "unplaced-390")
    page.get_by_role("button", name="Apply here").click()

    expect(page.get_by_text("Transcript corrected.")).to_be_visible()
    expect(page.get_by_role("heading", name="Corrections that no longer fit")).to_have_count(0)
    assert Cue.objects.filter(text=SAID).count() == 1
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_correct_stands_next_to_the_words_however_much_cites_them(new_context, live_server, people, width):
    episode = make_episode()
    lines = ["00:00:00 Ann: We begin with the moon.", "00:00:40 Bob: The tide rises.", "00:01:20 Ann: And it falls."]
    import_transcript(episode, "\n".join(lines).encode(), "talk.txt", language="en")
    claims = [f"For the {n}th time the tide rises, as anybody at the sea can tell [00:00:{n}]." for n in range(40, 70)]
    make_published(episode=episode, lead="", sections=(SectionContent("Sea", " ".join(claims)),), **people)
    make_user("corrector")
    page, violations = opened(new_context, viewport={"width": width, "height": 900})
    begin_session(page, live_server, "corrector")
    page.goto(f"{live_server.url}/admin/articles/episode/{episode.pk}/transcript/")
    passage = page.locator(".passage", has_text="The tide rises.").first
    words, correct, margin = (
        passage.locator(selector) for selector in (".passage__text", ".passage__corrections", ".passage__margin")
    )
    shot(page, f"correct-{width}")

    places = [locator.bounding_box() for locator in (words, correct, margin)]
    (above, own, beside), end = places, words.evaluate("e => e.getBoundingClientRect().bottom")

    assert own["x"] == above["x"]
    assert 0 <= correct.evaluate("e => e.getBoundingClientRect().top") - end <= 12
    if width == 1280:
        assert beside["x"] > above["x"] + above["width"]
        assert beside["y"] == above["y"]
        assert beside["height"] > 2 * above["height"]
    else:
        assert beside["y"] >= own["y"] + own["height"]
    assert overflow(page) == 0

    passage.locator(".passage__times a").last.focus()
    page.keyboard.press("Tab")
    expect(correct.locator("summary").first).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(correct.get_by_role("link", name="Correct").first).to_be_focused()
    assert faults_in_both(page) == []
    page.keyboard.press("Tab")
    expect(margin.get_by_role("link").first).to_be_focused()
    assert violations(page) == []
