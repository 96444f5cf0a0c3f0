"""Publishing, unpublishing and protecting at the same time, in threads and in processes; and everybody doing everything."""

import random
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Article, ChainLink, LogEntry, Revision, RowRecord
from articles.workflow.content import SectionContent
from articles.workflow.history import verification
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
def test_approved_revision_is_published_once(race):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia)
    for round_number in range(ROUNDS):
        revision = change(article, who.ben, lead=f"Changed {round_number}.")
        workflow.approve(revision, by=who.mia)

        outcomes = race(
            [
                *(job("publish", by, revision, note=f"Said by {by}.") for by in (who.mia, who.noa, who.root)),
                job("schedule", who.mia, revision),
                job("schedule", who.noa, revision),
                job("unschedule", who.noa, revision),
                job("publish", who.mia, revision),
            ]
        )

        assert len([o for o in winners(outcomes) if o.act == "publish"]) == 1
        assert LogEntry.objects.filter(revision=revision, action="published").count() == 1
        revision.refresh_from_db()
        assert revision.publish_at is None
        assert Article.objects.get().published_revision == revision
    assert_in_order(article)


@in_threads_and_processes
def test_one_of_two_revisions_takes_the_place_of_the_published_text(race):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia)
    for round_number in range(ROUNDS):
        one = change(article, who.ada, lead=f"Ada’s {round_number}.")
        other = change(article, who.ben, lead=f"Ben’s {round_number}.")
        for revision in (one, other):
            workflow.approve(revision, by=who.mia)

        outcomes = race([job("publish", by, r) for r in (one, other) for by in (who.mia, who.noa)])

        (winner,) = winners(outcomes)
        assert Article.objects.get().published_revision_id == winner.value
    assert_in_order(article)


@in_threads_and_processes
def test_due_revisions_are_published_once(race):
    who = People()
    articles = [publish_by_workflow(f"sleep-{number}", by=who.ada, moderator=who.mia) for number in range(2)]
    revisions = [change(article, who.ben, lead="Out at last.") for article in articles]
    for revision in revisions:
        workflow.approve(revision, by=who.mia)
        workflow.schedule(revision, by=who.noa, publish_at=timezone.now() + timedelta(seconds=0.2))
    workflow.submit(draft := make_draft("naps", by=who.ada), by=who.ada)
    workflow.approve(draft, by=who.mia)
    soon = timezone.now() + timedelta(seconds=0.1)
    workflow.schedule(draft, by=who.mia, publish_at=soon, take_down_at=soon + timedelta(seconds=0.1))
    workflow.publish_due(soon + timedelta(seconds=0.01))
    down = draft.article
    time.sleep(0.3)

    outcomes = race(
        [*[job("publish due")] * 4, job("publish", who.mia, revisions[0]), job("unschedule", who.mia, revisions[1])]
    )

    winners(outcomes)
    for revision in revisions:
        published = LogEntry.objects.filter(revision=revision, action="published").count()
        unscheduled = LogEntry.objects.filter(revision=revision, action="unscheduled").count()
        assert published + unscheduled == 1
        assert_in_order(revision.article)
    assert LogEntry.objects.filter(article=down, action="unpublished").count() == 1
    assert_in_order(down)


@in_threads_and_processes
def test_article_is_unpublished_once(race):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia)
    revision = change(article, who.ben, lead="Changed.")
    workflow.approve(revision, by=who.mia)

    outcomes = race(
        [
            *(job("unpublish", by, article=article.pk) for by in (who.mia, who.noa, who.root)),
            job("publish", who.mia, revision),
        ]
    )

    won = sorted(outcome.act for outcome in winners(outcomes))
    assert won in (["publish"], ["publish", "unpublish"])  # who saw the former text takes only that one down
    assert Article.objects.get().published_revision == revision
    assert_in_order(article)


@in_threads_and_processes
def test_protection_is_set_once_and_applies_from_then_on(race):
    who = People()
    draft = make_draft(by=who.ada)

    outcomes = race(
        [
            *(job("protect", by, article=draft.article_id) for by in (who.mia, who.noa)),
            *(job("save again and again", who.ada, draft, times=6, text="ada") for _ in range(2)),
        ]
    )

    assert [o.act for o in winners([o for o in outcomes if o.act == "protect"])] == ["protect"]
    assert all(o.has_won or o.error == "NotAllowed" for o in outcomes if o.act != "protect")
    protected = LogEntry.objects.get(action="protected")
    draft.refresh_from_db()
    assert draft.saved_at < protected.at
    assert_in_order(draft.article)


@in_threads_and_processes
def test_articles_that_link_to_each_other_are_published_at_the_same_time(race):
    who = People()
    drafts = []
    for number in range(4):
        links = " ".join(f"[[sleep-{other}]]" for other in range(4) if other != number)
        drafts.append(make_draft(f"sleep-{number}", by=who.ada, sections=(SectionContent("See", f"Also {links}."),)))
        workflow.submit(drafts[-1], by=who.ada)
        workflow.approve(drafts[-1], by=who.mia)

    outcomes = race([job("publish", by, draft) for draft in drafts for by in (who.mia, who.noa)])

    assert sorted(o.value for o in winners(outcomes)) == [draft.pk for draft in drafts]
    for draft in drafts:
        assert_in_order(draft.article)


@in_threads_and_processes
def test_everybody_does_everything_at_once(race):
    """Whatever is attempted, in any order, gives at most a message, and the record stays intact."""
    who = People()
    chance = random.Random(20)  # noqa: S311  (a fixed order of trials)
    articles = []
    for number in range(2):
        links = (SectionContent("See also", f"The other one: [[sleep-{1 - number}]]."), *SECTIONS)
        articles.append(publish_by_workflow(f"sleep-{number}", by=who.ada, moderator=who.mia, sections=links))
    everybody = [who.ada, who.ben, who.mia, who.noa, who.root]
    on_revisions = [
        *["approve", "override", "confirm", "reject", "request changes", "withdraw", "submit", "publish", "unschedule"],
        *["bring up to date", "accept in part", "save", "start", "erase"],
    ]
    for round_number in range(ROUNDS * 3):
        revisions = list(Revision.objects.order_by("-pk")[:8])
        jobs = [
            job(
                chance.choice(on_revisions), chance.choice(everybody), chance.choice(revisions), lead=f"{round_number}."
            )
            for _ in range(9)
        ]
        jobs += [
            job("start", chance.choice(everybody), chance.choice(articles).published_revision, lead=f"{round_number}!"),
            job("schedule", who.mia, chance.choice(revisions), seconds=0.2),
            job("publish due"),
            job("derive", article=chance.choice(articles).pk),
        ]
        if round_number % 3 == 2:
            jobs.append(job("unpublish", who.mia, article=chance.choice(articles).pk))

        winners(race(jobs))

    for article in articles:
        assert_in_order(article)
    assert list(verification.verify()) == []
    assert ChainLink.objects.sealed().count() == LogEntry.objects.count() + RowRecord.objects.count()
