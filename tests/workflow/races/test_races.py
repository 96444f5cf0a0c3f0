"""Concurrent actions by threads of one process and by several processes: one wins, nothing is lost."""

import functools
import itertools
import os
import random
import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from articles import workflow
from articles.derived import rederive
from articles.derived.checks import run
from articles.models import ApprovalRule, Article, ChainLink, Citation, LogEntry, Revision, RowRecord
from articles.workflow.content import SectionContent, content_of
from articles.workflow.history import audit_log, verification
from tests.support.factories import make_change, make_draft, make_episode, make_user, publish_by_workflow
from tests.support.pages import page_of
from tests.workflow.races.racing import Racers

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 3
ROUNDS = 3
SECTIONS = (
    SectionContent("Why we sleep", "The brain clears waste at night. It also settles memory."),
    SectionContent("What helps", "Regular hours help most."),
)


@pytest.fixture(scope="module")
def racers(django_db_setup):
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    racers = Racers(url, PROCESSES)
    yield racers
    racers.stop()


@pytest.fixture
def race(request, racers, transactional_db):
    """A function that runs jobs concurrently on the test database, which this process uses at the same time."""
    return functools.partial(racers.run, processes=request.param)


def in_threads_and_processes(test):
    return pytest.mark.parametrize(
        "race", [pytest.param(1, id="threads"), pytest.param(PROCESSES, id="processes")], indirect=True
    )(test)


class People:
    def __init__(self):
        self.ada = make_user("ada")
        self.ben = make_user("ben")
        self.mia = make_user("mia", groups=("Moderators",))
        self.noa = make_user("noa", groups=("Moderators",))
        self.root = make_user("root", is_superuser=True)


def job(act, by=None, revision=None, **more):
    given = {"by": by and by.pk, "revision": revision and revision.pk}
    return {"act": act} | {name: value for name, value in given.items() if value} | more


def change(article, by, **changes):
    return make_change(Article.objects.get(pk=article.pk), by=by, **changes)


def start(article, by):
    """Return a draft by `by` of a published article."""
    published = Article.objects.get(pk=article.pk).published_revision
    return workflow.start_draft(published.article, content_of(published), by=by, base=published)


def winners(outcomes):
    """Return the winners; everyone else got a message that says why."""
    assert [outcome.crash for outcome in outcomes if outcome.crash] == []
    for outcome in outcomes:
        assert outcome.has_won or outcome.says.endswith((".", ". ")), outcome
    return [outcome for outcome in outcomes if outcome.has_won]


def assert_in_order(article):
    """Check that the record is intact, revisions are numbered without gaps, the public text is the one published
    last, and derived data belongs to it."""
    article = Article.objects.get(pk=article.pk)
    assert audit_log.verify(article) is None
    numbers = list(LogEntry.objects.filter(article=article).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, article.log_length + 1))
    revisions = list(article.revision_set.order_by("number"))
    assert [revision.number for revision in revisions] == list(range(1, len(revisions) + 1))
    drafts = [revision.author_id for revision in revisions if revision.is_draft]
    assert len(drafts) == len(set(drafts))
    periods = audit_log.publications(article)
    public = [revision.pk for revision, _, until, _ in periods if until is None]
    assert public == ([article.published_revision_id] if article.published_revision_id else [])
    for (_, since, _, _), (_, _, until, _) in itertools.pairwise(periods):
        assert until <= since
    if article.published_revision_id:
        stored = derived(article)
        rederive(Revision.objects.select_related("article").get(pk=article.published_revision_id))
        assert stored == derived(article)


def derived(article):
    """Return what readers see of the published text, and what it cites."""
    citations = Citation.objects.filter(revision=article.published_revision_id)
    page = page_of(article)
    return list(citations.values_list("position", "text", "claim", "start_seconds")), page.splitlines()


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
def test_a_recording_changes_between_approval_and_publication_or_after_both(race):
    who = People()
    episode = make_episode()
    article = publish_by_workflow(by=who.ada, moderator=who.mia, episode=episode)
    for round_number in range(ROUNDS):
        revision = change(article, who.ben, lead=f"Changed {round_number}.")

        outcomes = race(
            [
                job("approve", who.mia, revision),
                job("retitle", who.noa, revision, title=f"Title {round_number}"),
                job("retitle", who.ben, revision, title=f"Invented {round_number}"),
                *(job("publish", by, revision) for by in (who.mia, who.noa, who.root)),
            ]
        )

        assert not [outcome.crash for outcome in outcomes if outcome.crash]
        entries = list(LogEntry.objects.filter(article=article).order_by("number"))
        assert_published_as_approved(entries)
        revision.refresh_from_db()
        article.refresh_from_db()
        if article.published_revision_id != revision.pk:
            if revision.status == "submitted":
                workflow.approve(revision, by=who.mia)
            if workflow.recordings.changed_since_approval(revision):
                workflow.approve_again(revision, by=who.mia)
            workflow.publish(revision, by=who.mia)
            article.refresh_from_db()
        assert audit_log.verify(article) is None
        episode.refresh_from_db()
        assert "Invented" not in episode.title


