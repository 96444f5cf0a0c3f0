"""Comments by key on the review page of a new article, whose claims have no field of their own."""

import pytest
from playwright.sync_api import expect

from articles.models import Comment
from tests.support.browser import eventually, log_in
from tests.support.factories import make_moderator
from tests.support.scenarios.reviewing import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_claim(page, live_server, new_article):
    """The review page with the first claim chosen."""
    make_moderator()
    log_in(page, live_server, page_of(new_article))
    page.locator("[data-keys-open]:visible").last.wait_for()
    page.keyboard.press("j")
    return page


def test_a_comment_on_a_claim_names_its_moment_and_is_sent(at_claim):
    at_claim.keyboard.press("c")
    expect(at_claim.get_by_label("Your comment")).to_be_focused()
    at_claim.keyboard.type("Not there.")
    at_claim.keyboard.press("Control+Enter")

    eventually(lambda: [one.text for one in Comment.objects.all()], ["06:31: Not there."])


def test_escape_leaves_a_comment_so_that_keys_act_again(at_claim):
    at_claim.keyboard.press("c")
    at_claim.keyboard.press("Escape")

    expect(at_claim.locator("textarea:focus")).to_have_count(0)
    at_claim.keyboard.press("r")
    expect(at_claim.get_by_role("dialog", name="Request changes?")).to_be_visible()


def test_the_comment_for_the_author_says_how_it_is_sent(at_claim):
    at_claim.get_by_label("Comment for the author").focus()
    at_claim.keyboard.press("Control+Enter")

    expect(at_claim.get_by_role("alert")).to_have_text(
        "This comment goes to the author with your decision. Press Esc, then choose one."
    )
