"""Texts that need two approvals: by which rule, from whom, of what, and that the record says so."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from django.utils.formats import date_format

from articles import workflow
from articles.models import ApprovalRule, Article, LogEntry, Notice, Review, Revision, Topic
from articles.workflow import integrity
from articles.workflow.history import audit_log, verification
from articles.workflow.history.approvals import contradiction
from articles.workflow.publishing.reviews import progress_by_key, progress_of, records
from articles.workflow.recordings import review_digest
from tests.support.factories import make_change, make_content, make_episode, make_moderator, make_user
from tests.support.scenarios.moderation import make_pair, submitted

pytestmark = pytest.mark.django_db


def a_rule(group=None, **about):
    rule = ApprovalRule(group=group, **(about or {"notice": "health"}))
    workflow.save_approval_rule(rule)
    return rule


def doctors(*users):
    group = Group.objects.create(name="Doctors")
    group.user_set.set(users)
    return group


def healthy(article, name="writer", **changes):
    return make_change(article, by=make_user(name), notice="health", **changes)


def three(article_and_moderator=None):
    """A published article, and three moderators."""
    article, first = article_and_moderator or make_pair()
    return article, first, make_moderator("other-moderator"), make_moderator("third-moderator")


def lock_of(revision):
    return Revision.objects.select_related("article").get(pk=revision.pk)


# Who ----------------------------------------------------------------------------------------------


def test_without_a_rule_one_approval_is_enough_and_records_no_requirement():
    article, moderator = make_pair()
    revision = workflow.approve(healthy(article), by=moderator)
    assert (revision.status, revision.review_set.get().requirement, progress_of(revision)) == ("approved", None, None)


def test_an_approval_during_which_the_rule_is_deleted_is_refused(monkeypatch):
    """Nothing locks the rules, so on PostgreSQL one can go between two reads of a transaction."""
    article, first, *_ = three()
    a_rule()
    revision = healthy(article)
    write = records.write_review

    def write_without_rule(*args, **options):
        ApprovalRule.objects.all().delete()
        return write(*args, **options)

    monkeypatch.setattr(records, "write_review", write_without_rule)
    with pytest.raises(workflow.InvalidTransition, match="have changed meanwhile, so nothing was recorded"):
        workflow.approve(revision, by=first)
    assert revision.review_set.count() == 0


def test_a_text_with_two_approvals_is_approved_by_the_second_person():
    article, first, second, _ = three()
    a_rule()
    revision = healthy(article)

    workflow.approve(revision, by=first, comment="Fine.")

    assert Revision.objects.get(pk=revision.pk).status == "submitted"
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    words = f"1 of 2 approvals, by second-moderator on {today}. It needs one more person."
    assert progress_of(revision).words == words
    with pytest.raises(workflow.InvalidTransition, match="was submitted for review"):
        workflow.publish(revision, by=first)
    with pytest.raises(workflow.NotAllowed, match=r"You approved this on .* someone else has to give the other"):
        workflow.approve(revision, by=first)

    workflow.publish(workflow.approve(lock_of(revision), by=second), by=second)

    co, last = Review.objects.filter(revision=revision)
    digest = review_digest(Revision.objects.get(pk=revision.pk))
    assert (co.decision, co.by, co.requirement) == (
        "co_approved",
        first,
        {"approvals": 2, "groups": [], "in": [], "digest": digest, "with": []},
    )
    assert (last.decision, last.by, last.requirement["with"]) == ("approved", second, [co.pk])
    entries = LogEntry.objects.filter(revision=revision, action__in=["co_approved", "approved"]).order_by("number")
    assert [entry.requirement for entry in entries] == [co.requirement, last.requirement]
    assert Article.objects.get().published_revision == revision
    assert audit_log.verify(article) is None
    assert list(verification.verify()) == []
    assert list(integrity.check(Article.objects.all(), quick=True)) == []


@pytest.mark.parametrize("four_eyes", [True, False])
def test_a_contributor_gives_neither_approval_and_nobody_gives_both(four_eyes):
    article, first, second, _ = three()
    a_rule()
    writer = make_moderator("writing-moderator")
    revision = make_change(article, by=writer, notice="health")
    with override_settings(FOUR_EYES=four_eyes):
        if four_eyes:
            for approve in (workflow.approve, workflow.approve):
                with pytest.raises(workflow.NotAllowed, match="You contributed to this revision"):
                    approve(revision, by=writer)
        workflow.approve(revision, by=first)
        with pytest.raises(workflow.NotAllowed, match="You approved this on"):
            workflow.approve(revision, by=first)
        workflow.approve(revision, by=second)
    assert revision.status == "approved"


def test_one_of_the_two_comes_from_the_group_in_either_order():
    article, first, doctor, other = three()
    a_rule(doctors(doctor))
    revision = healthy(article)
    assert progress_of(revision).words == "0 of 2 approvals. It needs two people, one of them from “Doctors”."
    workflow.approve(revision, by=first)
    assert progress_of(revision).wanted == "It needs someone from “Doctors”."
    with pytest.raises(workflow.NotAllowed, match="The other approval has to come from “Doctors”, and you aren’t"):
        workflow.approve(revision, by=other)
    workflow.publish(workflow.approve(lock_of(revision), by=doctor), by=doctor)
    assert Review.objects.filter(revision=revision).last().requirement["in"] == ["Doctors"]

    article.refresh_from_db()
    later = healthy(article, "second-writer", title="Sleep, again")
    workflow.approve(later, by=doctor)
    workflow.approve(lock_of(later), by=other)
    assert Revision.objects.get(pk=later.pk).status == "approved"


def test_two_groups_are_both_needed_even_if_that_takes_three_people():
    article, first, doctor, lawyer = three()
    a_rule(doctors(doctor))
    lawyers = Group.objects.create(name="Lawyers")
    lawyers.user_set.add(lawyer)
    a_rule(lawyers, show=article.published_revision.source_set.get().episode.show)
    revision = healthy(article)
    workflow.approve(revision, by=first)
    assert progress_of(revision).wanted == "It needs someone from each of these groups: “Doctors”, “Lawyers”."
    workflow.approve(revision, by=doctor)
    assert (progress_of(revision).needed, progress_of(revision).missing) == (3, ["Lawyers"])
    workflow.approve(revision, by=lawyer)
    assert revision.status == "approved"
    assert audit_log.verify(article) is None


def test_who_leaves_the_group_later_has_approved_all_the_same():
    article, _first, doctor, other = three()
    group = doctors(doctor)
    a_rule(group)
    revision = healthy(article)
    workflow.approve(revision, by=doctor)
    group.user_set.clear()
    doctor.groups.clear()
    workflow.publish(workflow.approve(lock_of(revision), by=other), by=other)
    assert audit_log.verify(article) is None


def test_a_group_without_reviewers_cannot_be_chosen():
    group = doctors(make_user("nurse"))
    with pytest.raises(workflow.InvalidTransition, match="Nobody in “Doctors” can review revisions"):
        a_rule(group)


# What ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("about", ["show", "topic", "notice"])
def test_a_rule_is_about_a_show_a_topic_or_health_articles(about):
    article, moderator = make_pair()
    topic = Topic(slug="sleep", title="Sleep")
    workflow.save_topic(topic)
    revision = submitted(article, "writer", waste="Other words [00:06:31].")
    show = article.published_revision.source_set.get().episode.show
    a_rule(**{"show": {"show": show}, "topic": {"topic": topic}, "notice": {"notice": "health"}}[about])
    assert (progress_of(revision) is not None) == (about == "show")
    if about == "topic":
        workflow.assign_topics(article, [topic], by=moderator)
        assert progress_of(lock_of(revision)).needed == 2
    if about == "notice":
        other = healthy(article, "health-writer")
        assert progress_by_key([lock_of(revision), other]).keys() == {other.pk}


def test_a_change_that_takes_the_notice_away_needs_two_approvals_too():
    article, first, _second, _ = three()
    workflow.publish(workflow.approve(healthy(article), by=first), by=first)
    a_rule()
    article.refresh_from_db()
    revision = make_change(article, by=make_user("remover"), notice="none")
    assert workflow.approve(revision, by=first).status == "submitted"


def test_a_new_text_a_request_for_changes_and_a_rejection_start_anew():
    article, first, second, third = three()
    a_rule()
    revision = healthy(article)
    workflow.approve(revision, by=first)
    workflow.request_changes(revision, by=second, comment="Cite it.")
    again = make_change(article, by=revision.author, notice="health", title="Sleep better")
    assert progress_of(again).given == ()
    workflow.approve(again, by=second)
    workflow.reject(again, by=first, comment="No.")
    assert progress_of(again).given == ()
    with pytest.raises(workflow.InvalidTransition, match="was rejected"):
        workflow.approve(again, by=third)
    assert audit_log.verify(article) is None


def change_recording(revision, by):
    episode = revision.source_set.get().episode
    episode.title = f"{episode.title}, again"
    workflow.save_episode(episode, ["title"], by=by, at_once=True)


def test_an_approval_of_another_recording_no_longer_counts():
    article, first, second, _third = three()
    a_rule()
    revision = healthy(article)
    workflow.approve(revision, by=first)

    change_recording(revision, make_user("chief", is_superuser=True))

    progress = progress_of(lock_of(revision))
    assert (progress.given, [review.by for review in progress.stale]) == ((), [first])
    told = Notice.objects.get(user=first, kind=Notice.Kind.RECORDING)
    assert "was changed (title). Your approval of revision 2 no longer counts." in told.text
    assert "approval" not in Notice.objects.get(user=revision.author, kind=Notice.Kind.RECORDING).text
    assert progress.stale_words == (
        "A recording that it cites has changed since second-moderator approved it, so that approval no longer counts."
    )
    assert workflow.approve(lock_of(revision), by=second).status == "submitted"
    last = workflow.approve(lock_of(revision), by=first)
    assert last.status == "approved"
    assert last.review_set.last().requirement["with"] == [last.review_set.all()[1].pk]
    assert audit_log.verify(article) is None


def test_whoever_approved_again_is_no_longer_named_as_someone_whose_approval_does_not_count():
    article, first, _second, _third = three()
    a_rule()
    revision = healthy(article)
    workflow.approve(revision, by=first)
    change_recording(revision, make_user("chief", is_superuser=True))

    workflow.approve(lock_of(revision), by=first)

    progress = progress_of(lock_of(revision))
    assert ([review.by for review in progress.given], progress.stale_words) == ([first], "")


def test_an_approved_text_whose_recording_changes_needs_both_approvals_again():
    article, first, second, _ = three()
    a_rule()
    revision = healthy(article)
    workflow.approve(revision, by=first)
    workflow.approve(revision, by=second)
    change_recording(revision, make_user("chief", is_superuser=True))
    workflow.approve_again(lock_of(revision), by=second)
    with pytest.raises(workflow.InvalidTransition, match="Changed after the approval"):
        workflow.publish(lock_of(revision), by=second)
    workflow.approve_again(lock_of(revision), by=first)
    workflow.publish(lock_of(revision), by=first)
    assert audit_log.verify(article) is None


# Changed rules ------------------------------------------------------------------------------------


def test_a_stricter_rule_is_in_force_for_what_waits_and_not_for_what_is_approved():
    article, first, _second, _ = three()
    approved, waiting = healthy(article), healthy(article, "other-writer")
    workflow.approve(approved, by=first)
    a_rule()
    assert workflow.approve(waiting, by=first).status == "submitted"
    workflow.schedule(approved, by=first, publish_at=timezone.now() + timedelta(hours=1))
    published, _, failed = workflow.publish_due(timezone.now() + timedelta(hours=2))
    assert (published, failed) == ([approved], [])


def test_without_the_rule_the_next_approval_is_enough_even_by_the_same_person():
    article, first, _, _ = three()
    a_rule()
    revision = healthy(article)
    workflow.approve(revision, by=first)
    workflow.delete_approval_rules(ApprovalRule.objects.all())
    assert workflow.approve(revision, by=first).status == "approved"
    assert revision.review_set.last().requirement is None
    assert audit_log.verify(article) is None


# Other ways to readers ----------------------------------------------------------------------------


def test_a_text_that_needs_two_cannot_be_accepted_in_part():
    article, first, _, _ = three()
    a_rule()
    with pytest.raises(workflow.InvalidTransition, match="so it can’t be accepted in part"):
        workflow.accept_in_part(healthy(article), ["x"], by=first, comment="The rest isn’t said.")


def test_what_an_override_published_is_confirmed_by_two():
    article, first, second, _ = three()
    a_rule()
    chief = make_user("chief", groups=("Administrators",))
    revision = make_change(article, by=chief, notice="health")
    workflow.publish(workflow.approve(revision, by=chief, override_reason="It is urgent."), by=chief)
    workflow.confirm(lock_of(revision), by=first)
    assert Revision.objects.get(pk=revision.pk).needs_second_review is True
    workflow.confirm(lock_of(revision), by=second)
    assert Revision.objects.get(pk=revision.pk).needs_second_review is False
    with pytest.raises(workflow.InvalidTransition, match="already reviewed"):
        workflow.confirm(lock_of(revision), by=make_moderator("late"))
    assert audit_log.verify(article) is None


def test_an_earlier_text_with_all_its_approvals_is_reverted_to_by_one_person():
    article, first, second, third = three()
    earlier = article.published_revision
    a_rule()
    revision = healthy(article)
    workflow.approve(revision, by=first)
    workflow.publish(workflow.approve(revision, by=second), by=second)
    workflow.revert(lock_of(earlier), by=third, reason="It was right.")
    workflow.revert(lock_of(revision), by=third, reason="It is right after all.")
    assert Article.objects.get().published_revision == revision


# Notices and the record ---------------------------------------------------------------------------


def test_those_who_can_give_the_other_approval_are_told_and_the_author():
    article, first, doctor, _other = three()
    a_rule(doctors(doctor))
    revision = healthy(article)
    Notice.objects.all().delete()
    workflow.approve(revision, by=first)
    told = {notice.user.username: (notice.kind, notice.text) for notice in Notice.objects.all()}
    assert told.keys() == {"writer", "other-moderator"}
    assert told["writer"] == (
        "decided",
        "second-moderator gave one of the approvals for “Sleep” (revision 2): It needs someone from “Doctors”.",
    )
    assert told["other-moderator"][0] == "submitted"
    assert told["other-moderator"][1].startswith("“Sleep” (revision 2) waits for another approval: 1 of 2 approvals")


def approved_by_two():
    article, first, second, _ = three()
    a_rule(doctors(second))
    revision = healthy(article)
    workflow.approve(revision, by=first)
    workflow.approve(revision, by=second)
    reviews = list(revision.review_set.order_by("pk"))
    entries = list(LogEntry.objects.filter(revision=revision, action__in=["co_approved", "approved"]).order_by("pk"))
    assert contradiction(reviews, entries) is None
    return article, reviews, entries


def test_a_forged_requirement_breaks_the_log():
    article, reviews, _ = approved_by_two()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_review SET requirement = NULL WHERE id = %s", [reviews[1].pk])
    assert str(audit_log.verify(article)) == "sleep: revision 2: what “approved” needed isn’t what the log says"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_logentry SET requirement = NULL WHERE action = 'approved'")
    assert audit_log.verify(article).reason == "it differs from what was recorded"


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda co, last: last["with"].clear(), "“approved” needed 2 people, and there were 1"),
        (lambda co, last: last["with"].append(99), "“approved” needed 2 people, and there were 2"),
        (lambda co, last: last["in"].clear(), "“approved” needed somebody from “Doctors”, and nobody was"),
        (
            lambda co, last: co.update(digest="0" * 64),
            "the approvals before “approved” were of another text or other recordings",
        ),
    ],
)
def test_approvals_that_do_not_add_up_are_found(damage, reason):
    _, reviews, entries = approved_by_two()
    damage(reviews[0].requirement, reviews[1].requirement)
    for review, entry in zip(reviews, entries, strict=True):
        entry.requirement = review.requirement
    assert contradiction(reviews, entries) == reason


def test_two_approvals_of_one_account_are_found():
    _, reviews, entries = approved_by_two()
    entries[0].account = entries[1].account
    assert contradiction(reviews, entries) == "“approved” needed 2 people, and there were 1"


# Around the rule ----------------------------------------------------------------------------------


def test_a_text_does_not_leave_the_rule_of_the_last_public_text_by_unpublishing_it():
    article, first, second, _ = three()
    a_rule()
    public = healthy(article)
    workflow.approve(public, by=first)
    workflow.publish(workflow.approve(public, by=second), by=second)
    article.refresh_from_db()
    revision = make_change(article, by=make_user("another"), notice="", lead="Another lead.")
    workflow.unpublish(article, by=first, reason="Too soon.")
    revision.refresh_from_db()

    assert progress_of(lock_of(revision)).given == ()
    with pytest.raises(workflow.InvalidTransition, match="can’t be accepted in part"):
        workflow.accept_in_part(lock_of(revision), [], by=first, comment="No.")
    workflow.approve(revision, by=first)
    assert Revision.objects.get(pk=revision.pk).status == "submitted"


def test_a_confirmation_is_of_the_text_and_recordings_of_its_page():
    article, _, second, _ = three()
    root = make_user("root", is_superuser=True)
    revision = make_change(article, by=root, lead="Another lead.")
    workflow.publish(workflow.approve(revision, by=root, override_reason="Nobody is here."), by=root)

    with pytest.raises(workflow.InvalidTransition, match="has changed since you opened it"):
        workflow.confirm(revision, by=second, digest="0" * 64)

    assert workflow.confirm(revision, by=second, digest=review_digest(revision)).needs_second_review is False


def test_who_wrote_the_reviewed_part_cannot_review_the_rest_of_a_text_with_a_rule():
    writer, first, second = make_moderator("writer"), make_moderator("one"), make_moderator("two")
    article = received()
    revision = make_change(article, by=writer, notice="health")
    a_rule()
    workflow.approve(revision, by=first)
    workflow.publish(workflow.approve(revision, by=second), by=second)

    with pytest.raises(workflow.NotAllowed):
        workflow.review_whole(Revision.objects.get(pk=revision.pk), by=writer)

    assert not Review.objects.filter(by=writer).exists()


def received():
    root = make_user("root", is_superuser=True)
    draft = workflow.create_article(
        make_content(episode=make_episode()), by=root, received_as="night/sleep", received_digest="0" * 64
    )
    workflow.publish_received(draft, by=root)
    return Article.objects.get()
