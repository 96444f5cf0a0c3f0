"""The citation report, timeline and cited minute in a real browser, with citations of every status."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles import workflow
from articles.derived.checks import statistics
from articles.models import Confirmation, Revision
from tests.support.browser import begin_session, faults_in_both, overflow
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


def test_tick_on_the_timeline_leads_to_its_minute(page_of_user, change, live_server, violations):
    page = page_of_user()
    episode = change.citation_set.first().episode
    page.goto(f"{live_server.url}/admin/articles/episode/{episode.pk}/change/")

    page.locator(".episode-timeline__marker--elsewhere a").click()

    page.get_by_role("heading", name="Citations from 09:00 to 10:00").wait_for()
    expect(page.get_by_text("It blocks the NMDA receptor.", exact=True)).to_be_visible()
    assert violations(page) == []


def test_changed_timestamp_can_be_confirmed(page_of_user, change, live_server, violations):
    page = page_of_user()
    page.goto(live_server.url + page_of(change))

    page.get_by_role("button", name="Confirm at 19:10").click()

    page.get_by_text("Confirmed at 19:10.").wait_for()
    expect(page.locator(".moment--new").get_by_text("Confirmed by moderator")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm at 19:10")).to_have_count(0)
    assert violations(page) == []


@pytest.mark.parametrize("has_scripts", [True, False])
def test_citations_are_judged_in_their_rows_by_keyboard(new_context, change, live_server, has_scripts):
    make_user("other")
    page = new_context(java_script_enabled=has_scripts).new_page()
    begin_session(page, live_server, "other")
    page.goto(f"{live_server.url}/admin/evidence/?state=nobody")
    expect(page.locator(".report__row")).to_have_count(1)
    row = page.locator(".report__row", has_text="It blocks the NMDA receptor.")

    row.locator("summary", has_text="Change timestamp").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(row.get_by_role("button", name="Move to").first).to_be_focused()
    page.keyboard.press("Enter")

    expect(row.get_by_role("status")).to_have_text(re.compile(r"Now \[\d\d:\d\d:\d\d\] in your draft, revision 3\."))
    assert page.url.split("#")[0].endswith("/admin/evidence/?state=nobody")
    expect(row).to_be_in_viewport()
    page.keyboard.press("Tab")  # goes on within the row
    assert row.locator(":focus").count() == 1
    row.locator("summary", has_text="Dismiss").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("a para")
    row.get_by_label("Note").press("Enter")

    expect(page.get_by_text("No citations match these filters.")).to_be_visible()
    page.goto(f"{live_server.url}/admin/evidence/?state=dismissed")
    expect(page.get_by_text("It blocks the NMDA receptor.", exact=True)).to_be_visible()


def test_after_a_decision_the_focus_stays_at_the_row(page_of_user, change, live_server):
    make_user("other")
    page = page_of_user("other")
    page.goto(f"{live_server.url}/admin/evidence/?sort=article")
    row = page.locator(".report__row", has_text="It blocks the NMDA receptor.")
    name = row.get_attribute("id")
    assert page.locator(".report__row").first.get_attribute("id") != name

    row.locator("a").first.focus()
    page.keyboard.press("h")

    expect(page.locator(f"#{name} .report__message")).to_contain_text("Confirmed at")
    assert page.evaluate("document.activeElement.closest('.report__row').id") == name
    expect(page.locator("[data-rows] [data-key-hint]")).to_contain_text("h confirm")


def test_a_judged_row_goes_behind_the_open_ones_and_the_focus_to_the_next(page_of_user, change, live_server):
    make_user("other")
    workflow.withdraw_confirmation(Confirmation.objects.get(), by=make_user("third"))
    page = page_of_user("other")
    page.goto(f"{live_server.url}/admin/evidence/")
    claims = page.locator(".report__row .change__text")
    blocks, halves, seals = claims.all_text_contents()
    assert blocks == "It blocks the NMDA receptor."

    page.locator(".report__row a").first.focus()
    page.keyboard.press("h")

    expect(claims).to_have_text([halves, seals, blocks])
    expect(page.locator(".report__row").first.get_by_role("status")).to_contain_text("Confirmed at")
    assert page.evaluate("document.activeElement.closest('.report__row') === document.querySelector('.report__row')")


def test_the_last_decision_is_undone_in_its_row_by_one_key(page_of_user, change, live_server):
    make_user("other")
    page = page_of_user("other")
    page.goto(f"{live_server.url}/admin/evidence/?sort=article")
    row = page.locator(".report__row", has_text="It blocks the NMDA receptor.")
    row.locator("a").first.focus()
    page.keyboard.press("u")  # nothing was done yet
    page.keyboard.press("h")
    expect(row.get_by_role("status")).to_contain_text("Confirmed at 09:01.")
    expect(row.locator("[data-undo]")).to_contain_text("other, for “It blocks the NMDA receptor.”")

    page.keyboard.press("u")

    expect(row.get_by_role("status")).to_have_text("Undone. This citation is open again.")
    assert page.evaluate("document.activeElement.closest('.report__row')?.textContent").count("NMDA receptor") > 0
    assert not Confirmation.objects.active().filter(by__username="other").exists()
    expect(page.locator("[data-undo]")).to_have_count(0)
    expect(page.locator("[data-rows] [data-key-hint]")).to_contain_text("u undo")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Undo the last decision")


def test_escape_closes_what_was_opened_in_a_row_so_that_keys_act_again(page_of_user, change, live_server):
    make_user("other")
    page = page_of_user("other")
    page.goto(f"{live_server.url}/admin/evidence/?sort=article")
    row = page.locator(".report__row", has_text="It blocks the NMDA receptor.")
    row.locator("a").first.focus()
    for key, form in (("d", "[data-dismiss]"), ("t", "details:has([data-typed-time])")):
        page.keyboard.press(key)
        expect(row.locator(f"{form}[open]")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(row.locator(f"{form}[open]")).to_have_count(0)
        expect(row.locator(f"{form} summary")).to_be_focused()

    page.keyboard.press("k")

    assert row.locator(":focus").count() == 0
    assert page.locator(".report__row :focus").count() == 1


@pytest.mark.parametrize("status", [200, 500])
def test_undo_waits_for_the_answer_to_what_it_takes_back(page_of_user, change, live_server, status):
    make_user("other")
    page = page_of_user("other")
    held = []
    page.goto(f"{live_server.url}/admin/evidence/?sort=article")
    page.route("**/admin/evidence/decide/", lambda route: held.append(route))
    row = page.locator(".report__row", has_text="It blocks the NMDA receptor.")
    row.locator("a").first.focus()

    page.keyboard.press("h")
    page.keyboard.press("u")
    page.wait_for_timeout(50)
    [route] = held
    route.continue_() if status == 200 else route.fulfill(status=status, body="")

    said = "Undone. This citation is open again." if status == 200 else "Nothing was changed. Check the connection"
    expect(page.locator("[data-status]")).to_contain_text(said)
    assert not Confirmation.objects.active().filter(by__username="other").exists()


def test_what_was_done_is_seen_when_the_row_has_left_the_list(page_of_user, change, live_server):
    make_user("other")
    page = page_of_user("other")
    page.goto(f"{live_server.url}/admin/evidence/?state=nobody")
    page.locator(".report__row a").first.focus()

    page.keyboard.press("h")

    expect(page.get_by_text("No citations match these filters.")).to_be_visible()
    expect(page.locator("[data-rows] .messagelist")).to_contain_text("Confirmed at 09:01.")
    page.keyboard.press("u")
    expect(page.locator(".report__row").get_by_role("status")).to_have_text("Undone. This citation is open again.")


def test_the_first_number_shows_the_choices_and_the_second_moves(page_of_user, change, live_server):
    make_user("other")
    page = page_of_user("other")
    page.goto(f"{live_server.url}/admin/evidence/?state=nobody")
    row = page.locator(".report__row")
    row.locator("a").first.focus()

    page.keyboard.press("1")
    expect(row.get_by_role("button", name="Move to").first).to_be_focused()
    assert not Revision.objects.filter(author__username="other").exists()
    page.keyboard.press("1")

    expect(row.get_by_role("status")).to_have_text(re.compile(r"Now \[\d\d:\d\d:\d\d\] in your draft, revision 3\."))
    assert Revision.objects.get(author__username="other").status == Revision.Status.DRAFT


def test_without_a_playing_time_the_key_leads_to_the_field_for_one(page_of_user, change, live_server):
    make_user("other")
    page = page_of_user("other")
    page.goto(f"{live_server.url}/admin/evidence/?state=nobody")
    row = page.locator(".report__row")
    page.locator("h1").click()

    page.keyboard.press("t")
    expect(page.locator("[data-status]")).to_have_text("Nothing is playing.")
    row.locator("a").first.focus()
    page.keyboard.press("t")

    field = row.get_by_label("Other timestamp")
    expect(field).to_be_focused()
    page.keyboard.type("13:00")
    field.press("Enter")
    expect(row.get_by_role("status")).to_have_text(re.compile(r"Now \[00:13:00\] in your draft, revision 3\."))


@pytest.mark.parametrize("has_scripts", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["?state=nobody", "problem/"])
def test_a_refused_timestamp_is_corrected_in_its_field(new_context, change, live_server, width, has_scripts, path):
    make_user("other")
    page = new_context(java_script_enabled=has_scripts, viewport={"width": width, "height": 844}).new_page()
    begin_session(page, live_server, "other")
    page.goto(f"{live_server.url}/admin/evidence/{path}")
    row = page.locator(".report__row").first
    field = row.get_by_label("Other timestamp")
    if not field.is_visible():
        row.locator("summary", has_text="Change timestamp").click()
    field.fill("99:99:99")
    field.press("Enter")

    expect(row.get_by_role("alert")).to_contain_text("“99:99:99” isn’t a timestamp.")
    expect(field).to_be_focused()
    expect(field).to_have_value("99:99:99")
    expect(field).to_have_accessible_description(re.compile("isn’t a timestamp"))
    expect(row.get_by_role("alert")).to_be_in_viewport()
    assert overflow(page) == 0
    page.keyboard.press("Control+A")
    page.keyboard.type("[00:01:30]")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Now [00:01:30] in your draft, revision 3.").last).to_be_visible()


def test_the_link_of_a_row_opens_the_editor_at_the_claim(page_of_user, change, live_server, violations):
    page = page_of_user()
    page.goto(f"{live_server.url}/admin/evidence/?verdict=not+found")

    page.locator(".report__row .change__head a").click()

    claim = page.locator("[data-claim]:target")
    expect(claim).to_contain_text("Harbour seals hunt herring in winter.")
    expect(claim).to_be_in_viewport()
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_are_accessible(page_of_user, change, live_server, width):
    page = page_of_user()
    page.set_viewport_size({"width": width, "height": 844})
    episode = change.citation_set.first().episode
    addresses = [
        "/admin/evidence/",
        "/admin/evidence/precision/",
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