def assert_published_as_approved(entries):
    """Assert that no recording changed between the last approval of a revision and its publication."""
    approved = {}
    for entry in entries:
        if entry.action == "approved":
            approved[entry.revision_id] = current = dict(entry.recordings)
        elif entry.action == "recording_changed":
            current = dict(entry.recordings)
        elif entry.action == "published":
            assert approved[entry.revision_id] == current


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
def test_recording_url_changes_while_texts_that_cite_it_are_saved(race):
    who = People()
    episode = make_episode()
    articles = [publish_by_workflow(f"sleep-{n}", by=who.ada, moderator=who.mia, episode=episode) for n in range(2)]
    drafts = [make_draft(f"naps-{number}", by=who.ada, episode=episode) for number in range(3)]

    outcomes = race(
        [
            *(job("save again and again", who.ada, draft, times=10, text="ada") for draft in drafts),
            job("rename recording", who.root, episode=episode.pk, times=10),
        ]
    )

    *saves, renamed = winners(outcomes)
    assert [len(outcome.value) for outcome in saves] == [10, 10, 10]
    assert renamed.value == [302] * 10
    episode.refresh_from_db()
    assert episode.slug == "talk-9"
    for article in [*articles, *(draft.article for draft in drafts)]:
        assert_in_order(article)


@in_threads_and_processes
def test_feed_renames_a_recording_while_texts_that_cite_it_are_saved(race):
    who = People()
    episode = make_episode(youtube_id="aB3dE5fG7hI")
    articles = [publish_by_workflow(f"sleep-{n}", by=who.ada, moderator=who.mia, episode=episode) for n in range(3)]
    drafts = [start(article, who.ben) for article in articles]

    outcomes = race(
        [
            *(job("save again and again", who.ben, draft, times=10, text="ben") for draft in drafts),
            job("import feed", who.root, episode=episode.pk, times=10),
        ]
    )

    *saves, imported = winners(outcomes)
    assert [len(outcome.value) for outcome in saves] == [10, 10, 10]
    assert imported.value == [["changed"]] * 10
    episode.refresh_from_db()
    assert episode.title == "Talk 9"
    for article in articles:
        assert_in_order(article)


@in_threads_and_processes
def test_deliveries_and_feeds_change_recordings_in_any_order(race):
    who = People()
    episodes = [make_episode("on-sleep", youtube_id="aB3dE5fG7hI"), make_episode("on-naps", youtube_id="bC4eF6gH8iJ")]
    articles = []
    for number in range(4):
        episode = episodes[number % 2]
        articles.append(publish_by_workflow(f"sleep-{number}", by=who.ada, moderator=who.mia, episode=episode))
    drafts = [start(article, who.ben) for article in articles]
    here, there = [episode.pk for episode in episodes], [episode.pk for episode in reversed(episodes)]

    outcomes = race(
        [
            *(job("save again and again", who.ben, draft, times=6, text="ben") for draft in drafts[:2]),
            job("receive episodes", episodes=here, title="Received", times=6),
            job("receive episodes", episodes=there, title="Received too", times=6),
            job("import feed", who.root, episode=episodes[0].pk, times=6),
            job("rename recording", who.root, episode=episodes[1].pk, times=6),
        ]
    )

    first, second, received, received_too, imported, renamed = winners(outcomes)
    assert [len(first.value), len(second.value)] == [6, 6]
    assert [received.value, received_too.value] == [6, 6]
    assert {outcome for outcome, *_ in imported.value} <= {"changed", "unchanged"}
    assert renamed.value == [302] * 6
    for article in articles:
        assert_in_order(article)


@in_threads_and_processes
def test_transcripts_are_imported_while_texts_that_cite_the_recording_are_saved(race):
    who = People()
    episode = make_episode()
    sections = [SectionContent("Why we sleep", "The brain clears waste at night [00:01:00]. Owls hunt [00:00:05].")]
    articles = [
        publish_by_workflow(f"sleep-{n}", by=who.ada, moderator=who.mia, episode=episode, sections=sections)
        for n in range(3)
    ]
    drafts = [start(article, who.ben) for article in articles]

    outcomes = race(
        [
            *(job("save again and again", who.ben, draft, times=8, text="ben") for draft in drafts),
            job("receive transcripts", who.root, episode=episode.pk, times=6),
        ]
    )

    *saves, received = winners(outcomes)
    assert [len(outcome.value) for outcome in saves] == [8, 8, 8]
    assert received.value == 6
    episode.refresh_from_db()
    run.recheck(episode)
    for citation in Citation.objects.filter(episode=episode).select_related("finding"):
        assert run.is_current(citation.finding, episode)
    for article in articles:
        assert_in_order(article)


def test_a_locked_recording_is_reported_and_the_input_is_kept(client, transactional_db):
    who = People()
    article = publish_by_workflow(by=who.ada, moderator=who.mia, episode=make_episode())
    episode = article.published_revision.source_set.get().episode
    form = {
        "show": episode.show_id,
        "title": episode.title,
        "slug": "another",
        "duration_seconds": "1:00:00",
        **{f"{name}-{count}_FORMS": 0 for name in ("chapter_set", "edition_set") for count in ("TOTAL", "INITIAL")},
    }
    client.force_login(who.root)
    other = connection.copy()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=200" if connection.vendor == "sqlite" else "SET lock_timeout='200ms'")

    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
            cursor.execute("UPDATE articles_article SET is_protected = is_protected")
            response = client.post(f"/admin/articles/episode/{episode.pk}/change/", form)
            cursor.execute("ROLLBACK")
    finally:
        other.close()
        connection.close()

    assert response.status_code == 200
    assert "Your changes weren’t saved" in str(response.context["errors"])
    assert response.context["adminform"].form["slug"].value() == "another"
    episode.refresh_from_db()
    assert episode.slug != "another"


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
