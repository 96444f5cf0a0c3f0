"""The page on which moderators revert an article: what it shows, asks for and refuses."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article, Revision
from articles.workflow.collaboration import correction_requests
from tests.support.clients import logged_in
from tests.support.factories import make_user
from tests.support.scenarios.moderation import make_pair, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    article, moderator = make_pair()
    change = submitted(article, "vandal", waste="Nonsense [00:06:31].")
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)
    return Article.objects.get(), moderator


def address(article, name="revert"):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def test_the_history_leads_to_a_page_that_shows_what_changes_and_asks_for_a_reason(pair):
    article, moderator = pair
    client = logged_in(moderator)

    history = client.get(address(article, "history"))
    page = client.get(address(article), {"number": "1"})

    assert history.text.count(">Revert to this…<") == 1
    assert f'{address(article)}?number=1"' in history.text
    assert "Revert to revision 1" in page.text
    assert "Nonsense" in page.text  # what goes away
    assert f'name="seen" value="{article.published_revision_id}"' in page.text
    assert "Restore as draft" in page.text


def test_a_moderator_reverts_and_finds_it_in_the_history(pair):
    article, moderator = pair
    values = {"number": "1", "seen": article.published_revision_id, "reason": "<b>It was right.</b>"}

    response = logged_in(moderator).post(address(article), values, follow=True)

    assert Article.objects.get().published_revision.number == 1
    assert "Reverted to revision 1, which is published again." in response.text
    assert "reverted to by <b>second-moderator</b>:" in response.text
    assert '<q dir="auto">&lt;b&gt;It was right.&lt;/b&gt;</q>' in response.text


@pytest.mark.parametrize(
    ("values", "status", "message"),
    [
        ({"reason": " "}, 409, "Give a reason; readers see it in the version history."),
        ({"reason": "x" * 501}, 409, "Shorten the reason to 500 characters or fewer."),
        ({"reason": "Why", "seen": ""}, 409, "What is published has changed since you opened the page."),
        ({"reason": "Why", "number": "2"}, 409, "This revision is published already."),
        ({"reason": "Why", "number": "7"}, 404, "This article has no such revision."),
    ],
)
def test_what_is_refused_changes_nothing_and_says_why(pair, values, status, message):
    article, moderator = pair
    given = {"number": "1", "seen": article.published_revision_id} | values

    response = logged_in(moderator).post(address(article), given)

    assert (response.status_code, Article.objects.get().published_revision.number) == (status, 2)
    assert message in response.text
    if status == 409 and "number" not in values:
        assert f'value="{values["reason"].strip()}"' in response.text


def test_the_page_warns_of_corrections_that_it_takes_back(pair):
    article, moderator = pair
    first = Revision.objects.get(number=1)
    kept = correction_requests.receive(first, "It takes longer.", sender="a", claim="<b>It takes 8 hours.</b>")
    correction_requests.receive(first, "Open.", sender="b", claim="Not this one.")
    correction_requests.answer(
        kept, by=moderator, outcome="corrected", corrected_in=article.published_revision, answer="Right."
    )

    client = logged_in(moderator)
    page = client.get(address(article), {"number": "1"})

    assert "This takes back corrections that readers asked for:" in page.text
    link = reverse("admin:articles_correctionrequest_change", args=[kept.pk])
    assert f'<a href="{link}">No. {kept.pk}</a>, corrected in revision 2: ' in page.text
    assert "&lt;b&gt;It takes 8 hours.&lt;/b&gt;" in page.text
    assert "Not this one." not in page.text
    workflow.revert(first, by=moderator, reason="It was right.")
    assert "isn’t based on this correction" in client.get(link).text
    assert "This takes back" not in client.get(address(article), {"number": "2"}).text


def test_whoever_cannot_revert_learns_why_and_can_start_a_draft(pair):
    article, moderator = pair
    writer = Revision.objects.get(number=1).author
    writer.groups.set(moderator.groups.all())

    page = logged_in(writer).get(address(article), {"number": "1"})

    assert "You wrote part of the text that would come back, so someone else has to revert to it." in page.text
    assert 'name="reason"' not in page.text
    assert "Restore as draft" in page.text


def test_editors_are_not_offered_it(pair):
    article, _ = pair
    client = logged_in(make_user("other"))

    assert "Revert to this…" not in client.get(address(article, "history")).text
    assert client.get(address(article), {"number": "1"}).status_code == 403
    assert client.post(address(article), {"number": "1", "reason": "x"}).status_code == 403
