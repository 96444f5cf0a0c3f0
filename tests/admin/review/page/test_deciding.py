"""Deciding on the review page: what each role is offered, what happens, and what is refused."""

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import LogEntry, Review
from tests.support.clients import logged_in, messages_of
from tests.support.factories import make_change, make_moderator, make_user
from tests.support.scenarios.reviewing import acts_of, decide, page_of, refusals

pytestmark = pytest.mark.django_db


def test_moderator_is_offered_the_decision(change, moderator):
    assert acts_of(logged_in(moderator).get(page_of(change))) == [
        "approve_and_publish",
        "approve",
        "request_changes",
        "reject",
    ]


def test_author_can_only_withdraw(change, editor):
    response = logged_in(editor).get(page_of(change))

    assert acts_of(response) == ["withdraw"]
    assert response.context["available"].notes == ["In review. It can’t be edited until a moderator decides."]


def test_another_editor_is_offered_nothing(change):
    assert acts_of(logged_in(make_user("other")).get(page_of(change))) == []


def test_moderator_who_contributed_sees_why_approval_is_unavailable(article, moderator):
    own = make_change(article, by=moderator, title="Sleep at night")

    response = logged_in(moderator).get(page_of(own))

    assert acts_of(response) == ["request_changes", "reject", "withdraw"]
    assert "You contributed to this revision, so someone else has to approve it." in response.text


@pytest.mark.parametrize("act", ["approve_and_publish", "approve", "request_changes", "reject", "publish"])
def test_editor_cannot_decide(change, act):
    other = make_user("other")

    response = decide(logged_in(other), change, act, comment="I say so.")

    change.refresh_from_db()
    assert response.status_code == 403
    assert change.status == "submitted"
    assert change.article.published_revision.number == 1


def test_editor_cannot_unpublish(article):
    response = decide(logged_in(make_user("other")), article.published_revision, "unpublish", comment="I say so.")

    article.refresh_from_db()
    assert response.status_code == 403
    assert article.published_revision.number == 1


def test_moderator_who_contributed_cannot_approve(article, moderator):
    own = make_change(article, by=moderator, title="Sleep at night")

    response = decide(logged_in(moderator), own, "approve", comment="Fine.")

    assert response.status_code == 403
    assert refusals(response) == ["You contributed to this revision, so someone else has to approve it."]
    assert not Review.objects.filter(revision=own).exists()


# Deciding -----------------------------------------------------------------------------------------


def test_approve_and_publish_makes_the_revision_public(change, moderator, client):
    response = decide(
        logged_in(moderator), change, "approve_and_publish", comment="Heard it.", public_note="Citation re-timed."
    )

    change.refresh_from_db()
    assert (response.status_code, response.url) == (302, "/admin/")
    assert messages_of(response) == ['Published: “Sleep”, revision 2. <a href="/articles/sleep/">View page</a>']
    assert change.article.published_revision == change
    assert change.public_note == "Citation re-timed."
    assert [(review.decision, review.comment) for review in change.review_set.all()] == [("approved", "Heard it.")]
    assert 'data-revision="2"' in client.get("/articles/sleep/").text


def test_approved_is_published_later(change, moderator):
    client = logged_in(moderator)

    decide(client, change, "approve")
    available = acts_of(client.get(page_of(change)))
    decide(client, change, "publish", public_note="Later.")

    change.refresh_from_db()
    assert available == ["publish"]
    assert change.article.published_revision == change
    assert change.public_note == "Later."


@pytest.mark.parametrize(("act", "status"), [("request_changes", "changes_requested"), ("reject", "rejected")])
def test_requesting_changes_and_rejecting_record_the_reason(change, moderator, act, status):
    response = decide(logged_in(moderator), change, act, comment="Which study?")

    change.refresh_from_db()
    assert response.status_code == 302
    assert (change.status, change.review_set.get().comment) == (status, "Which study?")
    assert change.article.published_revision.number == 1


@pytest.mark.parametrize(
    ("act", "message"),
    [
        ("request_changes", "Tell the author what to change."),
        ("reject", "Give the author a reason."),
    ],
)
def test_a_missing_reason_is_refused_and_input_kept(change, moderator, act, message):
    response = decide(logged_in(moderator), change, act, comment="  ", public_note="Half written")

    change.refresh_from_db()
    assert (response.status_code, change.status) == (409, "submitted")
    assert refusals(response) == [message]
    assert 'value="Half written"' in response.text


def test_the_second_moderator_sees_who_decided_first(change, moderator):
    workflow.reject(change, by=moderator, comment="Not cited.")
    decided = timezone.localtime(LogEntry.objects.last().at)
    at = f"{decided:%H:%M} on {decided.day} {decided:%b %Y}"

    response = decide(logged_in(make_moderator("second")), change, "approve_and_publish", comment="Heard all of it.")

    assert response.status_code == 409
    assert refusals(response) == [f"Revision 2 was rejected (moderator, {at}): this is no longer possible."]
    assert "Heard all of it.</textarea>" in response.text


def test_a_decision_sent_twice_happens_once(change, moderator):
    client = logged_in(moderator)

    first = decide(client, change, "approve_and_publish")
    second = decide(client, change, "approve_and_publish")

    assert (first.status_code, second.status_code) == (302, 409)
    assert Review.objects.filter(revision=change).count() == 1


def test_outdated_revisions_cannot_be_approved(article, change, moderator):
    faster = make_change(article, by=make_user("faster"), title="Sleep at night")
    workflow.publish(workflow.approve(faster, by=moderator), by=moderator)
    client = logged_in(moderator)

    available = client.get(page_of(change)).context["available"]
    response = decide(client, change, "approve_and_publish")

    change.refresh_from_db()
    assert [act.name for act in available.buttons] == ["request_changes", "reject"]
    [note] = available.notes
    assert note == "Outdated: revision 3 has been published since. Update this revision before publishing it."
    assert (response.status_code, change.status, change.review_set.count()) == (409, "submitted", 0)


def test_author_withdraws_and_continues_in_the_editor(change, editor):
    response = decide(logged_in(editor), change, "withdraw")

    change.refresh_from_db()
    assert change.status == "withdrawn"
    assert response.url == f"/admin/articles/article/{change.article_id}/change/?revision={change.pk}"


def test_unpublishing_records_a_reason(article, moderator, client):
    published = article.published_revision
    reviewer = logged_in(moderator)

    refused = decide(reviewer, published, "unpublish", comment="")
    done = decide(reviewer, published, "unpublish", comment="The recording was withdrawn.")

    article.refresh_from_db()
    assert (refused.status_code, done.status_code) == (409, 302)
    assert article.published_revision is None
    assert LogEntry.objects.last().note == "The recording was withdrawn."
    assert client.get("/articles/sleep/").status_code == 410


def test_unpublishing_applies_only_to_the_revision_that_the_page_showed(article, change, moderator):
    seen = article.published_revision
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)

    response = decide(logged_in(moderator), seen, "unpublish", comment="Wrong.")

    article.refresh_from_db()
    assert response.status_code == 409
    assert article.published_revision == change


def test_unknown_actions_and_too_long_comments_are_refused(change, moderator):
    client = logged_in(moderator)

    long = decide(client, change, "reject", comment="x" * 5001)

    assert decide(client, change, "delete").status_code == 404
    assert long.status_code == 400
    assert "x" * 5001 in long.text
