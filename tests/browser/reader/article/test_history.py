"""History and correction requests in a browser: they fit, are accessible, and work without scripts."""

from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from articles import workflow
from articles.models import Article, CorrectionRequest, LogEntry, Revision
from articles.workflow.collaboration import correction_requests
from articles.workflow.content import SectionContent, content_of
from tests.support.browser import begin_session, faults_in_both, watch_violations
from tests.support.databases.shared import copied
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_WORD = "Schlafforschungsgesellschaftsvorstandswahlergebnisbekanntgabe" * 2
PUBLIC = [
    "/articles/sleep/history/",
    "/articles/sleep/revisions/1/",
    "/articles/sleep/revisions/2/",
    "/articles/sleep/challenge/?section=waste&claim=c-391",
]


@copied
def article():
    """An article published twice, the second time without a second review; a third revision was rejected."""
    episode = make_episode(chapters=[(0, "Opening"), (500, LONG_WORD)], youtube_id="abcdefghijk")
    sections = (SectionContent("Waste", f"It takes 5 hours [00:06:31]. {LONG_WORD} `{LONG_WORD}` stays."),)
    moderator, root = make_moderator(), make_user("root", is_superuser=True)
    article = make_published(episode=episode, sections=sections, by=make_user(), moderator=moderator)
    section = content_of(article.published_revision).sections[0]
    changed = replace(section, body=f"It takes 7 hours [00:08:44]. {LONG_WORD} leaves.")
    second = make_change(article, by=root, sections=(changed,), edit_summary=f"{LONG_WORD} said more exactly.")
    workflow.approve(second, by=root, override_reason="Nobody else is here.")
    workflow.publish(second, by=moderator, public_note=f"Correction: {LONG_WORD}")
    article = Article.objects.get()
    third = make_change(article, by=make_user("second"), lead="Another lead.")
    workflow.reject(third, by=moderator, comment="The old lead says more.")
    return article


@pytest.fixture
def correction_request(article):
    revision = Revision.objects.get(number=1)
    section, text = revision.section_set.get(), f"He says 7 hours. {LONG_WORD}"
    return correction_requests.receive(revision, text, sender="a", section=section, claim="It takes 5 hours.")


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_are_accessible(new_context, live_server, article, correction_request, width):
    context = new_context(viewport={"width": width, "height": 900})
    violations = watch_violations(context)
    page = context.new_page()
    found = {}
    begin_session(page, live_server)
    record = f"/admin/articles/article/{article.pk}"
    private = [
        f"{record}/history/",
        f"{record}/compare/?old=1&new=3",
        "/admin/articles/challenge/",
        f"/admin/articles/challenge/{correction_request.pk}/change/",
        correction_request.follow_up.get_absolute_url(),
    ]

    for address in PUBLIC + private:
        assert page.goto(live_server.url + address).status == 200
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[address] = "scrolls sideways"
        if lines := faults_in_both(page):
            found[address, "axe"] = lines

    assert found == {}
    assert violations(page) == []


def test_reader_without_scripts_suggests_a_correction(new_context, live_server, article):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/articles/sleep/")

    page.get_by_role("link", name="Suggest a correction to Waste").click()
    page.get_by_label("08:44 It takes 7 hours.").check()
    page.get_by_label("What is wrong, or how should it read?").fill("Short")
    page.get_by_role("button", name="Send suggestion").click()
    expect(page.get_by_text("Write at least 10 characters.")).to_be_visible()
    expect(page.get_by_label("08:44 It takes 7 hours.")).to_be_checked()
    page.get_by_label("What is wrong, or how should it read?").fill("At 08:44 he says eight hours, not seven.")
    page.wait_for_timeout(3100)  # quicker than this, no person is
    page.get_by_role("button", name="Send suggestion").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert CorrectionRequest.objects.get().claim == "It takes 7 hours."
    assert context.cookies() == []


def test_reader_without_scripts_hears_the_outcome(new_context, live_server, article, settings):
    settings.EMAIL_IS_ON = True
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/articles/sleep/challenge/")
    page.get_by_label("What is wrong, or how should it read?").fill("At 08:44 he says eight hours, not seven.")
    page.get_by_label("Email address").fill("reader@example.org")
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="Send suggestion").click()
    expect(page.get_by_text("You also get the outcome by mail")).to_be_visible()

    page.get_by_role("button", name="Delete my address now").click()
    expect(page.get_by_text("by mail")).to_have_count(0)
    by = get_user_model().objects.get(username="moderator")
    correction_requests.answer(
        CorrectionRequest.objects.get(), by=by, outcome="stands", answer="He says seven.", audience="reader"
    )
    page.get_by_role("link", name=page.url).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What came of your suggestion")
    expect(page.get_by_text("He says seven.")).to_be_visible()
    assert context.cookies() == []


