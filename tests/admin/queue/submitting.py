"""What the tests of the queue share: submitted revisions, the addresses, and a decision on several at once."""

from articles import workflow
from articles.models import Revision
from tests.support.factories import (
    make_draft,
)

QUEUE = "/admin/"


DECIDE = "/admin/desk/decide/"


SELECT = "/admin/desk/select/"


Status = Revision.Status


def make_submitted(slug, *, by, **kwargs):
    revision = make_draft(slug, by=by, **({"title": slug.capitalize()} | kwargs))
    return workflow.submit(revision, by=by)


def titles(response):
    return [row.revision.title for row in response.context["review_queue"]["queue"].rows]


def decide(client, act, *revisions, **words):
    return client.post(DECIDE, {"act": act, "revision": [revision.pk for revision in revisions], **words})


def status_of(revision):
    return Revision.objects.get(pk=revision.pk).status
