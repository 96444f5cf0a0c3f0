"""The page with the links to a draft."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.models import DraftLink, GuestComment
from articles.workflow.collaboration import sharing
from tests.support.clients import logged_in
from tests.support.factories import make_draft, make_moderator, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(editor):
    return make_draft("dreams", by=editor, title="Dreams & <i>")


def page_of(draft, name="share", *keys):
    return reverse(f"admin:articles_revision_{name}", args=[draft.pk, *keys])


def test_the_address_is_shown_once_and_opens_the_draft(draft, editor):
    client = logged_in(editor)

    made = client.post(page_of(draft), {"days": "3", "allows_comments": "on"})
    again = client.get(page_of(draft))

    [address] = re.findall(r'href="(http://testserver/shared/[\w-]{43}/)"', made.text)
    assert "no-store" in made.headers["Cache-Control"]
    assert Client().get(address.removeprefix("http://testserver")).status_code == 200
    assert address not in again.text
    shown = " ".join(client.get(page_of(draft)).text.split())
    assert "Made by <b>editor</b>" in shown
    assert "with comments" in shown
    assert "Opened 1 time" in shown


def test_a_link_is_revoked_there(draft, editor):
    link, token = workflow.share(draft, by=editor, days=7)
    client = logged_in(editor)

    response = client.post(page_of(draft, "revoke", link.pk), follow=True)
    again = client.post(page_of(draft, "revoke", link.pk))

    assert "The link was revoked. It no longer opens the text." in response.text
    assert '<span class="tag">revoked</span>' in response.text
    assert (again.status_code, "has revoked this link already" in again.text) == (409, True)
    assert Client().get(reverse("shared_draft", args=[token])).status_code == 410
    assert client.post(page_of(draft, "revoke", 999)).status_code == 404


def test_refusals_are_shown(draft, editor):
    client = logged_in(editor)
    wrong = client.post(page_of(draft), {"days": "365"})
    workflow.withdraw(workflow.submit(draft, by=editor), by=editor)

    ended = client.post(page_of(draft), {"days": "7"})

    assert wrong.status_code == 400
    assert (ended.status_code, "Only drafts" in ended.text, "Make link" in ended.text) == (409, True, False)
    assert not DraftLink.objects.exists()


def test_only_authors_and_reviewers_see_the_page(draft, editor):
    assert [logged_in(user).get(page_of(draft)).status_code for user in (editor, make_moderator("other"))] == [200, 200]
    assert logged_in(make_user("bystander")).get(page_of(draft)).status_code == 403
    assert Client().get(page_of(draft)).status_code == 302


def test_comments_of_guests_are_escaped_and_deleted_by_moderators(draft, editor):
    link, _ = workflow.share(draft, by=editor, days=7, allows_comments=True)
    comment = sharing.comment(link, name="<i>May", text="I <b>like</b> it.", sender="a")
    moderator, delete = make_moderator("other"), page_of(draft, "delete_guest_comment", comment.pk)
    shown = logged_in(editor).get(page_of(draft)).text

    refused = logged_in(editor).post(delete)
    deleted = logged_in(moderator).post(delete, follow=True)

    assert ("&lt;i&gt;May" in shown, "I &lt;b&gt;like&lt;/b&gt; it." in shown, "/delete/" in shown) == (
        True,
        True,
        False,
    )
    assert refused.status_code == 403
    assert "The comment was deleted." in deleted.text
    assert GuestComment.objects.get().text == "Erased"
    assert "like" not in logged_in(moderator).get(page_of(draft)).text


def test_comments_of_guests_are_found_from_the_review_page_also_after_the_decision(draft, editor):
    moderator = make_moderator()
    link, _ = workflow.share(draft, by=editor, days=7, allows_comments=True)
    for text in ("One.", "Two."):
        sharing.comment(link, name="May", text=text, sender="a")
    revision = workflow.submit(draft, by=editor)
    workflow.request_changes(revision, by=moderator, comment="Look again.")
    found = f'<a href="{page_of(draft)}">Share (2 comments of guests)</a>'

    for user in (editor, moderator):
        assert found in logged_in(user).get(revision.get_absolute_url()).text
    assert "doesn’t open the text now" in logged_in(editor).get(page_of(draft)).text


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_a_constant_number_of_queries(draft, editor, count, django_assert_num_queries):
    for number in range(count):
        link, _ = workflow.share(draft, by=editor, days=7, allows_comments=True)
        sharing.comment(link, name="May", text=f"Text {number}.", sender="a")
    client = logged_in(editor)

    with django_assert_num_queries(9):
        text = client.get(page_of(draft)).text

    assert text.count('<li class="change"') == 2 * count
