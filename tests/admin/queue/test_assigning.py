"""Assigning in the queue and on the review page, and the page with everybody's workload."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.admin.queue import workload
from articles.models import Review, Revision
from articles.workflow.collaboration import assigning
from articles.workflow.content import changes
from tests.support.clients import logged_in, messages_of
from tests.support.databases.triggers import without_triggers_of_database
from tests.support.factories import make_change, make_content, make_draft, make_moderator, make_published

pytestmark = pytest.mark.django_db

DECIDE = "/admin/desk/decide/"


@pytest.fixture
def waiting(people):
    """Two revisions in review: a change and a new article."""
    change = make_change(make_published("sleep", **people), by=people["by"])
    return [change, workflow.submit(make_draft("naps", title="Naps", by=people["by"]), by=people["by"])]


@pytest.fixture
def moderator_client(people):
    return logged_in(people["moderator"])


def shown(client, **filters):
    response = client.get(reverse("admin:index"), filters)
    return {row.revision.pk for row in response.context["review_queue"]["queue"].rows}


def test_selected_revisions_are_taken_and_assigned(moderator_client, waiting, people):
    first, second = waiting
    other = make_moderator("other")

    moderator_client.post(DECIDE, {"act": "take", "revision": [first.pk]})
    response = moderator_client.post(DECIDE, {"act": "assign", "revision": [second.pk], "assignee": f"user-{other.pk}"})

    assert "Assigned: 1" in messages_of(response)[-1]
    assert [Revision.objects.get(pk=one.pk).assigned_to for one in waiting] == [people["moderator"], other]
    assert shown(moderator_client, assigned="me") == {first.pk}
    assert shown(moderator_client, assigned="nobody") == set()
    page = moderator_client.get(reverse("admin:index")).content.decode()
    assert "assigned to you" in page
    assert "assigned to <b>other</b>" in page


def test_a_group_is_assigned_and_what_cant_be_is_reported(moderator_client, waiting, people):
    group = Group.objects.get(name="Moderators")
    workflow.withdraw(waiting[0], by=people["by"])

    response = moderator_client.post(
        DECIDE, {"act": "assign", "revision": [one.pk for one in waiting], "assignee": f"group-{group.pk}"}
    )

    done, skipped = messages_of(response)
    assert "“Naps”, revision 1: assigned to Moderators." in done
    assert "was withdrawn" in skipped
    assert shown(moderator_client, assigned="me") == {waiting[1].pk}


def test_an_unknown_assignee_is_refused(moderator_client, waiting):
    response = moderator_client.post(DECIDE, {"act": "assign", "revision": [waiting[0].pk], "assignee": "user-99999"})

    assert response.status_code == 400
    assert not Revision.objects.exclude(assigned_to=None).exists()


def test_the_review_page_assigns_with_the_due_date(moderator_client, waiting, people):
    revision = waiting[0]
    address = reverse("admin:articles_revision_set_priority", args=[revision.pk])
    other = make_moderator("other")

    response = moderator_client.post(address, {"due_on": "2026-12-03", "assignee": f"user-{other.pk}"})

    assert messages_of(response) == ["Saved: not urgent, due on 3 Dec 2026, assigned to other."]
    page = moderator_client.get(revision.get_absolute_url()).content.decode()
    assert "Assigned to other" in page
    # A page that the previous release has made doesn't have the field.
    moderator_client.post(address, {"due_on": "2026-12-04"})
    assert Revision.objects.get(pk=revision.pk).assigned_to == other


def test_a_refused_assignment_leaves_the_due_date_as_it_was(moderator_client, waiting, people):
    people["by"].groups.add(Group.objects.get(name="Moderators"))
    address = reverse("admin:articles_revision_set_priority", args=[waiting[0].pk])

    response = moderator_client.post(address, {"due_on": "2026-12-03", "assignee": f"user-{people['by'].pk}"})

    assert messages_of(response) == ["editor wrote part of this text, so someone else has to review it."]
    assert Revision.objects.get(pk=waiting[0].pk).due_on is None


def test_workloads_count_what_waits_and_how_long_decisions_took(waiting, people, django_assert_num_queries):
    moderator, other = people["moderator"], make_moderator("other")
    first, second = waiting
    now = timezone.now()
    Revision.objects.filter(pk=first.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assigning.assign(first, by=other, to=moderator)
    assigning.assign(second, by=other, to=Group.objects.get(name="Moderators"))
    with django_assert_num_queries(4):
        rows = workload.workloads(Revision.objects.awaiting_review(), now)
    numbers = {row.name: (row.assigned, row.overdue, row.decided) for row in rows}
    # The published article's approval is one of the moderator's decisions.
    assert numbers == {"moderator": (1, 1, 1), "other": (0, 0, 0), "Moderators": (1, 0, 0), "All": (2, 1, 1)}

    workflow.approve(Revision.objects.get(pk=second.pk), by=other)
    with without_triggers_of_database():
        Revision.objects.filter(pk=second.pk).update(submitted_at=now - timedelta(days=3))
    rows = {row.name: row for row in workload.workloads(Revision.objects.awaiting_review())}
    assert (rows["other"].decided, rows["other"].time) == (1, "3 days")
    assert rows["All"].decided == 2


def test_what_is_overdue_and_assigned_to_nobody_is_counted(waiting, people):
    Revision.objects.filter(pk=waiting[0].pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assigning.assign(waiting[1], by=people["moderator"], to=people["moderator"])

    numbers = {row.name: (row.assigned, row.overdue) for row in workload.workloads(Revision.objects.awaiting_review())}

    assert numbers == {"moderator": (1, 0), "Nobody": (1, 1), "All": (2, 1)}


@pytest.mark.parametrize("to", ["a person", "a group"])
def test_what_is_assigned_to_who_can_no_longer_review_is_assigned_to_nobody(moderator_client, waiting, people, to):
    other = make_moderator("other")
    group = Group.objects.create(name="Physicians")
    group.permissions.set(Group.objects.get(name="Moderators").permissions.all())
    other.groups.set([group])
    assigning.assign(waiting[0], by=people["moderator"], to=other if to == "a person" else group)
    workflow.approve(waiting[1], by=other)
    assert shown(moderator_client, assigned="nobody") == set()

    if to == "a person":
        other.is_active = False
        other.save()
    else:
        group.permissions.clear()

    rows = workload.workloads(Revision.objects.awaiting_review())
    assert {row.name: (row.assigned, row.decided) for row in rows} == {
        "moderator": (0, 1),
        "other, no longer a reviewer": (0, 1),
        "Nobody": (1, 0),
        "All": (1, 2),
    }
    assert shown(moderator_client, assigned="nobody") == {waiting[0].pk}
    name = "other" if to == "a person" else "Physicians"
    queue = moderator_client.get(reverse("admin:index")).text
    assert f"was assigned to <b>{name}</b>, who can’t review" in queue


def test_accepting_in_part_is_one_decision_with_its_time_from_submission(waiting, people):
    moderator, change = people["moderator"], waiting[0]
    ids = [each.id for each in changes.compare(change.target, change).changes]
    with without_triggers_of_database():
        Revision.objects.filter(pk=change.pk).update(submitted_at=timezone.now() - timedelta(days=3))

    _, remainder = workflow.accept_in_part(change, ids[:1], by=moderator, comment="Say when.")
    rows = {row.name: row for row in workload.workloads(Revision.objects.awaiting_review())}
    assert rows["moderator"].decided == 2  # with the approval of the article, at once
    assert rows["moderator"].days == pytest.approx(1.5, abs=0.01)

    # What was left out is a submission of its own.
    workflow.submit(remainder, by=people["by"])
    workflow.approve(remainder, by=moderator)
    rows = {row.name: row for row in workload.workloads(Revision.objects.awaiting_review())}
    assert rows["moderator"].decided == 3


def test_a_second_decision_on_a_revision_has_no_time_from_submission(waiting, people):
    moderator, change = people["moderator"], waiting[0]
    other = make_moderator("other")
    workflow.approve(change, by=moderator)
    with without_triggers_of_database():
        Revision.objects.filter(pk=change.pk).update(submitted_at=timezone.now() - timedelta(days=3))
    Review.objects.create(revision=change, decision="approved", by=other, by_name="other", at=timezone.now())

    rows = {row.name: row for row in workload.workloads(Revision.objects.awaiting_review())}

    assert (rows["other"].decided, rows["other"].days) == (1, None)
    assert rows["moderator"].days == pytest.approx(1.5, abs=0.01)


def test_a_review_of_an_imported_text_is_a_decision_without_a_time_from_submission(waiting, root):
    draft = workflow.create_article(make_content("imported"), by=root, received_digest="a" * 64)
    workflow.publish_received(draft, by=root)
    reviewer = make_moderator("reviewer")

    workflow.review_whole(Revision.objects.get(pk=draft.pk), by=reviewer)

    rows = {row.name: row for row in workload.workloads(Revision.objects.awaiting_review())}
    assert (rows["reviewer"].decided, rows["reviewer"].days) == (1, None)


def test_the_page_is_for_those_who_review(moderator_client, people, waiting):
    address = reverse("admin:queue_workload")

    page = moderator_client.get(address)

    assert page.status_code == 200
    assert "2 revisions in review</a> are assigned to nobody." in page.content.decode()
    assert logged_in(people["by"]).get(address).status_code == 403
