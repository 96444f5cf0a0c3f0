"""The citation report, timeline and cited minute in a real browser, with citations of every status."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles import workflow
from articles.derived.checks import statistics
from tests.support.browser import faults_in_both, overflow
from tests.support.databases.shared import copied
from tests.support.factories import make_change, make_moderator, make_user
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk
from tests.support.scenarios.reviewing import page_of, sections_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@copied
def change():
    """A submitted revision that corrects a timestamp; another citation is confirmed and one dismissed."""
    editor, moderator = make_user(), make_moderator()
    episode = make_talk(chapters=[(0, "Opening"), (900, "Sponsor: beds"), (1500, "Relief")])
    article = make_cited(episode=episode, by=editor, moderator=moderator, bodies=[HERE, ELSEWHERE, UNHEARD])
    here, _, unheard = article.published_revision.citation_set.order_by("position")
    workflow.confirm_citation(
        article, by=moderator, episode=episode, start_seconds=here.start_seconds, end_seconds=None, claim=here.claim
    )
    workflow.dismiss(
        article, by=moderator, code="not found", subject=unheard.claim_key, text=unheard.claim, reason="paraphrase"
    )
    for days in (2, 0):
        statistics.record(timezone.localdate() - timedelta(days=days))
    sections = sections_of(article, Part_2="It blocks the NMDA receptor [00:19:10].")
    return make_change(article, by=editor, sections=sections)


def test_tick_on_the_timeline_leads_to_its_minute(open_admin, change, live_server, violations):
    page = open_admin()
    episode = change.citation_set.first().episode
    page.goto(f"{live_server.url}/admin/articles/episode/{episode.pk}/change/")

    page.locator(".episode-timeline__marker--elsewhere a").click()

    page.get_by_role("heading", name="Citations from 09:00 to 10:00").wait_for()
    expect(page.get_by_text("It blocks the NMDA receptor.", exact=True)).to_be_visible()
    assert violations(page) == []


def test_changed_timestamp_can_be_confirmed(open_admin, change, live_server, violations):
    page = open_admin()
    page.goto(live_server.url + page_of(change))

    page.get_by_role("button", name="Confirm at 19:10").click()

    page.get_by_text("Confirmed at 19:10.").wait_for()
    expect(page.locator(".moment--new").get_by_text("Confirmed by moderator")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm at 19:10")).to_have_count(0)
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_are_accessible(open_admin, change, live_server, width):
    page = open_admin()
    page.set_viewport_size({"width": width, "height": 844})
    episode = change.citation_set.first().episode
    addresses = [
        "/admin/evidence/",
        f"/admin/articles/episode/{episode.pk}/moment/?t=541",
        f"/admin/articles/episode/{episode.pk}/change/",
        page_of(change),
    ]

    wide, found = {}, {}
    for address in addresses:
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('.review details').forEach((one) => { one.open = true; })")
        wide[address] = overflow(page)
        if lines := faults_in_both(page):
            found[address] = lines

    assert found == {}
    assert wide == dict.fromkeys(addresses, 0)
