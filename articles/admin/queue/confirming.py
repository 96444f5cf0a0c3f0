"""The page that asks before a bulk action whose effect readers see at once, and says what it will and won't do."""

from dataclasses import dataclass

from articles import workflow
from articles.admin.review.decision.unsent import require_nothing_unsent
from articles.admin.shared.helpers import admin_page
from articles.core.parsing.numbers import whole_number
from articles.models import Revision
from articles.workflow.publishing.reviews import require_last
from articles.workflow.recordings import require_as_submitted, review_digest
from articles.workflow.transitions.four_eyes import require_second_person

from .bulk_actions import not_in_review, require_current

CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Planned:
    """A selected revision; `digest` is what will be approved (`workflow.approve`), `refusal` why it won't be."""

    revision: Revision
    digest: str = ""
    refusal: str = ""


def is_confirmed(request):
    return CONFIRMED in request.POST


def digests_in(data):
    """Return {key of a revision: the digest of what the page listed} of the posted form."""
    pairs = (value.partition("-")[::2] for value in data.getlist("digest"))
    return {key: digest for pk, digest in pairs if (key := whole_number(pk)) is not None}


def page(request, action, values):
    """Ask about the selected revisions. A few queries for each of them, of which the queue's form has 200 at most."""
    revisions = Revision.objects.visible_to(request.user).select_related("article").in_bulk(values["revision"])
    planned = [_planned(revisions[key], request) for key in values["revision"] if key in revisions]
    context = {
        "title": str(action.question),
        "action": action,
        "ready": [row for row in planned if not row.refusal],
        "left_out": [row for row in planned if row.refusal],
        "comment": values["comment"],
        "query": request.GET.urlencode(),
    }
    return admin_page(request, "admin/articles/queue/confirm.html", context)


def _planned(revision, request):
    try:
        if revision.status != Revision.Status.SUBMITTED:
            raise not_in_review(revision)
        require_current(revision)
        require_second_person(request.user, revision)
        require_last(revision, request.user)
        require_as_submitted(revision)
        require_nothing_unsent(request, revision)
    except workflow.WorkflowError as refusal:
        return Planned(revision, refusal=str(refusal))
    return Planned(revision, review_digest(revision))
