"""The public citation report in a real browser, with 200 citations."""

import os

import pytest
from playwright.sync_api import expect

from articles import workflow
from articles.importing import import_transcript
from articles.workflow.content import SectionContent
from tests.support.browser import faults_in_both, opened, overflow
from tests.support.factories import make_episode, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "/articles/night/revisions/1/citations/"


@pytest.fixture
def article(people):
    episode = make_episode(duration_seconds=7200, youtube_id="abcdefghijk")
    lines = "\n".join(f"00:{n:02}:00 Seal number {n} sleeps on the northern sandbank." for n in range(0, 60, 2))
    import_transcript(episode, lines.encode(), "talk.txt", language="en")
    claims = [f"Seal number {n % 60} sleeps on the northern sandbank [00:{n % 60:02}:05]." for n in range(200)]
    sections = tuple(SectionContent(f"Part {n}", " ".join(claims[n * 40 : (n + 1) * 40])) for n in range(5))
    article = make_published("night", title="Night", lead="", episode=episode, sections=sections, **people)
    first = article.published_revision.citation_set.order_by("position")[0]
    workflow.confirm_citation(
        article, by=people["moderator"], episode=episode, start_seconds=5, end_seconds=None, claim=first.claim
    )
    return article


@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_read_at_any_width_in_both_schemes(new_context, live_server, article, width):
    page, violations = opened(new_context, viewport={"width": width, "height": 900})
    page.goto(f"{live_server.url}{ADDRESS}")

    if folder := os.environ.get("SCREENSHOTS"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{folder}/citation-report-{width}-{scheme}.png")
        page.emulate_media(color_scheme="light")
    expect(page.locator(".cited__row")).to_have_count(200)
    assert overflow(page) == 0
    assert faults_in_both(page) == []
    assert violations(page) == []
    time, found = (page.locator(one).first.bounding_box() for one in (".cited__time", ".cited__found"))
    assert (time["y"] < found["y"]) is (width == 390)  # below each other, or beside


def test_the_article_leads_to_it_and_it_leads_back_to_the_claim_without_scripts(new_context, live_server, article):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/articles/night/")

    page.get_by_role("link", name="How this article was checked").click()

    expect(page.get_by_role("heading", name="How this article was checked")).to_be_visible()
    expect(page.locator(".cited__row").first).to_contain_text("Confirmed by moderator")
    expect(page.locator(".cited__row").first).to_contain_text("Automatic check: Matches transcript")
    page.get_by_role("link", name="Seal number 1 sleeps").first.click()
    expect(page).to_have_url(f"{live_server.url}/articles/night/revisions/1/#c-65")
