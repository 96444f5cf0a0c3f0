"""From the queue to a decision by keyboard alone, with the number of keys, and what is asked before."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from articles import workflow
from articles.models import ApprovalRule, Review, Revision
from tests.support.browser import Keys, decide, faults_in_both, log_in, opened
from tests.support.databases.shared import copied
from tests.support.factories import make_draft, make_episode, make_moderator, make_user
from tests.support.scenarios.reviewing import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@copied
def queue():
    """Return the submitted revisions, in the order of the queue."""
    editor, episode = make_user(), make_episode(youtube_id="abcdefghijk")
    make_moderator()
    for slug in ("naps", "tides"):
        workflow.submit(make_draft(slug, by=editor, episode=episode, title=slug.capitalize()), by=editor)
    return list(Revision.objects.order_by("pk"))


def opened_title(page):
    """Return the title of the revision that is open, once the page's keys act."""
    page.locator(".review [data-keys-open]:visible").wait_for()
    return page.locator(".review__head h1").text_content()


def test_an_undisputed_revision_takes_three_keys_and_the_next_two(new_context, live_server, queue):
    page, violations = opened(new_context, viewport={"width": 1280, "height": 900})
    log_in(page, live_server)
    page.locator("[data-keys-open]:visible").wait_for()
    keys = Keys(page)

    keys.press("o")
    for number, title in enumerate(("Naps", "Tides"), 1):
        expect(page.locator(".review__head h1")).to_have_text(title)
        opened_title(page)
        keys.press("a")
        asked = page.get_by_role("dialog", name="Approve and publish?")
        expect(asked).to_contain_text("Readers see this text at once")
        assert faults_in_both(page) == []
        keys.press("Enter")
        expect(page.locator(".messagelist")).to_contain_text(f"Published: “{title}”")
        assert Revision.objects.published().count() == number
    assert keys.count == 5
    expect(page.get_by_text("The review queue is empty.")).to_be_visible()
    assert violations(page) == []


def test_the_second_of_two_approvals_by_keyboard(new_context, live_server, queue):
    group = Group.objects.create(name="Doctors")
    group.user_set.add(make_moderator("doctor"))
    workflow.save_approval_rule(ApprovalRule(group=group, show=queue[0].source_set.get().episode.show))
    keys_of = {}
    for username, question, says, answer in (
        ("moderator", "Approve (1 of 2)?", "once somebody else has approved it, too", "is recorded. It needs someone"),
        ("doctor", "Approve and publish?", "Readers see this text at once", "Published: “Naps”"),
    ):
        page, violations = opened(new_context, viewport={"width": 1280, "height": 900})
        log_in(page, live_server, page_of(queue[0]), username=username)
        assert opened_title(page) == "Naps"
        keys = Keys(page)
        keys.press("a")
        asked = page.get_by_role("dialog", name=question)
        expect(asked).to_contain_text(says)
        assert faults_in_both(page) == []
        keys.press("Enter")
        expect(page.locator(".messagelist")).to_contain_text(answer)
        keys_of[username] = keys.count
        assert violations(page) == []
    assert keys_of == {"moderator": 2, "doctor": 2}
    assert list(Review.objects.values_list("decision", "by_name")) == [
        ("co_approved", "moderator"),
        ("approved", "doctor"),
    ]
    assert Revision.objects.published().get() == queue[0]


def test_the_queue_with_a_second_approval_has_no_faults(new_context, live_server, queue):
    workflow.save_approval_rule(ApprovalRule(show=queue[0].source_set.get().episode.show))
    workflow.approve(queue[0], by=make_moderator("other-moderator"))
    page, violations = opened(new_context, viewport={"width": 390, "height": 800})
    log_in(page, live_server)
    page.get_by_label("Approvals").select_option("me")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("[data-open]")).to_have_text(["Naps"])
    expect(page.locator(".item")).to_contain_text("1 of 2 approvals, by other-moderator on")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults_in_both(page) == []
    assert violations(page) == []


def test_the_queue_is_returned_to_at_the_place_that_was_left(new_context, live_server, queue):
    page = new_context().new_page()
    log_in(page, live_server)
    page.locator("[data-keys-open]:visible").wait_for()
    first, second = page.locator("[data-open]").all_text_contents()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".review__head h1")).to_have_text(second)
    opened_title(page)
    page.keyboard.press("a")
    page.keyboard.press("Enter")

    # Nothing comes after the last one, so the queue shows what is left.
    expect(page.locator("[data-open]")).to_have_text([first])
    expect(page.locator("[data-open]")).to_be_focused()


def test_sending_back_takes_a_comment_and_three_more_keys(new_context, live_server, queue):
    page = new_context().new_page()
    log_in(page, live_server, page_of(queue[0]))
    opened_title(page)
    keys = Keys(page)

    keys.press("r")
    asked = page.get_by_role("dialog", name="Request changes?")
    expect(asked).to_contain_text("goes back to its author with your comment")
    expect(asked.get_by_label("Comment for the author")).to_be_focused()
    page.keyboard.type("Hear 06:31 again, please.")
    keys.press("Tab", "Enter")

    expect(page.locator(".messagelist")).to_contain_text("Changes requested")
    assert keys.count == 3
    assert Review.objects.get().comment == "Hear 06:31 again, please."


def test_a_decision_that_was_not_meant_is_left_by_escape(new_context, live_server, queue):
    page = new_context().new_page()
    log_in(page, live_server, page_of(queue[0]))
    opened_title(page)

    page.keyboard.press("x")
    asked = page.get_by_role("dialog", name="Reject?")
    expect(asked).to_contain_text("The revision is closed.")
    page.keyboard.type("No.")
    page.keyboard.press("Escape")

    expect(asked).to_have_count(0)
    # What was written is kept for another decision.
    expect(page.locator("#id_comment")).to_have_value("No.")
    queue[0].refresh_from_db()
    assert queue[0].status == Revision.Status.SUBMITTED


@pytest.mark.parametrize("has_scripts", [True, False])
def test_the_same_decision_by_mouse(new_context, live_server, queue, has_scripts):
    page = new_context(java_script_enabled=has_scripts).new_page()
    log_in(page, live_server)

    page.locator("[data-open]").first.click()
    if has_scripts:
        decide(page, "Approve and publish")
    else:
        page.get_by_role("button", name="Approve and publish").click()

    expect(page.locator(".messagelist")).to_contain_text("Published")
    assert Revision.objects.published().count() == 1
