"""Scheduled publishing and unpublishing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Article, LogEntry, Notice
from tests.support.factories import make_draft, make_episode, make_moderator
from tests.support.scenarios.moderation import make_pair, submitted

pytestmark = pytest.mark.django_db


def scheduled(moderator, **kwargs):
    draft = make_draft(episode=make_episode())
    workflow.submit(draft, by=draft.author)
    workflow.approve(draft, by=moderator)
    return workflow.schedule(draft, by=moderator, **kwargs)


def test_a_scheduled_revision_is_published_and_unpublished_on_time(client):
    moderator = make_moderator()
    now = timezone.now()
    draft = scheduled(moderator, publish_at=now + timedelta(hours=1), take_down_at=now + timedelta(hours=2))

    assert workflow.publish_due(now) == ([], [], [])
    assert client.get("/articles/sleep/").status_code == 404
    published, _, _ = workflow.publish_due(now + timedelta(hours=1))
    assert published == [draft]
    assert client.get("/articles/sleep/").status_code == 200
    assert workflow.publish_due(now + timedelta(hours=1)) == ([], [], [])
    _, taken_down, _ = workflow.publish_due(now + timedelta(hours=2))
    assert taken_down == [draft.article]
    assert client.get("/articles/sleep/").status_code == 410
    assert [e.by_name for e in LogEntry.objects.filter(action__in=["published", "unpublished"])] == ["moderator"] * 2


def test_an_outdated_scheduled_revision_is_not_published():
    article, moderator = make_pair()
    first = submitted(article, "first", waste="First [00:06:31].")
    second = submitted(article, "second", waste="Second [00:06:31].")
    for revision in (first, second):
        workflow.approve(revision, by=moderator)
    workflow.schedule(second, by=moderator, publish_at=timezone.now() + timedelta(hours=1))
    workflow.publish(first, by=moderator)

    published, _, refused = workflow.publish_due(timezone.now() + timedelta(hours=2))

    assert published == []
    assert [revision for revision, _ in refused] == [second]
    assert Article.objects.get().published_revision == first
    told = Notice.objects.filter(kind="not_published").values_list("user__username", flat=True)
    assert set(told) == {"second", "second-moderator"}
    assert workflow.publish_due(timezone.now() + timedelta(hours=2)) == ([], [], [])


@pytest.mark.parametrize("minutes", [0, -5])
def test_a_time_that_has_passed_is_refused(minutes):
    with pytest.raises(workflow.InvalidTransition, match="has passed"):
        scheduled(make_moderator(), publish_at=timezone.now() + timedelta(minutes=minutes))


def test_a_schedule_can_be_cancelled():
    moderator = make_moderator()
    draft = scheduled(moderator, publish_at=timezone.now() + timedelta(hours=1))

    workflow.unschedule(draft, by=moderator)

    assert workflow.publish_due(timezone.now() + timedelta(hours=2)) == ([], [], [])
    with pytest.raises(workflow.InvalidTransition, match="no longer scheduled"):
        workflow.unschedule(draft, by=moderator)
