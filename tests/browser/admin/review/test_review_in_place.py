"""Small actions on the review page keep ticks, typed text and the scroll position, and don't revive what was refused."""

import re
from urllib.parse import unquote_plus

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from articles.models import Article, Comment, Confirmation, Revision, Watch
from articles.workflow.collaboration import comments
from articles.workflow.content import SectionContent, content_of
from tests.support.browser import decide, eventually, log_in
from tests.support.databases.shared import copied
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.reviewing import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "Nobody says 31:05; I hear it at 06:31."
HALF = "And is this the same gue"


@copied
def change():
    """Two changes of a long article: a timestamp changed, a section added; with one open thread."""
    editor, moderator = make_user(), make_moderator()
    sections = (
        SectionContent("Tides", "The moon pulls the sea [00:06:31]."),
        *(SectionContent(f"Coast {number}", f"Bay {number} is shallow.\n\n" * 6) for number in range(8)),
    )
    article = make_published(
        "tides", title="Tides", by=editor, moderator=moderator, episode=make_episode(), sections=sections
    )
    first, *rest = content_of(article.published_revision).sections
    changed = SectionContent(first.heading, "The moon pulls the sea [00:31:05].", first.level, first.key)
    added = SectionContent("Harbours", "A harbour amplifies the tide [00:25:05].")
    revision = make_change(article, by=editor, sections=(changed, *rest, added))
    comments.add(revision, by=moderator, text="Which coast is meant?")
    return revision


def confirm(page):
    added = page.locator(".change").filter(has_text="claim added")
    added.get_by_role("button", name="Confirm").click()
    expect(added.get_by_text("Confirmed by moderator")).to_be_visible()


def comment(page):
    added = page.locator(".change").filter(has_text="claim added")
    added.get_by_text("Comment", exact=True).click()
    added.get_by_label("Your comment").fill("Which harbour?")
    added.get_by_role("button", name="Add comment").click()
    expect(added.locator(".thread__text")).to_have_text("Which harbour?")
    expect(added.get_by_label("Your comment")).to_have_value("")


def refused_comment(page):
    added = page.locator(".change").filter(has_text="claim added")
    added.get_by_text("Comment", exact=True).click()
    added.get_by_role("button", name="Add comment").click()
    expect(added.get_by_role("alert")).to_contain_text("Comment not added")


def reply(page):
    thread = page.locator(".thread").filter(has_text="Which coast is meant?")
    thread.get_by_text("Reply", exact=True).first.click()
    thread.get_by_label("Your reply").fill("The eastern one.")
    thread.get_by_role("button", name="Reply").click()
    expect(thread.locator(".thread__reply")).to_contain_text("The eastern one.")


def resolve(page):
    page.locator(".thread").filter(has_text="Which coast is meant?").get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Resolved by moderator")).to_be_visible()


def prioritise(page):
    page.get_by_text("Set due date").click()
    page.get_by_label("Due date").fill("2044-05-06")
    page.locator(".dropdown-form").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Due 6 May 2044")).to_be_visible()


def watch(page):
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.get_by_role("button", name="Unwatch")).to_be_visible()


ACTIONS = [confirm, comment, refused_comment, reply, resolve, prioritise, watch]


def refuse_part(page):
    """Refuse the changed timestamp and begin to say why; returns its change."""
    refused = page.locator(".change").filter(has_text="timestamp changed")
    refused.get_by_label("accept").uncheck()
    refused.get_by_text("Comment", exact=True).click()
    refused.get_by_label("Your comment").fill(HALF)
    page.get_by_label("Comment for the author").fill(REASON)
    return refused


def assert_kept(page):
    refused = page.locator(".change").filter(has_text="timestamp changed")
    expect(refused.get_by_label("accept")).not_to_be_checked()
    expect(refused.get_by_label("Your comment")).to_have_value(HALF)
    expect(page.get_by_label("Comment for the author")).to_have_value(REASON)


