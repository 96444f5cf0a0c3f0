"""A moderator reviews a change in a real browser: compares, accepts in part, decides, schedules, merges."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from articles.views import diff
from articles.workflow.collaboration import comments
from articles.workflow.content import SectionContent, SourceContent, content_of
from tests.support.browser import decide, eventually, faults_in_both, log_in
from tests.support.factories import make_change, make_episode, make_user
from tests.support.scenarios.reviewing import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_moderator_compares_approves_and_publishes(page, live_server, change, violations):
    log_in(page, live_server, "/admin/")
    expect(page.get_by_role("navigation", name="Admin")).to_contain_text("Review queue 1 in review")
    page.get_by_role("link", name="Sleep").first.click()

    retimed = page.locator(".change").filter(has_text="timestamp changed")
    expect(retimed.locator("del")).to_have_text("removed: [00:06:31]")
    expect(retimed.locator("ins")).to_have_text("added: [00:31:05]")
    expect(retimed.locator(".moment--new")).to_contain_text("What a long night does to memory")
    expect(retimed.locator(".moment--new a")).to_have_attribute(
        "href", "https://www.youtube.com/watch?v=abcdefghijk&t=1865s"
    )
    expect(page.get_by_text("Regular hours help.").first).to_be_hidden()
    page.get_by_text("1 section unchanged").last.click()
    expect(page.get_by_text("Regular hours help.").first).to_be_visible()

    # Looking at the changes hasn't published anything.
    public = page.context.new_page()
    public.goto(f"{live_server.url}/articles/sleep/")
    expect(public.locator("article")).to_have_attribute("data-revision", "1")

    page.get_by_label("Comment for the author").fill("Heard all three.")
    expect(page.get_by_label("Custom note")).to_be_hidden()
    page.get_by_label("Public note").select_option("Custom:")
    page.get_by_label("Custom note").fill("A corrected timestamp.")
    decide(page, "Approve and publish")
    page.wait_for_url(f"{live_server.url}/admin/")
    expect(page.locator(".messagelist")).to_contain_text("Published: “Sleep”, revision 2.")
    expect(page.locator(".empty").first).to_contain_text("The review queue is empty.")

    public.reload()
    expect(public.locator("article")).to_have_attribute("data-revision", "2")
    expect(public.get_by_text("A corrected timestamp.")).to_be_visible()
    assert violations(page) == []


def test_decision_bar_stays_visible_and_spans_the_window(page, live_server, change):
    page.set_viewport_size({"width": 1280, "height": 800})
    log_in(page, live_server, page_of(change))

    button = page.get_by_role("button", name="Approve and publish")
    expect(button).to_be_in_viewport()
    page.mouse.wheel(0, 5000)
    eventually(lambda: page.evaluate("scrollY > 0"))
    expect(button).to_be_in_viewport()


def test_part_is_accepted_by_ticking_changes(page, live_server, change, violations):
    log_in(page, live_server, page_of(change))
    retimed = page.locator(".change").filter(has_text="timestamp changed")
    added = page.locator(".change").filter(has_text="claim added")

    added.get_by_label("accept").uncheck()
    expect(page.get_by_role("button", name="Publish 1 of 2")).to_be_visible()
    expect(page.get_by_text("Schedule …")).to_be_hidden()
    expect(page.get_by_label("accept section Two processes")).not_to_be_checked()
    page.get_by_label("accept section Two processes").check()
    expect(page.get_by_role("button", name="Approve and publish")).to_be_visible()
    page.get_by_label("accept section Why we sleep").uncheck()
    expect(retimed.get_by_label("accept")).not_to_be_checked()
    page.keyboard.press("a")
    asked = page.get_by_role("dialog", name="Publish 1 of 2?")
    expect(asked).to_contain_text("The rest goes back to editor, with your comment on what to change in it.")
    expect(asked.get_by_role("textbox")).to_be_focused()
    assert faults_in_both(page) == []
    page.keyboard.press("Control+Enter")  # a comment is needed
    expect(asked).to_be_visible()
    page.keyboard.press("Escape")
    expect(retimed.get_by_label("accept")).not_to_be_checked()
    decide(page, "Publish 1 of 2", "I hear it at 06:31.")
    page.wait_for_url(f"{live_server.url}/admin/")
    expect(page.locator(".messagelist")).to_contain_text("Revision 3 has the changes that you accepted from revision 2")

    page.goto(f"{live_server.url}/articles/sleep/")
    expect(page.get_by_role("heading", name="Two processes")).to_be_visible()
    expect(page.locator("#c-391")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(
    ("about", "is_needed"), [("rest", False), ("accepted", True), ("rest, by its author", True), ("", False)]
)
def test_the_comment_on_the_rest_may_be_in_open_threads_on_it(page, live_server, change, about, is_needed):
    changes = {each.anchor: each for each in diff.compare(change.target, change, excerpts=False).changes}
    retimed = next(each for each in changes.values() if "timestamp changed" in str(each.tags))
    added = next(each for each in changes.values() if each is not retimed)
    place = {"": None, "accepted": added}.get(about, retimed)
    by = User.objects.get(username="editor" if "author" in about else "moderator")
    comments.add(change, by=by, text="Not there.", **({"change": place.id} if place else {}))
    log_in(page, live_server, page_of(change))

    page.locator(".change").filter(has_text="timestamp changed").get_by_label("accept").uncheck()
    page.get_by_role("button", name="Publish 1 of 2").click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+Enter")

    if is_needed:
        expect(asked).to_be_visible()
        return
    expect(page.locator(".messagelist")).to_contain_text("Published in part")


@pytest.mark.parametrize("width", [1024, 1280])
def test_the_box_for_a_time_is_in_the_window_also_where_the_bar_wraps(page, live_server, change, width):
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, live_server, page_of(change))
    page.get_by_label("Public note").select_option("Custom:")

    page.get_by_text("Schedule …").click()
    panel = page.get_by_label("Publish at").locator("xpath=ancestor::div[1]")
    box = panel.bounding_box()
    bar = page.locator("#decision").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= bar["y"] + 1


def test_changes_and_the_new_source_that_they_cite_are_ticked_together(page, live_server, change):
    content = content_of(change.article.published_revision)
    first, second = content.sections
    sources = (*content.sources, SourceContent(make_episode("two"), "e2"))
    cited = SectionContent(second.heading, "Regular hours help. Naps do [e2 00:01:00].", second.level, second.key)
    other = make_change(change.article, by=make_user("other"), sections=(first, cited), sources=sources)
    log_in(page, live_server, page_of(other))
    claim = page.locator(".change").filter(has_text="Both are accepted").get_by_label("accept")
    source = page.locator(".change").filter(has_text="source e2 added").get_by_label("accept")

    source.uncheck()
    expect(claim).not_to_be_checked()
    claim.check()
    expect(source).to_be_checked()


def test_the_suggested_note_follows_the_selection_until_somebody_chooses_one(page, live_server, change):
    log_in(page, live_server, page_of(change))
    added = page.locator(".change").filter(has_text="claim added").get_by_label("accept")
    note = page.get_by_label("Public note")
    expect(note).to_have_value("clarification")

    added.uncheck()
    expect(note).to_have_value("re-timed citations")
    added.check()
    expect(note).to_have_value("clarification")
    note.select_option("Minor")
    added.uncheck()
    expect(note).to_have_value("minor")


def test_decision_works_without_javascript(new_context, live_server, change):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server, page_of(change))

    page.locator(".change").filter(has_text="claim added").get_by_label("accept").uncheck()
    page.get_by_label("Comment for the author").fill("Not said there.")
    page.get_by_role("button", name="Approve and publish").click()

    expect(page.locator(".messagelist")).to_contain_text("Published in part")


@pytest.mark.parametrize("has_comment", [True, False])
def test_every_decision_by_mouse_asks_first(page, live_server, change, violations, has_comment):
    name, says = (
        ("Reject", "The revision is closed.")
        if has_comment
        else ("Approve and publish", "Readers see this text at once")
    )
    log_in(page, live_server, page_of(change))
    page.get_by_label("Comment for the author").fill("Heard it.")
    button = page.get_by_role("button", name=name)
    asked = page.get_by_role("dialog", name=f"{name}?")

    button.click()
    expect(asked).to_contain_text(says)
    expect(asked.get_by_role("textbox")).to_have_count(int(has_comment))
    assert faults_in_both(page) == []
    asked.get_by_role("button", name="Cancel").click()
    expect(asked).to_have_count(0)
    expect(button).to_be_focused()
    change.refresh_from_db()
    assert change.status == "submitted"

    decide(page, name)
    expect(page.locator(".messagelist")).to_contain_text("Sleep")
    change.refresh_from_db()
    assert change.status == ("rejected" if has_comment else "approved")
    assert violations(page) == []


def test_what_is_published_is_taken_down_after_a_question_for_the_public_reason(page, live_server, change):
    log_in(page, live_server, page_of(change.target))

    page.get_by_role("button", name="Unpublish").click()
    asked = page.get_by_role("dialog", name="Unpublish?")
    expect(asked).to_contain_text("The article leaves the site at once.")
    asked.get_by_label("Reason for unpublishing").fill("Nobody said so.")
    asked.get_by_role("button", name="Unpublish").click()

    expect(page.locator(".messagelist")).to_contain_text("Unpublished")
    change.article.refresh_from_db()
    assert change.article.published_revision is None


def test_approved_and_scheduled(page, live_server, change, violations):
    log_in(page, live_server, page_of(change))

    page.get_by_text("Schedule …").click()
    page.get_by_label("Publish at", exact=True).fill("2045-03-01T09:00")
    page.get_by_role("button", name="Approve and schedule").click()
    page.wait_for_url(f"{live_server.url}/admin/")
    expect(page.locator(".messagelist")).to_contain_text("It will be published at 09:00 on 1 Mar 2045.")
    page.goto(f"{live_server.url}{page_of(change)}")
    page.get_by_role("button", name="Cancel schedule").click()
    asked = page.get_by_role("dialog", name="Cancel schedule?")
    expect(asked.get_by_role("button")).to_have_text(["Cancel schedule", "Keep schedule"])
    asked.get_by_role("button", name="Keep schedule").click()
    decide(page, "Cancel schedule")

    expect(page.locator(".messagelist")).to_contain_text("Schedule cancelled")
    assert violations(page) == []


def test_thread_is_opened_answered_and_resolved(page, live_server, change, violations):
    log_in(page, live_server, page_of(change))
    retimed = page.locator(".change").filter(has_text="timestamp changed")

    retimed.get_by_text("Comment", exact=True).click()
    retimed.get_by_label("Your comment").fill("Who says so there?")
    retimed.get_by_role("button", name="Add comment").click()
    expect(retimed.get_by_text("Who says so there?")).to_be_in_viewport()
    expect(page.get_by_role("link", name="1 open comment")).to_be_visible()
    retimed.get_by_text("Reply", exact=True).first.click()
    retimed.get_by_label("Your reply").fill("The guest.")
    retimed.get_by_role("button", name="Reply").click()
    expect(retimed.get_by_text("The guest.")).to_be_visible()
    retimed.get_by_role("button", name="Resolve").click()

    expect(retimed.get_by_text("Resolved by moderator")).to_be_visible()
    expect(page.get_by_role("link", name="1 open comment")).to_have_count(0)
    assert violations(page) == []


def test_conflict_is_resolved(page, live_server, conflict, violations):
    log_in(page, live_server, page_of(conflict))

    expect(page.get_by_role("heading", name="Outdated")).to_be_visible()
    page.get_by_role("link", name="Resolve conflicts").click()
    page.get_by_role("button", name="Update to the published text").click()
    expect(page.get_by_role("alert")).to_contain_text("Resolve all conflicts first.")
    expect(page.get_by_label("editor’s revision 2")).not_to_be_checked()
    page.get_by_label("Published").check()
    page.get_by_label("New text for").fill("The brain clears waste at night [00:31:05].")
    expect(page.get_by_label("Write new text")).to_be_checked()  # writing chooses it
    page.get_by_role("button", name="Update to the published text").click()

    expect(page.locator(".messagelist")).to_contain_text("Revision 4 replaces revision 2")
    expect(page.get_by_text("You contributed to this revision")).to_be_visible()
    assert violations(page) == []
