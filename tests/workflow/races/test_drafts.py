"""People who save, submit, rebase and decide at the same time, in threads and in processes: one wins, nothing is lost."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from articles import workflow
from articles.models import ApprovalRule, Article, Revision
from articles.workflow.content import content_of
from tests.support.factories import make_draft, publish_by_workflow
from tests.workflow.races.scenes import (
    ROUNDS,
    SECTIONS,
    People,
    assert_in_order,
    change,
    in_threads_and_processes,
    job,
    winners,
)

pytestmark = pytest.mark.django_db(transaction=True)


@in_threads_and_processes
def test_one_decision_is_taken(race):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia)
    for round_number in range(ROUNDS):
        revision = change(article, who.ben, lead=f"Changed {round_number}.")
        logged = Article.objects.get().log_length

        outcomes = race(
            [
                job("approve", who.mia, revision),
                job("reject", who.noa, revision),
                job("request changes", who.mia, revision),
                job("withdraw", who.ben, revision),
                job("approve", who.noa, revision),
                job("override", who.root, revision),
            ]
        )

        (winner,) = winners(outcomes)
        assert {o.error for o in outcomes if o is not winner} == {"InvalidTransition"}
        assert revision.review_set.count() == (winner.act != "withdraw")
        assert Article.objects.get().log_length == logged + 1
    assert_in_order(article)


@in_threads_and_processes
def test_two_of_several_approvals_count_and_those_of_one_person_once(race):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia)
    workflow.save_approval_rule(ApprovalRule(notice="health"))
    for round_number in range(ROUNDS):
        revision = change(article, who.ben, lead=f"Changed {round_number}.", notice="health")

        outcomes = race([job("approve", by, revision) for by in (who.mia, who.noa, who.root, who.mia, who.noa)])

        won = winners(outcomes)
        assert len({outcome.by for outcome in won}) == len(won) == 2
        co, last = revision.review_set.order_by("pk")
        assert (co.decision, last.decision, last.requirement["with"]) == ("co_approved", "approved", [co.pk])
        revision.refresh_from_db()
        assert revision.status == "approved"
    assert_in_order(article)


@in_threads_and_processes
def test_second_approvals_and_a_rejection_at_once_leave_one_outcome(race):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia)
    workflow.save_approval_rule(ApprovalRule(notice="health"))
    for round_number in range(ROUNDS):
        revision = change(article, who.ben, lead=f"Changed {round_number}.", notice="health")
        workflow.approve(revision, by=who.mia)

        outcomes = race(
            [job("approve", who.noa, revision), job("approve", who.root, revision), job("reject", who.mia, revision)]
        )

        (winner,) = winners(outcomes)
        revision.refresh_from_db()
        assert revision.status == ("approved" if winner.act == "approve" else "rejected")
        assert revision.review_set.count() == 2
    assert_in_order(article)


@in_threads_and_processes
def test_part_is_accepted_once_or_something_else_is_decided(race):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia, sections=SECTIONS)
    for round_number in range(ROUNDS):
        sections = [
            replace(section, body=f"{section.body} Some say so {round_number}.")
            for section in content_of(Article.objects.get().published_revision).sections
        ]
        revision = change(article, who.ben, sections=tuple(sections))

        outcomes = race(
            [
                job("accept in part", who.mia, revision),
                job("accept in part", who.noa, revision),
                job("reject", who.mia, revision),
                job("withdraw", who.ben, revision),
            ]
        )

        assert len(winners(outcomes)) == 1
        for draft in Revision.objects.open():  # the remainder: out of the way of the next round
            workflow.submit(draft, by=who.ben)
            workflow.withdraw(draft, by=who.ben)
    assert_in_order(article)


@in_threads_and_processes
def test_one_of_several_saves_over_the_same_version_wins(race):
    who = People()
    draft = make_draft(by=who.ada)
    for round_number in range(ROUNDS):
        outcomes = race(
            [
                job("save", by, draft, lead=f"{by.username} {round_number} {number}")
                for number in range(2)
                for by in (who.ada, who.ben, who.mia)
            ]
        )

        (winner,) = winners(outcomes)
        assert {o.error for o in outcomes if o is not winner} == {"StaleDraft"}
        draft.refresh_from_db()
        assert draft.version == round_number + 2 == winner.value
        assert draft.lead == f"{User.objects.get(pk=winner.by)} {round_number} {outcomes.index(winner) // 3}"
    assert_in_order(draft.article)


@in_threads_and_processes
def test_no_acknowledged_save_is_missing_when_the_draft_is_submitted(race):
    who = People()
    for round_number in range(ROUNDS):
        draft = make_draft(f"sleep-{round_number}", by=who.ada)

        outcomes = race(
            [
                *(job("save again and again", by, draft, times=8, text=by.username) for by in (who.ada, who.ben)),
                job("save again and again", who.mia, draft, times=8, text=who.mia.username),
                *(job("submit", by, draft) for by in (who.ada, who.ben)),
            ]
        )

        assert [o.act for o in winners(outcomes) if o.act == "submit"] == ["submit"]
        acknowledged = dict(pair for o in outcomes if o.act != "submit" for pair in o.value)
        assert sorted(acknowledged) == list(range(2, len(acknowledged) + 2))
        draft.refresh_from_db()
        assert (draft.status, draft.version) == ("submitted", len(acknowledged) + 1)
        assert draft.lead == acknowledged.get(draft.version, "What a night of sleep does.")
        assert_in_order(draft.article)


@in_threads_and_processes
def test_drafts_are_numbered_without_a_gap(race):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia)
    base = article.published_revision

    outcomes = race(
        [
            *[job("start", who.ada, base)] * 3,
            *(job("start", by, base) for by in (who.ben, who.mia, who.noa, who.root)),
        ]
    )

    assert sorted(User.objects.get(pk=o.by).username for o in winners(outcomes)) == ["ada", "ben", "mia", "noa", "root"]
    assert {o.error for o in outcomes if not o.has_won} == {"StaleDraft"}
    assert_in_order(article)


@in_threads_and_processes
def test_slug_is_taken_once(race):
    who = People()
    drafts = [make_draft(f"sleep-{number}", by=who.ada) for number in range(3)]

    outcomes = race(
        [
            *[job("create", who.ada, slug="naps")] * 3,
            *(job("save", who.ben, draft, slug="naps") for draft in drafts),
        ]
    )

    (winner,) = winners(outcomes)
    assert {o.error for o in outcomes if o is not winner} == {"InvalidTransition"}
    assert Article.objects.filter(slug="naps").count() == 1
    for article in Article.objects.all():
        assert_in_order(article)


@in_threads_and_processes
def test_revision_is_rebased_once(race):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia, sections=SECTIONS)
    for round_number in range(ROUNDS):
        behind = change(article, who.ben, lead=f"Ben’s {round_number}.")
        workflow.approve(newer := change(article, who.ada, title=f"Sleep {round_number}"), by=who.mia)
        workflow.publish(newer, by=who.mia)

        outcomes = race(
            [
                *(job("bring up to date", by, behind) for by in (who.ben, who.mia, who.noa, who.ben)),
                job("withdraw", who.ben, behind),
                job("reject", who.mia, behind),
            ]
        )

        (winner,) = winners(outcomes)
        followers = list(Revision.objects.filter(base=behind))
        assert [f.pk for f in followers] == ([winner.value] if winner.act == "bring up to date" else [])
        for follower in followers:
            assert (follower.title, follower.lead) == (f"Sleep {round_number}", f"Ben’s {round_number}.")
            workflow.withdraw(follower, by=who.ben)
    assert_in_order(article)


@in_threads_and_processes
def test_draft_is_rebased_or_saved(race):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia, sections=SECTIONS)
    base = article.published_revision
    draft = workflow.start_draft(article, replace(content_of(base), lead="Ben’s."), by=who.ben, base=base)
    workflow.approve(newer := change(article, who.ada, title="Sleep well"), by=who.mia)
    workflow.publish(newer, by=who.mia)

    outcomes = race(
        [
            *(job("bring up to date", by, draft) for by in (who.ben, who.mia)),
            *(job("save", by, draft, lead=f"{by}’s.") for by in (who.ben, who.mia)),
        ]
    )

    assert len(winners(outcomes)) == 1
    draft.refresh_from_db()
    assert draft.version == 2
    assert_in_order(article)
