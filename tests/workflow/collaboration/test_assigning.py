"""Assigning the review of a revision: to a person or a group, logged, told, and kept for the next round."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group

from articles import workflow
from articles.models import ApprovalRule, Article, LogEntry, Notice, Revision
from articles.workflow.collaboration import assigning
from articles.workflow.content import content_of
from articles.workflow.history import audit_log
from tests.support.factories import make_change, make_moderator, make_published, make_user
from tests.support.scenarios.moderation import make_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(people):
    return make_change(make_published("sleep", **people), by=people["by"])


@pytest.fixture
def moderators():
    return Group.objects.get(name="Moderators")


def stored(revision):
    return Revision.objects.get(pk=revision.pk)


def notes(revision):
    return list(LogEntry.objects.filter(revision=revision, action="assigned").values_list("by_name", "note"))


def told():
    return sorted(Notice.objects.filter(kind="assigned").values_list("user__username", flat=True))


def test_a_person_a_group_and_nobody(waiting, people, moderators):
    by, other = people["moderator"], make_moderator("other")

    assigning.assign(waiting, by=by, to=other)
    assert (stored(waiting).assigned_to, stored(waiting).assigned_group) == (other, None)
    assert told() == ["other"]
    assigning.assign(waiting, by=by, to=moderators)
    assert (stored(waiting).assigned_to, stored(waiting).assigned_group) == (None, moderators)
    assert told() == ["other", "other"]  # the moderator did it, so isn't told
    assigning.assign(waiting, by=by, to=None)
    assert (stored(waiting).assigned_to, stored(waiting).assigned_group) == (None, None)

    assert notes(waiting) == [("moderator", "other"), ("moderator", "Moderators"), ("moderator", "nobody")]
    assert audit_log.verify(Article.objects.get()) is None


def test_a_notice_says_whether_it_is_for_a_person_or_for_a_group(waiting, people, moderators):
    other = make_moderator("other")
    for to in (other, moderators):
        assigning.assign(waiting, by=people["moderator"], to=to)

    revision = f"“{waiting.title}” (revision {waiting.number})"
    assert list(Notice.objects.filter(kind="assigned").order_by("pk").values_list("user", "text")) == [
        (other.pk, f"moderator assigned the review of {revision} to you."),
        (other.pk, f"moderator assigned the review of {revision} to the group Moderators."),
    ]


def test_what_is_assigned_already_is_neither_logged_nor_told_again(waiting, people):
    other = make_moderator("other")
    for _ in range(2):
        assigning.assign(waiting, by=people["moderator"], to=other)

    assert (len(notes(waiting)), told()) == (1, ["other"])


def test_who_may_not_review_is_refused(waiting, people):
    writers = Group.objects.create(name="Writers")
    writers.user_set.add(make_user("writer"))
    reader = make_user("reader", groups=())
    gone = make_user("gone", groups=("Moderators",), is_active=False)
    author = people["by"]
    author.groups.add(Group.objects.get(name="Moderators"))

    for to, why in (
        (reader, "reader can’t review revisions."),
        (gone, "gone can’t review revisions."),
        (writers, "The members of “Writers” can’t review revisions."),
        (author, "editor wrote part of this text, so someone else has to review it."),
    ):
        with pytest.raises(workflow.InvalidTransition, match=why):
            assigning.assign(waiting, by=people["moderator"], to=to)
    with pytest.raises(workflow.NotAllowed):
        assigning.assign(waiting, by=reader, to=people["moderator"])
    assert notes(waiting) == []


def test_a_group_without_permissions_whose_members_may_review_is_assigned_and_told(waiting, people):
    doctor, doctors = make_moderator("doctor"), Group.objects.create(name="Doctors")
    doctors.user_set.add(
        doctor, make_user("writing-doctor"), make_user("gone", groups=("Moderators",), is_active=False)
    )
    empty = Group.objects.create(name="Nurses")

    assert [group.name for group in assigning.groups()] == ["Administrators", "Doctors", "Moderators"]
    with pytest.raises(workflow.InvalidTransition, match="The members of “Nurses” can’t review"):
        assigning.assign(waiting, by=people["moderator"], to=empty)
    assigning.assign(waiting, by=people["moderator"], to=doctors)
    assert told() == ["doctor"]
    assert not Revision.objects.filter(assigning.unassigned(), pk=waiting.pk).exists()
    assert list(Revision.objects.filter(assigning.assigned_to(doctor))) == [waiting]


def test_a_group_that_a_rule_names_is_assigned(waiting, people):
    doctors = Group.objects.create(name="Doctors")
    ApprovalRule.objects.create(notice="health", group=doctors)

    assigning.assign(waiting, by=people["moderator"], to=doctors)
    assert stored(waiting).assigned_group == doctors


def test_only_what_is_in_review_is_assigned(waiting, people):
    workflow.withdraw(waiting, by=people["by"])

    with pytest.raises(workflow.InvalidTransition, match=r"was withdrawn \(editor"):
        assigning.assign(waiting, by=people["moderator"], to=people["moderator"])


def test_whoever_asked_for_changes_gets_the_next_revision(waiting, people):
    moderator = people["moderator"]
    assigning.assign(waiting, by=moderator, to=moderator)
    workflow.request_changes(waiting, by=moderator, comment="Say when.")

    waiting = stored(waiting)
    content = replace(content_of(waiting), lead="When it was said.")
    again = workflow.start_draft(waiting.article, content, by=people["by"], base=waiting)
    workflow.submit(again, by=people["by"])

    assert stored(again).assigned_to == moderator


def test_the_condition_finds_what_is_ones_own_or_of_ones_group(waiting, people, moderators):
    other = make_moderator("other")
    found = Revision.objects.filter(assigning.assigned_to(other))

    assert not found.exists()
    for to in (other, moderators):
        assigning.assign(waiting, by=people["moderator"], to=to)
        assert list(found) == [waiting]
        assert not Revision.objects.awaiting_review().filter(assigning.unassigned()).exists()


def test_a_resubmitted_text_is_not_assigned_to_a_reviewer_who_has_written_some_of_it():
    article, moderator = make_pair()
    reviewer, writer = make_moderator("reviewer"), make_user("writer")
    revision = make_change(article, by=writer, lead="Sleep matters a great deal.")
    assigning.assign(revision, by=moderator, to=reviewer)
    workflow.request_changes(revision, by=reviewer, comment="Shorter.")
    for helper, expected in ((writer, reviewer), (reviewer, None)):
        draft = workflow.start_draft(article, content_of(revision), by=writer, base=revision)
        draft = workflow.save_draft(draft, content_of(draft), by=helper, version=draft.version)
        workflow.submit(draft, by=writer)

        revision = Revision.objects.get(pk=draft.pk)
        assert revision.assigned_to == expected
        workflow.request_changes(revision, by=moderator, comment="Shorter.")


def test_an_assignment_that_stays_is_not_refused():
    article, moderator = make_pair()
    reviewer = make_moderator("reviewer")
    revision = make_change(article, by=make_user("writer"), lead="Sleep matters a great deal.")
    assigning.assign(revision, by=moderator, to=reviewer)
    reviewer.groups.clear()
    reviewer = type(reviewer).objects.get(pk=reviewer.pk)

    assert assigning.assign(revision, by=moderator, to=reviewer).assigned_to == reviewer
    with pytest.raises(workflow.InvalidTransition, match="can’t review"):
        assigning.assign(revision, by=moderator, to=make_user("other"))
