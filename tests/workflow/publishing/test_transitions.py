"""Every status × transition × role: allowed, or refused with the right reason."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from articles import workflow
from articles.models import Revision
from articles.workflow import NotAllowed
from articles.workflow.content import content_of
from tests.support.scenarios import transitions
from tests.support.scenarios.transitions import PUBLISHED, ROLES, STATUSES, expected, record

pytestmark = pytest.mark.django_db

TRANSITIONS = {
    "save": lambda r, u: workflow.save_draft(r, content_of(r), by=u, version=r.version),
    "submit": lambda r, u: workflow.submit(r, by=u),
    "discard": lambda r, u: workflow.discard(r, by=u, version=r.version, reason="Nobody works on it."),
    "withdraw": lambda r, u: workflow.withdraw(r, by=u),
    "request changes": lambda r, u: workflow.request_changes(r, by=u, comment="Cite it."),
    "reject": lambda r, u: workflow.reject(r, by=u, comment="Not said there."),
    "approve": lambda r, u: workflow.approve(r, by=u),
    "override": lambda r, u: workflow.approve(r, by=u, override_reason="Nobody else is awake."),
    "publish": lambda r, u: workflow.publish(r, by=u),
    "schedule": lambda r, u: workflow.schedule(r, by=u, publish_at=timezone.now() + timedelta(hours=1)),
    "start a draft from it": lambda r, u: workflow.start_draft(r.article, content_of(r), by=u, base=r),
    "unpublish": lambda r, u: workflow.unpublish(r.article, by=u, reason="Wrong."),
    "protect": lambda r, u: workflow.protect(r.article, by=u, reason="Too many hands."),
    "erase": lambda r, u: workflow.erase(r, by=u, reason="A court says so."),
}


@pytest.fixture(scope="module")
def status(request):
    return request.param


@pytest.fixture(scope="module")
def written(module_rows, status):
    yield from transitions.written(status)


@pytest.mark.parametrize("transition", TRANSITIONS)
@pytest.mark.parametrize("status", [*STATUSES, PUBLISHED], indirect=True)
def test_transition(status, written, transition):
    who, revision = written
    before = record()

    for role in ROLES:
        undo = transaction.savepoint()
        subject = Revision.objects.select_related("article").get(pk=revision.pk)
        error = expected(status, transition, role)
        if error is None:
            TRANSITIONS[transition](subject, who[role])
            assert record() != before, role
        else:
            with pytest.raises(error):
                TRANSITIONS[transition](subject, who[role])
            assert record() == before, role
        transaction.savepoint_rollback(undo)


@pytest.mark.parametrize("transition", TRANSITIONS)
@pytest.mark.parametrize("status", ["draft"], indirect=True)
def test_anonymous_users_can_do_nothing(status, written, transition):
    _, revision = written

    with pytest.raises(NotAllowed):
        TRANSITIONS[transition](revision, AnonymousUser())
