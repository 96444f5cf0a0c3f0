"""The moderators' lists: in review, approved, scheduled, and open correction requests."""

from itertools import chain
from types import SimpleNamespace

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from articles.models import ApprovalRule, Article, Contributor, CorrectionRequest, RecordingChange, Revision, Show
from articles.workflow.collaboration import assigning, review_locks
from articles.workflow.collaboration import comments as commenting
from articles.workflow.history.audit_log import was_ever_public
from articles.workflow.publishing.reviews import progress_by_key
from articles.workflow.recordings import with_changed_recordings

from .approvals import lapsed
from .filtering import filtered
from .forms import QueueForm
from .rows import Row

PER_PAGE = 50
ORDERS = {
    "": ["-is_urgent", "risk", "submitted_at", "pk"],
    "oldest": ["submitted_at", "pk"],
    "newest": ["-submitted_at", "-pk"],
    "due": [F("due_on").asc(nulls_last=True), "-is_urgent", "submitted_at", "pk"],
    "title": ["title", "pk"],
}


def queue(query, user, total):
    """The queue's `form`, `page`, `rows`, `is_filtered` and `total` for a QueryDict; `total` counts what is in review.

    `page` holds primary keys, `rows` the same revisions in the same order. At most nine queries, more only if
    texts need several approvals. The filter for these also finds approved texts that need theirs again; the returned
    `total` then counts them, too.
    """
    waiting = Revision.objects.visible_to(user).awaiting_review()
    authors = waiting.order_by("author_name").values_list("author_name", flat=True).distinct()
    shows, has_rules = Show.objects.values_list("pk", "title"), ApprovalRule.objects.exists()
    form = QueueForm(query, authors=authors, shows=shows, has_rules=has_rules)
    wanted, again = form.wanted, set()
    if "approvals" in wanted and (again := set(_needed_again(user))):
        waiting = Revision.objects.visible_to(user).filter(Q(pk__in=again) | Q(pk__in=waiting.values("pk")))
        total = waiting.count()
    keys = filtered(waiting, wanted, user, again).order_by(*ORDERS[wanted.get("sort", "")]).values_list("pk", flat=True)
    paginator = Paginator(keys, PER_PAGE)
    is_filtered = bool(set(wanted) - {"sort"})
    if not is_filtered:
        paginator.count = total
    page = paginator.get_page(query.get("page"))
    rows = _rows(list(page.object_list), user, again)
    return SimpleNamespace(form=form, page=page, rows=rows, is_filtered=is_filtered, total=total)


def _needed_again(user):
    """Return {key: `ApprovalProgress`} of the approved texts that aren't public and need several approvals again."""
    return lapsed(chain(*(ready(user).filter(has_changed_recordings=True) for ready in (approved, scheduled))))


def with_progress(revisions):
    """Return approved `revisions` as a list, with the `progress` of those that need several approvals again."""
    revisions = list(revisions)
    again = lapsed(revisions)
    for revision in revisions:
        revision.progress = again.get(revision.pk)
    return revisions


def _rows(keys, user, again):
    """Rows for these primary keys, in their order. Four queries, if no text needs several approvals.

    Only these rows load the wide columns.
    """
    wrote = Contributor.objects.filter(revision=OuterRef("pk"), user=user)
    revisions = (
        Revision.objects.visible_to(user).select_related("article", "assigned_to", "assigned_group").defer("lead")
    )
    revisions = revisions.annotate(is_own=Exists(wrote), is_unassigned=assigning.unassigned()).in_bulk(keys)
    for pk, number in commenting.unresolved_numbers(revisions.values()).items():
        revisions[pk].open_threads = number
    now, today = timezone.now(), timezone.localdate()
    progress = progress_by_key(revisions.values())
    rows = []
    for revision in (revisions[key] for key in keys if key in revisions):
        lock, of_several = review_locks.holder(revision, now), progress.get(revision.pk)
        is_others = lock is not None and lock.user_id != user.pk
        is_decided = of_several is not None and bool(of_several.why_not(user))
        is_passed = is_others or is_decided or (revision.is_own and settings.FOUR_EYES)
        rows.append(Row(revision, lock, today, of_several, revision.pk in again, is_passed))
    return rows


def selected_elsewhere(selected, page, user):
    """The revisions among `selected` (primary keys) that `page` doesn't list, with `is_waiting`.

    One query, none if it lists all.
    """
    keys = set(selected) - set(page.object_list)
    if not keys:
        return []
    is_waiting = Exists(Revision.objects.visible_to(user).awaiting_review().filter(pk=OuterRef("pk")))
    selected = Revision.objects.visible_to(user).filter(pk__in=keys).annotate(is_waiting=is_waiting)
    return list(selected.defer("lead").order_by("title", "pk"))


def approved(user):
    """Approved revisions that are neither scheduled nor were ever public, oldest submission first."""
    ready = Revision.objects.visible_to(user).filter(
        status=Revision.Status.APPROVED, first_public_at=None, publish_at=None, published_for=None
    )
    ready = with_changed_recordings(ready.filter(~was_ever_public()))
    return ready.select_related("article").defer("lead").order_by("submitted_at", "pk")


def scheduled(user):
    """Approved revisions scheduled for publication, the next one first."""
    planned = Revision.objects.visible_to(user).filter(
        status=Revision.Status.APPROVED, publish_at__isnull=False, published_for=None
    )
    return with_changed_recordings(planned).select_related("article").defer("lead").order_by("publish_at", "pk")


def to_unpublish():
    """Published articles that are scheduled to be unpublished, the next one first."""
    planned = Article.objects.published().filter(take_down_at__isnull=False)
    return planned.select_related("published_revision").defer("published_revision__lead").order_by("take_down_at", "pk")


def recording_changes():
    """Changes to recordings that wait for a decision, oldest first."""
    return (
        RecordingChange.objects.waiting().select_related("episode", "show").defer("cues").order_by("proposed_at", "pk")
    )


def correction_requests():
    """Readers' open correction requests, oldest first; one for those about the same claim, with their number `alike`."""
    return (
        CorrectionRequest.objects.one_per_claim()
        .select_related("article", "revision")
        .defer("revision__lead")
        .order_by("at", "pk")
    )
