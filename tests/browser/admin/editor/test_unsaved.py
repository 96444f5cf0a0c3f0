"""Forms of the admin that have no script of their own: nothing typed is lost by leaving, logging out or pressing twice."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import CorrectionRequest, Revision
from tests.support.browser import begin_session, eventually, log_in
from tests.support.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Each page with a field of it.
PAGES = {
    "correctionrequest/{correction_request}/change/": "answer",
    "article/{article}/history/": "reason",
    "revision/{waiting}/erase/": "reason",
    "episode/{episode}/change/": "title",
    "episode/{episode}/transcript/": "text",
    "episode/{episode}/editions/{edition}/": "chapter_lines",
    "show/{show}/change/": "title",
    "topic/{topic}/change/": "description",
}
LIST = re.compile("/(correctionrequest|challenge)/$")
TYPED = "An answer that took long to write."


def watch_questions(page):
    """Collect what the browser asks, and answer “Stay”; returns the list of kinds."""
    kinds = []
    page.on("dialog", lambda dialog: (kinds.append(dialog.type), dialog.dismiss()))
    return kinds


@pytest.fixture
def asked(page):
    return watch_questions(page)


def address_of(pattern, rows):
    keys = {name: row.pk for name, row in vars(rows).items() if hasattr(row, "pk")}
    keys["show"] = rows.episode.show_id
    return "/admin/articles/" + pattern.format(**keys)


def answer_page(rows):
    return f"/admin/articles/correctionrequest/{rows.correction_request.pk}/change/"


def test_leaving_with_something_typed_asks_first(context, page, live_server, rows, violations):
    begin_session(page, live_server, username="root")

    for pattern, name in PAGES.items():
        page = context.new_page()
        asked = watch_questions(page)
        page.goto(live_server.url + address_of(pattern, rows))
        field = page.locator(f"form [name={name}]").first
        page.locator("details").evaluate_all("(all) => all.forEach((one) => (one.open = true))")

        field.fill(TYPED)
        page.locator(".breadcrumbs a").first.click()

        eventually(lambda pattern=pattern, asked=asked: (pattern, asked), (pattern, ["beforeunload"]))
        expect(field, pattern).to_have_value(TYPED)
        page.close()


def test_leaving_untouched_or_sending_does_not_ask(page, live_server, rows, asked):
    begin_session(page, live_server, username="root")

    for pattern in PAGES:
        page.goto(live_server.url + address_of(pattern, rows))

        page.locator(".breadcrumbs a").first.click()
        page.wait_for_url(f"{live_server.url}/admin/")

        assert asked == [], pattern


def test_another_button_of_the_page_asks_first_too(page, live_server, rows, asked):
    log_in(page, live_server, answer_page(rows))
    page.get_by_label("Reason").fill(TYPED)

    page.get_by_role("button", name="New draft from this").click()

    eventually(lambda: asked == ["beforeunload"])
    expect(page.get_by_label("Reason")).to_have_value(TYPED)


def test_what_was_refused_still_counts_as_unsent(page, live_server, rows, asked):
    log_in(page, live_server, answer_page(rows))
    page.get_by_label("Reason").fill(TYPED)
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("Choose an outcome.")).to_be_visible()
    assert asked == []

    page.get_by_role("link", name="History").click()

    eventually(lambda: asked == ["beforeunload"])
    expect(page.get_by_label("Reason")).to_have_value(TYPED)
    page.get_by_label("No change needed").check()
    page.get_by_role("button", name="Answer", exact=True).click()
    page.wait_for_url(LIST)
    assert CorrectionRequest.objects.get(pk=rows.correction_request.pk).answer == TYPED
    assert asked == ["beforeunload"]


def test_pressing_twice_sends_once(page, live_server, rows, asked):
    log_in(page, live_server, answer_page(rows))
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.get_by_label("No change needed").check()
    page.get_by_label("Reason").fill(TYPED)

    page.get_by_role("button", name="Answer", exact=True).dblclick()

    page.wait_for_url(LIST)
    assert len([url for url in sent if url.endswith("/answer/")]) == 1


def test_a_form_sent_after_the_session_ended_comes_back_and_is_sent_again(page, live_server, rows, asked):
    log_in(page, live_server, answer_page(rows))
    cookies = page.context.cookies()
    page.get_by_label("No change needed").check()
    page.get_by_label("Reason").fill(TYPED)
    page.context.clear_cookies()

    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_role("heading", name="Not saved yet")).to_be_visible()
    page.context.clear_cookies()
    page.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "sessionid"])
    page.get_by_role("button", name="Send again").click()
    # The token of the log-in page is no longer valid either, so it comes back once more, now with a new one.
    expect(page.get_by_text("You have logged in again since this page was opened.")).to_be_visible()
    page.get_by_role("button", name="Send again").click()

    page.wait_for_url(LIST)
    assert CorrectionRequest.objects.get(pk=rows.correction_request.pk).answer == TYPED


def test_after_a_log_in_in_another_tab_sending_again_once_is_enough(page, live_server, rows, asked):
    log_in(page, live_server, answer_page(rows))
    page.get_by_label("No change needed").check()
    page.get_by_label("Reason").fill(TYPED)
    page.context.clear_cookies()
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_role("heading", name="Not saved yet")).to_be_visible()

    other = page.context.new_page()
    other.goto(f"{live_server.url}/admin/login/")
    other.get_by_label("Username").fill("moderator")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Log in").click()
    other.get_by_role("button", name="Log out").wait_for()
    page.get_by_role("button", name="Send again").click()

    page.wait_for_url(LIST)
    assert CorrectionRequest.objects.get(pk=rows.correction_request.pk).answer == TYPED


def test_an_author_withdraws_and_continues(page, live_server, rows, asked):
    address = f"/admin/articles/article/{rows.article.pk}/change/"
    log_in(page, live_server, address, username="editor")
    notice = page.get_by_role("region", name="Your revision")
    expect(notice).to_contain_text(f"Your revision {rows.waiting.number} is in review.")

    notice.get_by_role("button", name="Withdraw and continue").click()

    page.wait_for_url(f"**/change/?revision={rows.waiting.pk}")
    expect(notice).to_have_count(0)
    expect(page.get_by_text("Is that what he says?")).to_be_visible()
    assert Revision.objects.get(pk=rows.waiting.pk).status == "withdrawn"
    assert asked == []
