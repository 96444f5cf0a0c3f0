"""Review locks and priorities."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import LogEntry, Revision
from articles.workflow.collaboration import priorities, review_locks
from tests.admin.queue.submitting import DECIDE, QUEUE, make_submitted
from tests.support.clients import logged_in, messages_of
from tests.support.factories import (
    make_draft,
    make_moderator,
)

pytestmark = pytest.mark.django_db


def test_a_lock_lasts_five_minutes(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    ada = make_moderator("ada")

    first = review_locks.acquire(revision, by=ada)
    second = review_locks.acquire(revision, by=moderator)
    Revision.objects.update(review_locked_at=timezone.now() - timedelta(minutes=4, seconds=30))
    late = review_locks.holder(Revision.objects.get(pk=revision.pk))
    Revision.objects.update(review_locked_at=timezone.now() - timedelta(minutes=5))
    expired = review_locks.holder(Revision.objects.get(pk=revision.pk))
    third = review_locks.acquire(revision, by=moderator)

    assert (first.name, second.name, late.minutes, expired, third.name) == ("ada", "ada", 4, None, "moderator")


def test_only_the_holder_can_release_a_lock(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    review_locks.acquire(revision, by=moderator)

    assert review_locks.release(revision, by=editor) is False
    assert review_locks.release(revision, by=moderator) is True
    assert review_locks.holder(Revision.objects.get(pk=revision.pk)) is None


def test_revisions_that_are_not_in_review_are_not_locked(editor, moderator, episode):
    draft = make_draft("naps", by=editor, episode=episode)

    assert review_locks.acquire(draft, by=moderator) is None
    with pytest.raises(workflow.NotAllowed):
        review_locks.acquire(draft, by=editor)


def test_locking_over_http(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    acquire = reverse("admin:articles_revision_acquire_lock", args=[revision.pk])
    release = reverse("admin:articles_revision_release_lock", args=[revision.pk])
    client, ada = logged_in(moderator), logged_in(make_moderator("ada"))

    by_script = client.post(acquire, headers={"Accept": "application/json"})
    second = ada.post(acquire, headers={"Accept": "application/json"})
    by_button = client.post(acquire)

    assert by_script.json() == {"name": "moderator", "minutes": 0, "isOwn": True}
    assert second.json() == {"name": "moderator", "minutes": 0, "isOwn": False}
    assert by_button.headers["Location"] == f"/admin/articles/revision/{revision.pk}/change/"
    assert client.post(release, headers={"Accept": "application/json"}).status_code == 204
    assert Revision.objects.get(pk=revision.pk).review_locked_at is None


def test_get_requests_change_nothing(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    client = logged_in(moderator)
    before = list(Revision.objects.values()), LogEntry.objects.count()

    client.get(QUEUE)
    client.get(reverse("admin:articles_revision_change", args=[revision.pk]))
    statuses = [
        client.get(address).status_code
        for address in (
            DECIDE,
            reverse("admin:articles_revision_acquire_lock", args=[revision.pk]),
            reverse("admin:articles_revision_release_lock", args=[revision.pk]),
            reverse("admin:articles_revision_set_priority", args=[revision.pk]),
        )
    ]

    assert statuses == [405, 405, 405, 405]
    assert (list(Revision.objects.values()), LogEntry.objects.count()) == before


@pytest.mark.parametrize("name", ["acquire_lock", "release_lock", "set_priority"])
def test_editors_cannot_lock_or_set_priority(editor, episode, name):
    revision = make_submitted("naps", by=editor, episode=episode)

    response = logged_in(editor).post(
        reverse(f"admin:articles_revision_{name}", args=[revision.pk]), {"is_urgent": "on"}
    )

    assert response.status_code == 403
    assert Revision.objects.filter(is_urgent=False, review_locked_at=None).count() == 1


def test_setting_the_priority_over_http(editor, moderator, episode):
    revision = make_submitted("naps", by=editor, episode=episode)
    address = reverse("admin:articles_revision_set_priority", args=[revision.pk])
    client = logged_in(moderator)

    done = client.post(address, {"due_on": "2031-05-04", "is_urgent": "on", "back": "https://evil.example/"})
    wrong = client.post(address, {"due_on": "soon", "back": "/admin/?tab=scheduled"})
    revision.refresh_from_db()

    assert (revision.due_on, revision.is_urgent) == (date(2031, 5, 4), True)
    assert messages_of(done) == ["Saved: urgent, due on 4 May 2031."]
    assert done.headers["Location"] == f"/admin/articles/revision/{revision.pk}/change/"
    assert messages_of(wrong)[-1] == "Not saved: Enter a valid date."
    assert wrong.headers["Location"] == "/admin/?tab=scheduled"
    workflow.reject(revision, by=moderator, comment="No.")
    with pytest.raises(workflow.InvalidTransition, match=r"Revision 1 was rejected \(moderator, "):
        priorities.set_priority(revision, by=moderator, is_urgent=False)
