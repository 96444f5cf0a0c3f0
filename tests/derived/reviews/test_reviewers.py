"""The reviews that a reviewer's public page lists: one of each text, and only those that its publication rests on."""

import pytest
from django.contrib.auth.models import User

from articles import workflow
from articles.derived.reviews.reviewers import reviews_of
from articles.models import ApprovalRule, Article, Revision
from tests.support.factories import make_change, make_moderator, make_user
from tests.support.scenarios.moderation import make_pair

pytestmark = pytest.mark.django_db


def listed(user):
    return [(review.revision.number, review.decision) for review in reviews_of(user.pk)]


def rename(episode, title):
    episode.title = title
    workflow.save_episode(episode, ["title"], by=User.objects.get(username="chief"), at_once=True)


def test_an_approval_that_no_longer_counted_is_not_listed_and_one_given_again_only_once():
    article, _ = make_pair()
    make_user("chief", is_superuser=True)
    stale, again, last = (make_moderator(name) for name in ("stale", "again", "last"))
    workflow.save_approval_rule(ApprovalRule(notice="health"))
    revision = make_change(article, by=make_user("writer"), notice="health")
    episode = revision.source_set.get().episode

    workflow.approve(revision, by=stale)
    rename(episode, "One")
    workflow.approve(revision, by=again)
    rename(episode, "Two")
    workflow.approve(revision, by=again)
    workflow.publish(workflow.approve(revision, by=last), by=last)

    assert (listed(stale), listed(again), listed(last)) == ([], [(2, "co_approved")], [(2, "approved")])


def test_whoever_approved_twice_is_listed_once():
    article, moderator = make_pair()
    make_user("chief", is_superuser=True)
    revision = article.published_revision
    for title in ("One", "Two"):
        workflow.unpublish(Article.objects.get(), by=moderator, reason="Wrong title.")
        rename(revision.source_set.get().episode, title)
        revision = workflow.publish(workflow.approve_again(revision, by=moderator), by=moderator)

    assert listed(moderator) == [(1, "approved")]


def test_an_approval_before_the_rule_ended_is_not_listed_if_one_person_was_enough():
    article, first = make_pair()
    rule = ApprovalRule(notice="health")
    workflow.save_approval_rule(rule)
    revision = make_change(article, by=make_user("writer"), notice="health")
    workflow.approve(revision, by=first)
    workflow.delete_approval_rules(ApprovalRule.objects.all())
    other = make_moderator("other")
    workflow.approve(Revision.objects.get(pk=revision.pk), by=other)
    workflow.publish(Revision.objects.get(pk=revision.pk), by=other)

    assert (listed(first), listed(other)) == ([], [(2, "approved")])


def test_a_review_stays_listed_while_the_same_person_has_given_the_first_of_two_approvals_again():
    article, moderator = make_pair()
    revision = article.published_revision
    make_user("chief", is_superuser=True)
    workflow.unpublish(article, by=moderator, reason="Wrong title.")
    rename(revision.source_set.get().episode, "One")
    workflow.publish(workflow.approve_again(revision, by=moderator), by=moderator)
    workflow.unpublish(Article.objects.get(), by=moderator, reason="Wrong title.")
    rename(revision.source_set.get().episode, "Two")
    workflow.save_approval_rule(ApprovalRule(show=revision.source_set.get().episode.show))
    workflow.approve_again(revision, by=moderator)
    Article.objects.update(published_revision=revision)

    assert listed(moderator) == [(1, "approved")]
