"""Recordings that change while texts which cite them are saved, approved and published."""

import pytest
from django.db import connection

from articles import workflow
from articles.derived.checks import run
from articles.models import Citation, LogEntry
from articles.workflow.content import SectionContent
from articles.workflow.history import audit_log
from tests.support.factories import make_draft, make_episode, publish_by_workflow
from tests.workflow.races.scenes import (
    ROUNDS,
    People,
    assert_in_order,
    assert_published_as_approved,
    change,
    in_threads_and_processes,
    job,
    start,
    winners,
)

pytestmark = pytest.mark.django_db(transaction=True)


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
