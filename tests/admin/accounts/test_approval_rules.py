"""Rules for second approvals in the admin: who sets them, about which texts, and with which group."""

import pytest
from django.contrib.auth.models import Group

from articles import workflow
from articles.models import ApprovalRule, Topic
from articles.workflow.history import verification
from tests.support.factories import make_episode, make_moderator, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/approvalrule/add/"
LIST = "/admin/articles/approvalrule/"


@pytest.fixture
def chief(client):
    chief = make_user("chief", groups=("Administrators",))
    client.force_login(chief)
    return chief


def test_an_administrator_sets_changes_and_ends_a_rule(client, chief):
    group = Group.objects.create(name="Doctors")
    doctor = make_moderator()
    group.user_set.add(doctor)
    show = make_episode().show
    page = client.get(ADD).content.decode()
    assert '<option value="health">Texts with the health notice</option>' in page
    assert f'<option value="show-{show.pk}">Night Talks</option>' in page
    assert "Any two reviewers" in page

    assert client.post(ADD, {"about": f"show-{show.pk}", "group": ""}).status_code == 302

    rule = ApprovalRule.objects.get()
    assert (rule.show, rule.group, str(rule)) == (show, None, "Texts that cite the show “Night Talks”")
    change = f"{LIST}{rule.pk}/change/"
    page = client.get(change).content.decode()
    assert "Texts that cite the show “Night Talks”" in page
    assert 'name="about"' not in page
    assert client.post(change, {"group": group.pk, "initial-group": ""}).status_code == 302
    assert "two people, one of them from “Doctors”" in client.get(LIST).content.decode()
    assert f"show-{show.pk}" not in client.get(ADD).content.decode()
    assert client.post(f"{LIST}{rule.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not ApprovalRule.objects.exists()
    assert list(verification.verify()) == []


def test_a_topic_with_a_rule_says_why_it_cannot_be_deleted(client, chief):
    topic = Topic(slug="sleep", title="Sleep")
    workflow.save_topic(topic)
    client.post(ADD, {"about": f"topic-{topic.pk}", "group": ""})
    assert ApprovalRule.objects.get().topic == topic
    page = client.get(f"/admin/articles/topic/{topic.pk}/delete/").content.decode()
    assert "Texts on the topic “Sleep”" in page


@pytest.mark.parametrize("about", ["", "show-999999", "health-1", "group-1", "show-x"])
def test_what_is_no_choice_is_refused(client, chief, about):
    response = client.post(ADD, {"about": about, "group": ""})
    assert response.status_code == 200
    assert not ApprovalRule.objects.exists()


def test_a_group_that_cannot_review_is_refused(client, chief):
    response = client.post(ADD, {"about": "health", "group": Group.objects.get(name="Editors").pk})
    assert "Nobody in “Editors” can review revisions" in response.content.decode()
    assert not ApprovalRule.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(client, chief, count, django_assert_num_queries):
    for number in range(count):
        topic = Topic(slug=f"topic-{number}", title=f"Topic {number}")
        workflow.save_topic(topic)
        workflow.save_approval_rule(ApprovalRule(topic=topic))
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)
