"""A text is published only with the recordings that its approval covers, or approved again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Article, LogEntry, Notice
from articles.workflow import recordings as workflow_recordings
from articles.workflow.history import audit_log
from articles.workflow.integrity import accounts
from articles.workflow.recordings import decisions, review_digest
from tests.support.factories import make_user
from tests.workflow.recordings.waiting.writers import WRITERS, cite, fresh, replace_words, set_title

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("citing", ["approved"], indirect=True)
@pytest.mark.parametrize("writer", WRITERS)
def test_an_approved_text_is_not_published_with_another_recording(writer, revision, episode, author, moderator, second):
    WRITERS[writer](episode, second)

    with pytest.raises(workflow.InvalidTransition, match=r"Changed after the approval: “.*” \(.+\)\. Review it again"):
        workflow.publish(revision, by=moderator)
    with pytest.raises(workflow.InvalidTransition, match="Changed after the approval"):
        workflow.schedule(revision, by=moderator, publish_at=timezone.now() + timedelta(days=1))

    workflow.approve_again(revision, by=moderator, digest=review_digest(revision))
    workflow.publish(revision, by=moderator)
    assert audit_log.verify(Article.objects.get(pk=revision.article_id)) is None


def test_a_scheduled_text_is_not_published_with_another_recording(episode, author, moderator, second):
    revision = cite(episode, author, moderator, "scheduled")
    replace_words(episode, second)

    published, _, failed = workflow.publish_due(timezone.now() + timedelta(days=2))

    assert (published, [failure[0] for failure in failed]) == ([], [revision])
    revision.refresh_from_db()
    assert (revision.publish_at, revision.article.published_revision) == (None, None)
    entry = LogEntry.objects.filter(revision=revision, action="not_published").get()
    assert entry.note == "Changed after the approval: “On sleep” (transcript). Review it again, then publish it."
    assert Notice.objects.filter(kind="not_published", user__in=[author, moderator]).count() == 2


@pytest.mark.parametrize("citing", ["submitted"], indirect=True)
@pytest.mark.parametrize("writer", WRITERS)
def test_only_the_recording_that_the_page_showed_is_approved(writer, revision, episode, author, moderator, second):
    shown = review_digest(revision)
    WRITERS[writer](episode, second)

    with pytest.raises(workflow.InvalidTransition, match="The text or a recording that it cites has changed"):
        workflow.approve(revision, by=moderator, digest=shown)

    workflow.approve(revision, by=moderator, digest=review_digest(revision))
    workflow.publish(revision, by=moderator)


def test_a_change_that_was_undone_needs_no_second_approval(episode, author, moderator, second):
    revision = cite(episode, author, moderator, "approved")
    title = episode.title
    set_title(episode, second)
    episode = fresh(episode)
    episode.title = title
    workflow.save_episode(episode, ["title"], by=second)

    workflow.publish(revision, by=moderator)


def test_who_is_alone_approves_again_with_a_reason(episode, moderator):
    alone = make_user("alone", is_superuser=True)
    revision = cite(episode, alone, moderator, "scheduled")
    decisions.accept(set_title(episode, alone), by=alone, comment="The show renamed it.")

    with pytest.raises(workflow.NotAllowed, match="You contributed to this revision"):
        workflow.approve_again(revision, by=alone)
    with pytest.raises(workflow.NotAllowed, match="isn’t allowed to approve without a second review"):
        workflow.approve_again(revision, by=moderator, override_reason="In a hurry.")
    workflow.approve_again(revision, by=alone, override_reason="Nobody else is here.")

    revision.refresh_from_db()
    assert (revision.status, revision.needs_second_review, revision.publish_at is None) == ("approved", True, False)
    entry = LogEntry.objects.filter(article=revision.article).order_by("number").last()
    assert (entry.action, entry.note) == ("overridden", "Nobody else is here.")
    workflow.publish(revision, by=alone)
    article = Article.objects.get(pk=revision.article_id)
    assert audit_log.verify(article) is None
    assert list(accounts.check_reviewers(article)) == []


def test_nothing_is_approved_again_without_a_change(episode, author, moderator):
    revision = cite(episode, author, moderator, "approved")

    with pytest.raises(workflow.InvalidTransition, match="Nothing has changed since this revision was approved"):
        workflow.approve_again(revision, by=moderator)


def test_an_approval_from_before_recordings_were_covered_covers_them_as_they_were_then(
    episode, author, moderator, second, without_triggers
):
    revision = cite(episode, author, moderator, "approved")
    with without_triggers():
        LogEntry._base_manager.filter(article=revision.article).update(recordings=None)

    assert workflow_recordings.changed_since_approval(revision) == []
    set_title(episode, second)
    assert workflow_recordings.changed_since_approval(revision) == [{"episode": "Another title", "parts": "title"}]