@pytest.mark.parametrize("act", ACTIONS)
def test_no_small_action_loses_ticks_text_or_scroll_position(page, live_server, change, act, violations):
    log_in(page, live_server, page_of(change))
    refuse_part(page)
    page.evaluate("window.isSamePage = true")

    if act in {resolve, reply}:
        page.locator(".thread").first.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    act(page)

    assert_kept(page)
    expect(page.get_by_role("button", name="Publish 1 of 2")).to_be_visible()
    assert page.evaluate("window.isSamePage") is True
    if act in {resolve, reply}:
        eventually(lambda: abs(page.evaluate("scrollY") - before) < 300)

    # Nor does what was refused come back ticked when the page is loaded again.
    page.goto(live_server.url + page_of(change))
    assert_kept(page)
    expect(page.get_by_role("button", name="Publish 1 of 2")).to_be_visible()
    assert violations(page) == []


def test_every_small_action_works_without_scripts_and_keeps_the_page(new_context, live_server, change):
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, live_server, page_of(change))
    refuse_part(page)

    for act in ACTIONS:
        if act is refused_comment:
            continue
        act(page)
        assert_kept(page)

    change.refresh_from_db()
    assert sorted(Comment.objects.values_list("text", flat=True)) == [
        "The eastern one.",
        "Which coast is meant?",
        "Which harbour?",
    ]
    assert Confirmation.objects.get().start_seconds == 1505
    assert str(change.due_on) == "2044-05-06"
    assert Watch.objects.filter(user__username="moderator").exists()


def test_what_was_refused_is_not_published_after_small_actions(page, live_server, change):
    log_in(page, live_server, page_of(change))
    refuse_part(page)
    confirm(page)
    comment(page)
    page.reload()

    # A comment that isn't sent is neither lost nor sent by deciding.
    decide(page, "Publish 1 of 2")
    expect(page.get_by_role("alert")).to_contain_text("A comment isn’t sent yet.")
    assert_kept(page)
    page.get_by_text(HALF).fill("")
    decide(page, "Publish 1 of 2")
    page.wait_for_url(f"{live_server.url}/admin/")

    published = Article.objects.get(slug="tides").published_revision
    bodies = {section.heading: section.body for section in published.section_set.all()}
    assert bodies["Tides"] == "The moon pulls the sea [00:06:31]."
    assert bodies["Harbours"] == "A harbour amplifies the tide [00:25:05]."


def test_a_decision_waits_for_a_small_action_that_is_being_sent(page, live_server, change):
    held = []
    page.route(re.compile("/heard/"), lambda route: held.append(route))
    log_in(page, live_server, page_of(change))

    with page.expect_request(re.compile("/heard/")):
        page.locator(".change").filter(has_text="claim added").get_by_role("button", name="Confirm").click()
    decide(page, "Approve and publish")
    page.wait_for_timeout(1000)
    held[0].continue_()
    page.wait_for_url(f"{live_server.url}/admin/")

    assert Confirmation.objects.get().start_seconds == 1505
    assert Article.objects.get(slug="tides").published_revision_id == change.pk


def test_a_decision_waits_ten_seconds_at_most_for_an_action_that_gets_no_answer(page, live_server, change):
    page.route(re.compile("/heard/"), lambda route: None)
    page.clock.install()
    log_in(page, live_server, page_of(change))
    with page.expect_request(re.compile("/heard/")):
        page.locator(".change").filter(has_text="claim added").get_by_role("button", name="Confirm").click()

    decide(page, "Approve and publish")
    page.clock.fast_forward(9_000)
    assert page.url.endswith(page_of(change))
    page.clock.fast_forward(1_500)
    page.wait_for_url(f"{live_server.url}/admin/")

    assert Article.objects.get(slug="tides").published_revision_id == change.pk


def test_a_selection_holds_in_another_comparison(page, live_server, change):
    log_in(page, live_server, page_of(change))
    refuse_part(page)
    confirm(page)
    page.locator(".change").filter(has_text="timestamp changed").get_by_label("Your comment").fill("")
    confirmed = page.locator(".change").filter(has_text="claim added")
    confirmed.get_by_text("Comment", exact=True).click()
    confirmed.get_by_label("Your comment").fill("Good.")
    confirmed.get_by_role("button", name="Add comment").click()
    expect(confirmed.locator(".thread__text")).to_have_text("Good.")

    page.goto(f"{live_server.url}{page_of(change)}?against=2")
    expect(page.get_by_text("are still selected")).to_be_visible()
    decide(page, "Approve and publish")
    page.wait_for_url(f"{live_server.url}/admin/")

    published = Article.objects.get(slug="tides").published_revision
    assert published.section_set.get(heading="Tides").body == "The moon pulls the sea [00:06:31]."


