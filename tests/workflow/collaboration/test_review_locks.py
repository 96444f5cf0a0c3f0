"""Due date, urgency and who reviews are logged in the article's log; what doesn't change anything isn't."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Article, LogEntry, Revision
from articles.workflow.collaboration import priorities, review_locks
from articles.workflow.history import audit_log
from tests.support.factories import make_change, make_moderator, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(people):
    return make_change(make_published("sleep", **people), by=people["by"])


def logged(revision):
    entries = LogEntry.objects.filter(revision=revision).order_by("number")
    return [(entry.action, entry.by_name, entry.note) for entry in entries][2:]  # without start and submission


def test_changes_of_priority_are_logged(waiting, people):
    by = people["moderator"]
    priorities.set_priority(waiting, by=by, due_on=date(2026, 12, 3), is_urgent=True)
    priorities.set_priority(waiting, by=by, due_on=date(2026, 12, 24), is_urgent=True)
    priorities.set_priority(waiting, by=by, is_urgent=False)
    priorities.set_priority(waiting, by=by, due_on=None)

    assert logged(waiting) == [
        ("priority_changed", "moderator", "due on 3 Dec 2026, urgent"),
        ("priority_changed", "moderator", "due on 3 Dec 2026 → due on 24 Dec 2026"),
        ("priority_changed", "moderator", "not urgent"),
        ("priority_changed", "moderator", "due on 24 Dec 2026 → no due date"),
    ]
    assert audit_log.verify(Article.objects.get()) is None


def test_setting_the_same_priority_again_is_not_logged(waiting, people):
    priorities.set_priority(waiting, by=people["moderator"], due_on=None, is_urgent=False)

    assert logged(waiting) == []


def test_a_refused_change_of_priority_is_not_logged(waiting, people):
    workflow.withdraw(waiting, by=people["by"])

    with pytest.raises(workflow.InvalidTransition, match=r"was withdrawn \(editor"):
        priorities.set_priority(waiting, by=people["moderator"], is_urgent=True)
    assert [action for action, *_ in logged(waiting)] == ["withdrawn"]


def test_who_reviews_is_logged_once_until_someone_else_does(waiting, people):
    first, second = people["moderator"], make_moderator("second")
    for _ in range(2):
        review_locks.acquire(waiting, by=first)
        review_locks.acquire(waiting, by=first)
        review_locks.acquire(waiting, by=second)  # refused: someone else has it
        review_locks.release(waiting, by=first)
    review_locks.acquire(waiting, by=second)
    Revision.objects.filter(pk=waiting.pk).update(review_locked_at=timezone.now() - timedelta(hours=1))
    assert review_locks.acquire(waiting, by=first).name == "moderator"

    assert logged(waiting) == [
        ("review_claimed", "moderator", ""),
        ("review_claimed", "second", ""),
        ("review_claimed", "moderator", ""),
    ]


def test_a_refusal_names_who_changed_the_status_and_not_who_looks(waiting, people):
    workflow.reject(waiting, by=people["moderator"], comment="No.")
    other = make_moderator("second")

    with pytest.raises(workflow.InvalidTransition, match=r"was rejected \(moderator"):
        workflow.approve(waiting, by=other)
