"""Revisions in every status and what each role may do with them, for tests of the workflow and its pages."""

from django.contrib.auth.models import User
from django.db import connection

from articles import workflow
from articles.models import Article, LogEntry, Revision
from articles.workflow import InvalidTransition, NotAllowed
from articles.workflow.content import content_of
from tests.support.databases.template import rolled_back
from tests.support.factories import make_content, make_episode, make_user

STATUSES = [status.value for status in Revision.Status]
PUBLISHED = "published"
ROLES = [
    "author",
    "other editor",
    "moderator",
    "moderator who wrote it",
    "superuser",
    "superuser who wrote it",
    "reader",
]
WRITERS = {"author", "moderator who wrote it", "superuser who wrote it"}
MODERATORS = {"moderator", "moderator who wrote it", "superuser", "superuser who wrote it"}


def written(status):
    """Yield (people by role, a revision in `status`), for fixtures with module scope whose tests don't change it."""
    with rolled_back():
        who = people()
        yield who, make_revision(status, who)


def people():
    return {
        "author": make_user("author"),
        "other editor": make_user("other"),
        "moderator": make_user("moderator", groups=("Moderators",)),
        "moderator who wrote it": make_user("writing-moderator", groups=("Editors", "Moderators")),
        "superuser": make_user("root", is_superuser=True),
        "superuser who wrote it": make_user("writing-root", is_superuser=True),
        "reader": User.objects.create_user("reader"),
    }


def make_revision(status, who):
    """Make a revision in `status`, written by the author, a moderator and a superuser together."""
    outsider = make_user("outsider", groups=("Moderators",))
    importer = make_user("importer", groups=("Administrators",))
    if status == "received":
        revision = workflow.create_article(
            make_content(episode=make_episode()), by=importer, received_as="a/b", received_digest="0" * 64
        )
        for name in WRITERS:
            revision.contributor_set.create(user=who[name], user_name=name)
        workflow.publish_received(revision, by=importer)
        return revision
    revision = workflow.create_article(make_content(episode=make_episode()), by=who["author"])
    for name in ("moderator who wrote it", "superuser who wrote it"):
        revision = workflow.save_draft(revision, content_of(revision), by=who[name], version=revision.version)
    if status == "discarded":
        return workflow.discard(revision, by=who["author"], version=revision.version)
    if status != "draft":
        workflow.submit(revision, by=who["author"])
    if status in {"approved", PUBLISHED}:
        workflow.approve(revision, by=outsider)
    if status == PUBLISHED:
        workflow.publish(revision, by=outsider)
    if status == "changes_requested":
        workflow.request_changes(revision, by=outsider, comment="Cite it.")
    if status == "rejected":
        workflow.reject(revision, by=outsider, comment="No.")
    if status == "withdrawn":
        workflow.withdraw(revision, by=who["author"])
    return revision


def expected(status, transition, role):
    """Return the expected error, or None if it is allowed; missing permission comes before the wrong status."""
    is_staff = role != "reader"
    is_permitted = {
        "save": is_staff,
        "submit": is_staff,
        "start a draft from it": is_staff,
        "withdraw": role in WRITERS,
        "discard": role in MODERATORS or (role == "author" and status != "received"),
        "request changes": role in MODERATORS,
        "reject": role in MODERATORS,
        "approve": role in MODERATORS - WRITERS,
        "override": role.startswith("superuser"),
        "publish": role in MODERATORS,
        "schedule": role in MODERATORS,
        "unpublish": role in MODERATORS,
        "protect": role in MODERATORS,
        "erase": role.startswith("superuser"),
    }[transition]
    statuses = {
        "save": {"draft"},
        "submit": {"draft"},
        "withdraw": {"submitted"},
        "discard": {"draft"},
        "request changes": {"submitted"},
        "reject": {"submitted"},
        "approve": {"submitted"},
        "override": {"submitted"},
        "publish": {"approved"},
        "schedule": {"approved"},
        "unpublish": {PUBLISHED, "received"},
        "protect": {*STATUSES, PUBLISHED},
        "start a draft from it": {*STATUSES, PUBLISHED},
        "erase": {"submitted", "approved", "changes_requested", "rejected", "withdrawn", "discarded"},
    }[transition]
    if not is_permitted:
        return NotAllowed
    if transition == "start a draft from it" and status == "draft" and role == "author":
        return workflow.StaleDraft  # it is the author's own draft
    if transition == "erase" and status in {PUBLISHED, "received"}:
        return NotAllowed  # a public text must first be replaced or unpublished
    return None if status in statuses else InvalidTransition


def record():
    """Return everything that a transition may change, read with SQL: it is asked for two thousand times."""
    rows = []
    with connection.cursor() as cursor:
        for model, columns in ((LogEntry, "id"), (Revision, "*"), (Article, "*")):
            cursor.execute(f"SELECT {columns} FROM {model._meta.db_table} ORDER BY id")  # noqa: S608
            rows.append(cursor.fetchall())
    return rows