@pytest.mark.parametrize("unsent", ["tick", "reason", "comment"])
def test_leaving_with_something_unsent_asks_first(page, live_server, change, unsent):
    asked = []
    log_in(page, live_server, page_of(change))
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    change_of = page.locator(".change").filter(has_text="claim added")
    if unsent == "tick":
        change_of.get_by_label("accept").uncheck()
    elif unsent == "reason":
        page.get_by_label("Comment for the author").fill("x")
    else:
        change_of.get_by_text("Comment", exact=True).click()
        change_of.get_by_label("Your comment").fill("x")

    with page.expect_event("dialog"):
        page.get_by_role("link", name="History").click()

    assert asked == ["beforeunload"]
    assert page.url == live_server.url + page_of(change)


def test_leaving_an_untouched_page_does_not_ask(page, live_server, change):
    asked = []
    log_in(page, live_server, page_of(change))
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    prioritise(page)

    page.get_by_role("link", name="History").click()
    page.wait_for_url("**/history/")

    assert asked == []


def test_text_typed_while_an_action_is_sent_stays(page, live_server, change):
    log_in(page, live_server, page_of(change))
    field = page.locator(".change").filter(has_text="timestamp changed").get_by_label("Your comment")
    refuse_part(page)
    page.route("**/comments/", lambda route: (field.press_sequentially("st?"), route.continue_()))

    comment(page)

    expect(field).to_have_value(f"{HALF}st?")


def test_a_general_comment_that_was_sent_is_not_kept_as_unsent(page, live_server, change):
    log_in(page, live_server, page_of(change))
    general = page.locator("[data-part=comment]")
    for text in ["Who checked the tables?", "And the years?"]:
        general.get_by_text("Comment", exact=True).click()
        general.get_by_label("Your comment").fill(text)
        general.get_by_role("button", name="Add comment").click()
        expect(page.locator(".thread__text").filter(has_text=text)).to_be_visible()
        expect(general.get_by_label("Your comment")).to_have_value("")
        expect(general.get_by_label("Your comment")).to_be_hidden()

    decide(page, "Request changes", REASON)
    page.wait_for_url(f"{live_server.url}/admin/")

    assert Comment.objects.filter(text="Who checked the tables?").count() == 1


def test_a_deletion_that_is_not_sent_stays_ticked_after_other_actions(page, live_server, change):
    log_in(page, live_server, page_of(change))
    general = page.locator("[data-part=comment]")
    general.get_by_text("Comment", exact=True).click()
    general.get_by_text("Suggest an edit of the passage").click()
    general.get_by_label("Suggest to delete the passage").check()

    confirm(page)
    expect(general.get_by_label("Suggest to delete the passage")).to_be_checked()
    page.reload()

    expect(general.get_by_label("Suggest to delete the passage")).to_be_checked()


def test_an_action_after_the_session_ended_keeps_everything_and_works_after_logging_in_again(page, live_server, change):
    log_in(page, live_server, page_of(change))
    refuse_part(page)
    cookies = page.context.cookies()
    page.context.clear_cookies()

    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("alert")).to_contain_text("log in again in another tab")
    assert_kept(page)
    page.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "sessionid"])
    page.context.add_cookies([{"name": "csrftoken", "value": "a" * 32, "url": live_server.url}])

    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Resolved by moderator")).to_be_visible()
    assert_kept(page)


def test_a_decision_forgets_what_was_kept(page, live_server, change):
    log_in(page, live_server, page_of(change))
    page.get_by_label("Comment for the author").fill(REASON)
    resolve(page)
    assert REASON in kept_in_sessions()

    decide(page, "Request changes")
    page.wait_for_url(f"{live_server.url}/admin/")

    assert Revision.objects.get(pk=change.pk).status == "changes_requested"
    assert REASON not in kept_in_sessions()


def kept_in_sessions():
    """The sessions' values; forms are kept there as they were sent, URL-encoded."""
    return unquote_plus(str([session.get_decoded() for session in Session.objects.all()]))