def test_correction_is_suggested_by_keyboard(page, live_server, article, violations):
    page.goto(f"{live_server.url}/articles/sleep/")

    press_until(page, page.get_by_role("link", name="Suggest a correction to Waste"), "Tab", 80)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Suggest a correction")
    press_until(page, page.locator("[type=radio]:checked"), "Tab", 20)
    press_until(page, page.get_by_label("08:44 It takes 7 hours."), "ArrowDown", 3)
    page.keyboard.press("Tab")
    expect(page.get_by_label("What is wrong, or how should it read?")).to_be_focused()
    page.keyboard.type("At 08:44 he says eight hours, not seven.")
    page.wait_for_timeout(3100)  # nobody is faster than this
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send suggestion")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    correction_request = CorrectionRequest.objects.get()
    assert (correction_request.claim, correction_request.text) == (
        "It takes 7 hours.",
        "At 08:44 he says eight hours, not seven.",
    )
    assert violations(page) == []


def press_until(page, wanted, key, times):
    """Press `key` until `wanted` has the focus; fails after `times` presses."""
    for _ in range(times):
        page.keyboard.press(key)
        if wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{key} does not lead to {wanted} in {times} presses")


def test_reader_without_scripts_finds_what_changed(new_context, live_server, article):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/articles/sleep/")

    page.get_by_role("link", name="history", exact=True).click()
    expect(page.get_by_text("Published without a second review")).to_be_visible()
    page.get_by_role("link", name="Revision 1", exact=True).click()

    expect(page.get_by_text("This is an earlier text.")).to_be_visible()
    expect(page.locator(".changes del").first).to_contain_text("5 hours")
    page.get_by_role("link", name="Read the current text, revision 2").click()
    expect(page).to_have_url(f"{live_server.url}/articles/sleep/")


def test_an_earlier_text_is_heard_on_its_page_and_linked_to_as_it_is(new_context, live_server, article):
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    violations = watch_violations(context)
    page = context.new_page()
    address = f"{live_server.url}/articles/sleep/revisions/1/"
    page.goto(address)

    page.locator(".past #c-391").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Link to this claim").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.locator(".past #c-391").click()

    expect(page.get_by_text("This recording is on YouTube. Playing it here sends YouTube")).to_be_visible()
    assert (page.url, copied) == (address, f"{address}#c-391")
    assert page.evaluate("localStorage.getItem('read:sleep')") is None  # the article was not read
    times = page.locator(".changes a.citation")
    assert times.count() > 0
    assert set(times.evaluate_all("all => all.map((one) => one.target)")) == {"_blank"}
    expect(page.get_by_text("Times in this list open the recording in a new tab.")).to_be_visible()
    assert violations(page) == []


def test_moderator_compares_any_two_and_restores_one(page, live_server, article, violations):
    begin_session(page, live_server)
    page.goto(f"{live_server.url}/admin/articles/article/{article.pk}/history/")

    page.get_by_label("from revision 1").check()
    page.get_by_label("to revision 3").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Revision 1 and revision 3")
    page.go_back()
    page.get_by_role("button", name="Restore as draft (revision 1)").click()

    expect(page.get_by_text("Draft 4 has the text of revision 1.")).to_be_visible()
    assert Revision.objects.get(number=4).base.number == 1
    assert LogEntry.objects.order_by("number").last().action == LogEntry.Action.STARTED
    assert violations(page) == []


def test_moderator_answers_a_correction_request_and_makes_a_draft_of_it(
    page, live_server, correction_request, violations
):
    begin_session(page, live_server)
    page.goto(f"{live_server.url}/admin/articles/challenge/{correction_request.pk}/change/")

    page.get_by_role("button", name="New draft from this").click()
    page.wait_for_url("**#card-sections-0")
    expect(page.locator("#card-sections-0")).to_be_visible()
    page.goto(f"{live_server.url}/admin/articles/challenge/{correction_request.pk}/change/")
    page.get_by_label("Corrected", exact=True).check()
    page.get_by_label("Corrected in").select_option(label=f"revision 2: Correction: {LONG_WORD}")
    page.get_by_role("button", name="Answer").click()

    expect(page.get_by_text("Answered: corrected.")).to_be_visible()
    assert CorrectionRequest.objects.get().corrected_in.number == 2
    assert violations(page) == []
