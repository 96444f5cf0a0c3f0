"""The admin of groups: a new name reaches the records of its members, and no approval in the middle of a review."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User

from articles import workflow
from articles.models import ApprovalRule
from articles.workflow.history import rows, verification
from tests.support.factories import make_change, make_moderator, make_user
from tests.support.scenarios.moderation import make_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def rename(client):
    client.force_login(make_user("root", is_superuser=True))

    def rename(group, name):
        return client.post(f"/admin/auth/group/{group.pk}/change/", {"name": name})

    return rename


def test_a_new_name_is_recorded_with_its_members(rename):
    group = Group.objects.create(name="Doctors")
    group.user_set.add(make_user("member"))

    assert rename(group, "Physicians").status_code == 302

    assert Group.objects.get(pk=group.pk).name == "Physicians"
    assert [*rows.not_as_recorded(get_user_model()), *rows.not_as_recorded(Group)] == []
    assert list(verification.verify()) == []


def test_a_group_keeps_its_name_while_a_text_waits_with_an_approval_from_it(rename):
    article, doctor = make_pair()
    group = Group.objects.create(name="Doctors")
    group.user_set.add(doctor)
    workflow.save_approval_rule(ApprovalRule(notice="health", group=group))
    revision = make_change(article, by=make_user("writer"), notice="health")
    workflow.approve(revision, by=doctor)

    refused = rename(group, "Physicians")

    assert (
        "1 text waits for another approval and has one from “Doctors”. Rename the group once it has both."
        in refused.text
    )
    assert Group.objects.filter(name="Doctors").exists()
    assert rename(group, "Doctors").status_code == 302
    workflow.reject(revision, by=doctor, comment="No.")
    assert rename(group, "Physicians").status_code == 302


def test_a_group_keeps_its_name_while_a_published_text_waits_for_its_last_confirmation(rename):
    article, _ = make_pair()
    root, doctor = User.objects.get(username="root"), make_moderator("doctor")
    group = Group.objects.create(name="Doctors")
    group.user_set.add(doctor)
    revision = make_change(article, by=root, notice="health")
    workflow.publish(workflow.approve(revision, by=root, override_reason="Urgent."), by=root)
    workflow.save_approval_rule(ApprovalRule(notice="health", group=group))
    workflow.confirm(revision, by=doctor)

    assert "1 text waits for another approval" in rename(group, "Physicians").text
    workflow.confirm(revision, by=make_moderator("other"))
    assert rename(group, "Physicians").status_code == 302
