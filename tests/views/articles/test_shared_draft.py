"""The page that a link to a draft opens: the text as readers would see it, and nothing else of the site's drafts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import DraftLink, GuestComment
from articles.workflow.content import SectionContent, content_of
from tests.support.databases.shared import shared
from tests.support.factories import make_draft, make_episode, make_moderator, make_user

pytestmark = pytest.mark.django_db
editor, moderator = shared(make_user), shared(make_moderator)
BODY = "The brain clears waste at night [00:06:31]. See [[secret]] and [[secret|more]]. <b>Raw</b>"


@shared
def draft(editor):
    make_draft("secret", by=editor, title="Zephyrine, still a secret")
    return make_draft(
        "dreams", by=editor, title="Dreams & <i>", episode=make_episode(), sections=(SectionContent("Waste", BODY),)
    )


def opened(draft, editor, **values):
    """Share the draft; return the link and the address of its page."""
    link, token = workflow.share(draft, by=editor, **({"days": 7} | values))
    return link, reverse("shared_draft", args=[token])


def test_the_page_shows_the_text_as_an_unpublished_draft(draft, editor):
    _link, address = opened(draft, editor)

    text = " ".join(Client().get(address).text.split())

    assert "<strong>This is an unpublished draft.</strong> editor shared it with you" in text
    assert "Dreams &amp; &lt;i&gt;</h1>" in text
    assert "The brain clears waste at night" in text
    assert '<time datetime="PT6M31S">06:31</time>' in text
    assert "&lt;b&gt;Raw&lt;/b&gt;" in text
    assert "Your comment" not in text


def test_the_page_lists_the_claims_with_their_statuses_and_leads_to_no_report(draft, editor):
    _, address = opened(draft, editor)

    text = Client().get(address).text

    assert "Claims by timestamp" in text
    assert text.count('class="moments__status status status--unchecked"') == 2  # of the claim, and in the legend
    assert "/citations/" not in text


def test_the_page_names_no_other_draft_and_leads_into_no_admin(draft, editor):
    _, address = opened(draft, editor)

    text = Client().get(address).text

    assert ("Zephyrine" in text, "/admin/" in text) == (False, False)
    assert 'href="/articles/secret/"' not in text


def test_the_page_is_kept_and_told_nowhere(draft, editor):
    _, address = opened(draft, editor)
    pages = [Client().get(address), Client().get("/shared/nothing/")]

    for response in pages:
        assert response.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert '<meta name="robots" content="noindex">' in response.text
        assert response.cookies == {}


def test_the_draft_is_shown_as_it_is_saved_now(draft, editor):
    _, address = opened(draft, editor)
    newer = replace(content_of(draft), lead="A newer lead.")
    workflow.save_draft(draft, newer, by=editor, version=draft.version)

    assert "A newer lead." in Client().get(address).text


def test_only_openings_by_people_are_counted(draft, editor):
    link, address = opened(draft, editor)
    Client().head(address)
    Client().get(address)

    link.refresh_from_db()
    assert link.opened_count == 1


def test_an_ended_link_says_what_to_do_and_nothing_of_the_text(draft, editor, moderator):
    revoked, expired = opened(draft, editor), opened(draft, editor)
    workflow.revoke(revoked[0], by=moderator)
    DraftLink.objects.filter(pk=expired[0].pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    for address, status in (
        (revoked[1], 410),
        (expired[1], 410),
        ("/shared/nothing/", 404),
        (revoked[1][:-2] + "/", 404),
    ):
        response = Client().get(address)
        assert response.status_code == status
        assert "sk whoever sent it to you for another one." in response.text
        assert ("Check that you have all of it" in response.text) is (status == 404)
        assert ("Dreams" in response.text, "waste" in response.text) == (False, False)
        sent = Client().post(address, {"name": "A", "text": "Too <late>"})
        assert (sent.status_code, "Too &lt;late&gt;" in sent.text) == (status, status == 410)


def test_a_link_to_a_text_that_was_published_leads_there(draft, editor, moderator):
    _, address = opened(draft, editor)
    workflow.submit(draft, by=editor)
    workflow.approve(draft, by=moderator)
    workflow.publish(draft, by=moderator)

    response = Client().get(address)

    assert response.status_code == 410
    assert '<a class="button" href="/articles/dreams/">Read the article</a>' in response.text


def test_guests_comment_without_an_account_or_a_cookie(draft, editor):
    link, address = opened(draft, editor, allows_comments=True)

    response = Client(enforce_csrf_checks=True).post(
        address, {"name": " Aunt \n May ", "text": "I <b>like</b> it.\r\nMuch."}, REMOTE_ADDR="192.0.2.1"
    )

    comment = GuestComment.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, f"{address}#comment-{comment.pk}")
    assert (comment.link, comment.name, comment.text) == (link, "Aunt May", "I <b>like</b> it.\nMuch.")
    assert "192.0.2.1" not in comment.sender
    text = Client().get(address).text
    assert '<b dir="auto">Aunt May</b> (guest)' in text
    assert "I &lt;b&gt;like&lt;/b&gt; it." in text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "Say who you are."),
        ({"name": "x" * 81}, "Use at most 80 characters (currently 81)."),
        ({"text": " "}, "Write a comment."),
        ({"text": "x" * 5001}, "Use at most 5,000 characters (currently 5,001)."),
        ({"text": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_refusals_say_what_to_do_and_keep_the_text(draft, editor, values, said):
    _, address = opened(draft, editor, allows_comments=True)

    response = Client().post(address, {"name": "Aunt May", "text": "I like it."} | values)

    assert (response.status_code, said in response.text) == (400, True)
    assert "Aunt May" in response.text or "name" in values
    assert not GuestComment.objects.exists()


def test_too_many_comments_are_refused_and_kept(draft, editor):
    _, address = opened(draft, editor, allows_comments=True)
    statuses = [Client().post(address, {"name": "A", "text": f"Text {number}."}).status_code for number in range(6)]

    assert statuses == [303] * 5 + [429]


def test_a_link_without_comments_takes_none(draft, editor):
    _, address = opened(draft, editor)

    assert Client().post(address, {"name": "A", "text": "B"}).status_code == 403
    assert Client().put(address).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_a_constant_number_of_queries(draft, editor, count, django_assert_num_queries):
    _link, address = opened(draft, editor, allows_comments=True)
    for number in range(count):
        Client().post(address, {"name": "A", "text": f"Text {number}."})

    with django_assert_num_queries(14):
        text = Client().get(address).text

    assert text.count('class="guest-comment"') == count
