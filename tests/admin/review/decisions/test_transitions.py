"""Every status × transition × role through the pages: refused actions change nothing, and each happens once."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Revision
from articles.workflow.recordings import review_digest
from tests.admin.editor.test_autosave import fields
from tests.support.clients import logged_in
from tests.support.scenarios import transitions
from tests.support.scenarios.transitions import PUBLISHED, ROLES, STATUSES, expected, record

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database(
        reason="how pages answer; tests/workflow/publishing/test_transitions.py tries each status, transition and role on PostgreSQL, "
        "test_decisions.py and test_editor.py their pages"
    ),
]

REFUSED = {403, 409}


def decide(act, **words):
    return lambda revision: (
        reverse("admin:articles_revision_decide", args=[revision.pk]),
        {"act": act, "digest": review_digest(revision)} | words,
    )


def send_form(button, loaded_as):
    def request(revision):
        address = reverse("admin:articles_article_change", args=[revision.article_id])
        return address, fields(revision, edit_summary="Said better.", loaded_as=loaded_as) | {button: ""}

    return request


def protect(revision):
    address = reverse("admin:articles_article_protection", args=[revision.article_id])
    return address, {"act": "protect", "reason": "Too many hands."}


def autosave(revision):
    return reverse("admin:articles_autosave"), fields(revision, lead="Typed.", loaded_as="draft")


def discard(revision):
    address = reverse("admin:articles_revision_discard", args=[revision.pk])
    return address, {"version": revision.version, "reason": "Nobody works on it."}


IN_AN_HOUR = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
REQUESTS = {
    "save": send_form("_save", "draft"),
    "submit": send_form("_submit", "draft"),
    "start a draft from it": send_form("_save", "base"),
    "withdraw": decide("withdraw"),
    "request changes": decide("request_changes", comment="Cite it."),
    "reject": decide("reject", comment="Not said there."),
    "approve": decide("approve"),
    "override": decide("override", reason="Nobody else is awake."),
    "publish": decide("publish"),
    "schedule": decide("schedule", publish_at=IN_AN_HOUR),
    "unpublish": decide("unpublish", comment="Wrong."),
    "protect": protect,
    "discard": discard,
}


@pytest.fixture(scope="module")
def status(request):
    return request.param


@pytest.fixture(scope="module")
def written(module_rows, status):
    yield from transitions.written(status)


@pytest.fixture(scope="module")
def browsers(written):
    """A logged-in client for each role."""
    who, _ = written
    return {role: logged_in(who[role]) for role in ROLES}


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("status", [*STATUSES, PUBLISHED], indirect=True)
def test_pages_allow_and_refuse_what_the_workflow_does(status, written, browsers, name):
    if (status, name) == ("draft", "start a draft from it"):
        pytest.skip("the form of a draft is saved over it")
    _, revision = written
    before = record()

    for role in ROLES:
        undo = transaction.savepoint()
        subject = Revision.objects.select_related("article").get(pk=revision.pk)
        address, values = REQUESTS[name](subject)
        if name not in {"submit", "save"} or (status, name) == ("draft", "save"):
            # The editor is asked once, with all its buttons and as what a save isn't refused for.
            browsers[role].get(address, values | {"_save": "", "_submit": ""})
            assert record() == before, role

        response = browsers[role].post(address, values)

        if expected(status, name, role) is None:
            assert response.status_code == 302, role
            done = record()
            assert done != before, role
            replayed = browsers[role].post(address, values)
            assert replayed.status_code in REFUSED, role
            assert record() == done, role
        elif role == "reader":
            assert response.status_code == 403 or response["Location"].startswith("/admin/login/")
            assert record() == before
        else:
            assert response.status_code in REFUSED, role
            assert record() == before, role
        transaction.savepoint_rollback(undo)


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("status", ["draft"], indirect=True)
def test_every_transition_requires_login(client, status, written, name):
    _, revision = written
    before = record()
    address, values = REQUESTS[name](revision)

    response = client.post(address, values)

    assert response.status_code == 403 or response["Location"].startswith("/admin/login/")
    assert record() == before


@pytest.mark.parametrize("status", [*STATUSES, PUBLISHED], indirect=True)
def test_autosave_only_changes_drafts(status, written, browsers):
    _, revision = written
    before = record()

    for role in ROLES:
        undo = transaction.savepoint()
        address, values = autosave(Revision.objects.get(pk=revision.pk))
        response = browsers[role].post(address, values)
        if expected(status, "save", role) is None:
            assert response.status_code == 200, role
            done = record()
            assert browsers[role].post(address, values).status_code == 200, role  # the answer that was lost
            assert record() == done != before, role
        else:
            assert response.status_code in REFUSED, role
            assert record() == before, role
        transaction.savepoint_rollback(undo)
