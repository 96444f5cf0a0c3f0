"""Two approvals on the review page, in the queue, in bulk and for the author: what each says, and what goes out when."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.formats import date_format

from articles import workflow
from articles.admin.queue import bulk_actions
from articles.models import ApprovalRule, Article, Revision
from articles.workflow.recordings import review_digest
from tests.support.factories import make_change, make_draft, make_moderator, make_user
from tests.support.scenarios.moderation import make_pair

pytestmark = pytest.mark.django_db


class Site:
    def __init__(self):
        self.article, self.first = make_pair()
        self.doctor = make_moderator("doctor")
        self.other = make_moderator("other-moderator")
        group = Group.objects.create(name="Doctors")
        group.user_set.add(self.doctor)
        self.writer = make_user("writer")
        workflow.save_approval_rule(ApprovalRule(notice="health", group=group))
        self.revision = make_change(self.article, by=self.writer, notice="health")
        self.page = self.revision.get_absolute_url()

    def decide(self, client, by, act, **fields):
        client.force_login(by)
        values = {"act": act, "digest": review_digest(Revision.objects.get(pk=self.revision.pk)), "comment": ""}
        return client.post(f"{self.page.removesuffix('change/')}decide/", values | fields, follow=True)

    @property
    def status(self):
        return Revision.objects.get(pk=self.revision.pk).status


@pytest.fixture
def site():
    return Site()


def question(client, site, user):
    """What the button to approve says before it does it."""
    client.force_login(user)
    found = re.search(r'value="approve" data-says="([^"]*)"', client.get(site.page).text)
    return found.group(1)


def today():
    return date_format(timezone.localdate(), "DATE_FORMAT")


def test_the_review_page_offers_what_each_person_can_do(site, client):
    client.force_login(site.first)
    page = client.get(site.page).text
    assert "0 of 2 approvals. It needs two people, one of them from “Doctors”." in page
    assert "Approve (1 of 2)" in page
    for absent in ('value="approve_and_publish"', 'value="approve_for_later"', "Publish 2 of"):
        assert absent not in page

    answer = site.decide(client, site.first, "approve").text

    assert "Your approval of “Sleep”, revision 2, is recorded. It needs someone from “Doctors”." in answer
    words = f"1 of 2 approvals, by second-moderator on {today()}. It needs someone from “Doctors”."
    for user, why in (
        (site.first, f"You approved this on {today()}, so someone else has to give the other approval."),
        (site.other, "The other approval has to come from “Doctors”, and you aren’t a member."),
    ):
        client.force_login(user)
        page = client.get(site.page).text
        assert words in page
        assert why in page
        assert 'value="approve"' not in page
        assert 'value="request_changes"' in page
    client.force_login(site.doctor)
    page = client.get(site.page).text
    assert 'value="approve_and_publish"' in page
    assert "Approve and publish</button>" in page
    assert 'name="accept"' not in page
    assert "View page" in site.decide(client, site.doctor, "approve_and_publish").text
    assert Article.objects.get().published_revision_id == site.revision.pk


def test_the_question_before_an_approval_says_whose_is_missing_afterwards(site, client):
    recorded = "Your approval is recorded. The text is approved once"
    assert question(client, site, site.first) == f"{recorded} somebody from “Doctors” has approved it, too."
    assert question(client, site, site.doctor) == f"{recorded} somebody else has approved it, too."

    nurses = Group.objects.create(name="Nurses")
    nurses.user_set.add(site.other)
    show = site.revision.source_set.get().episode.show
    workflow.save_approval_rule(ApprovalRule(show=show, group=nurses))
    words = "It needs two people, with someone from each of these groups: “Doctors”, “Nurses”."
    assert words in client.get(site.page).text
    assert (
        question(client, site, site.first) == f"{recorded} each of these groups has approved it: “Doctors”, “Nurses”."
    )
    site.decide(client, site.first, "approve")
    outsider = make_moderator("outsider")
    client.force_login(outsider)
    words = "Each of these groups still has to approve, and you aren’t a member: “Doctors”, “Nurses”."
    assert words in client.get(site.page).text
    assert question(client, site, site.doctor) == f"{recorded} somebody from “Nurses” has approved it, too."


def test_a_listed_public_note_stays_the_chosen_one_for_the_next_approver(site, client):
    site.decide(client, site.first, "approve", note="correction", public_note="")
    client.force_login(site.doctor)
    page = client.get(site.page).text
    assert '<option value="correction" selected>Correction</option>' in page
    assert 'value="Correction"' not in page  # the field for a custom note

    Revision.objects.filter(pk=site.revision.pk).update(public_note="He meant hours.")
    page = client.get(site.page).text
    assert '<option value="own" selected>' in page
    assert 'value="He meant hours."' in page


def test_the_question_before_a_bulk_approval_says_that_some_texts_need_another(site, client):
    client.force_login(site.first)
    words = "Of those that need another approval, yours is recorded."
    assert words in client.get("/admin/").text
    ApprovalRule.objects.all().delete()
    assert words not in client.get("/admin/").text


@pytest.mark.parametrize("act", ["approve_and_publish", "approve_for_later"])
def test_a_forged_first_approval_publishes_and_schedules_nothing(site, client, act):
    answer = site.decide(client, site.first, act, publish_at="2099-01-01T00:00")
    assert answer.status_code == 409
    assert "This text needs another approval, so nothing was approved or published." in answer.text
    assert (site.status, site.revision.review_set.count()) == ("submitted", 0)


def test_the_second_approval_can_be_scheduled(site, client):
    site.decide(client, site.first, "approve")
    site.decide(client, site.doctor, "approve_for_later", publish_at="2099-01-01T00:00")
    assert Revision.objects.get(pk=site.revision.pk).publish_at.year in {2098, 2099}


def test_the_page_says_that_an_approval_no_longer_counts(site, client):
    site.decide(client, site.first, "approve")
    episode = site.revision.source_set.get().episode
    episode.title = "Another title"
    workflow.save_episode(episode, ["title"], by=make_user("chief", is_superuser=True), at_once=True)
    client.force_login(site.doctor)
    page = client.get(site.page).text
    assert "0 of 2 approvals. It needs two people, one of them from “Doctors”." in page
    assert "since second-moderator approved it, so that approval no longer counts." in page


def test_the_author_sees_how_far_it_is(site, client):
    site.decide(client, site.first, "approve")
    client.force_login(site.writer)
    words = f"1 of 2 approvals, by second-moderator on {today()}. It needs someone from “Doctors”."
    assert words in client.get("/admin/").text
    assert words in client.get(f"/admin/articles/article/{site.article.pk}/change/").text
    assert words in client.get(site.page).text
    draft = make_draft("naps", by=site.writer, notice="health")
    needs = "Needs two approvals once it is submitted. It needs two people, one of them from “Doctors”."
    assert needs in client.get("/admin/").text
    assert needs in client.get(f"/admin/articles/article/{draft.article_id}/change/?revision={draft.pk}").text


def test_the_queue_says_and_filters_what_waits_for_a_second_approval(site, client):
    plain = make_change(site.article, by=make_user("plain"), title="Plain")
    site.decide(client, site.first, "approve")
    seen = {}
    for user in (site.first, site.doctor):
        client.force_login(user)
        for wanted in ("", "another", "me"):
            page = client.get("/admin/", {"approvals": wanted})
            seen[user.username, wanted] = {row.revision.pk for row in page.context["review_queue"]["queue"].rows}
        assert "waiting for a second approval" in client.get("/admin/").text
    both = {plain.pk, site.revision.pk}
    assert seen == {
        ("second-moderator", ""): both,
        ("second-moderator", "another"): {site.revision.pk},
        ("second-moderator", "me"): set(),
        ("doctor", ""): both,
        ("doctor", "another"): {site.revision.pk},
        ("doctor", "me"): {site.revision.pk},
    }


def bulk(client, by, revision, **fields):
    client.force_login(by)
    return client.post("/admin/desk/decide/", {"revision": revision.pk, "comment": ""} | fields, follow=True)


def test_bulk_actions_say_what_each_approval_did(site, client):
    page = bulk(client, site.first, site.revision, act="approve_and_publish").text
    assert "It needs another approval besides yours. Use “Approve” to give yours: 0 of 2 approvals." in page
    digest = f"{site.revision.pk}-{review_digest(site.revision)}"
    forged = bulk(client, site.first, site.revision, act="approve_and_publish", confirmed="1", digest=digest).text
    assert "so nothing was approved or published" in forged
    assert site.revision.review_set.count() == 0

    assert (
        "your approval is recorded. It needs someone from “Doctors”."
        in bulk(client, site.first, site.revision, act="approve").text
    )
    assert "You approved this on" in bulk(client, site.first, site.revision, act="approve").text
    done = bulk(client, site.doctor, site.revision, act="approve_and_publish", confirmed="1", digest=digest).text
    assert "approved and published" in done
    assert Article.objects.get().published_revision_id == site.revision.pk


def test_a_bulk_approval_after_which_the_rule_is_deleted_is_recorded(site, client, monkeypatch):
    monkeypatch.setattr(bulk_actions, "progress_of", lambda revision: None)
    assert "your approval is recorded." in bulk(client, site.first, site.revision, act="approve").text


def test_an_override_is_confirmed_by_two_on_the_page(site, client):
    chief = make_user("chief", groups=("Administrators",))
    urgent = make_change(site.article, by=chief, notice="health")
    workflow.publish(workflow.approve(urgent, by=chief, override_reason="It is urgent."), by=chief)
    for user, words in ((site.first, "Your approval of “Sleep”"), (site.doctor, "Confirmed: “Sleep”")):
        client.force_login(user)
        address = f"{urgent.get_absolute_url().removesuffix('change/')}decide/"
        assert (
            words
            in client.post(
                address, {"act": "confirm", "comment": "", "digest": review_digest(urgent)}, follow=True
            ).text
        )
    assert Revision.objects.get(pk=urgent.pk).needs_second_review is False


def test_the_queue_offers_the_filter_only_if_a_text_can_need_a_second_approval(site, client):
    client.force_login(site.first)
    with_a_rule = client.get("/admin/").text

    workflow.delete_approval_rules(ApprovalRule.objects.all())

    assert "Waiting for a second approval" in with_a_rule
    assert "Waiting for a second approval" not in client.get("/admin/").text
    asked = client.get("/admin/?approvals=another").text  # as a link that somebody kept does
    assert '<option value="another" selected>Waiting for a second approval</option>' in asked
    assert "Clear filters" in asked


@pytest.mark.parametrize("tab", ["approved", "scheduled"])
def test_a_text_that_needs_its_approvals_again_is_found_by_the_filter_and_says_so(site, client, tab):
    def seen(user, **query):
        client.force_login(user)
        page = client.get("/admin/", query)
        rows = page.context["review_queue"]["queue"].rows if "tab" not in query else []
        return page.text, [row.revision.pk for row in rows]

    site.decide(client, site.first, "approve")
    workflow.approve(Revision.objects.get(pk=site.revision.pk), by=site.doctor)
    if tab == "scheduled":
        later = timezone.now() + timedelta(days=1)
        workflow.schedule(Revision.objects.get(pk=site.revision.pk), by=site.doctor, publish_at=later)
    assert seen(site.other, approvals="another")[1] == []
    assert "approvals" not in seen(site.other, tab=tab)[0].split('class="items"')[1].split("</ol>")[0]
    episode = site.revision.source_set.get().episode
    episode.title = "Another title"
    workflow.save_episode(episode, ["title"], by=make_user("chief", is_superuser=True), at_once=True)

    none = "0 of 2 approvals. It needs two people, one of them from “Doctors”."
    assert none in seen(site.other, tab=tab)[0]
    for wanted in ("another", "me"):
        text, rows = seen(site.first, approvals=wanted)
        assert rows == [site.revision.pk]
        assert none in text
        assert "recording changed since the approval" in text
        assert "1 of 1" in text
        assert f'value="{site.revision.pk}"' not in text  # it isn't in review, so no bulk action is about it
    assert seen(site.other)[1] == []

    site.decide(client, site.first, "approve_again")

    one = f"1 of 2 approvals, by second-moderator on {today()}. It needs someone from “Doctors”."
    assert one in seen(site.other, tab=tab)[0]
    assert one in seen(site.other, approvals="another")[0]
    assert [seen(user, approvals="me")[1] for user in (site.first, site.doctor)] == [[], [site.revision.pk]]
    site.decide(client, site.doctor, "approve_again")
    assert seen(site.other, approvals="another")[1] == []
