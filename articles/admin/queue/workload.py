"""How much each reviewer has to do and has done."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from articles.admin.shared.helpers import admin_page
from articles.models import LogEntry, Review, Revision
from articles.workflow import name_of
from articles.workflow.collaboration import assigning

from .forms import NOBODY

DAYS = 30
# Beyond as many decisions, the median is that of the newest ones.
DECISIONS_MAX = 5_000
NOTHING = {"assigned": 0, "overdue": 0}


@dataclass(frozen=True)
class Workload:
    """Numbers of one reviewer, or of all: `days` is the median from submission to its first decision, None without one."""

    name: str
    assigned: int
    overdue: int
    decided: int
    days: float | None

    @property
    def time(self):
        """The median in hours below two days, else in days."""
        hours = round(self.days * 24)
        if hours < 48:
            return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
        return ngettext("%(n)s day", "%(n)s days", round(self.days)) % {"n": round(self.days)}


@require_safe
def workload(request):
    """The page with everybody's numbers."""
    if not request.user.has_perm(assigning.REVIEW):
        raise PermissionDenied
    waiting = Revision.objects.visible_to(request.user).awaiting_review()
    context = {
        "title": gettext("Workload"),
        "rows": workloads(waiting),
        "days": DAYS,
        "queue": reverse("admin:index", query={"assigned": NOBODY}),
        "unassigned": waiting.filter(assigning.unassigned()).count(),
    }
    return admin_page(request, "admin/articles/queue/workload.html", context)


def workloads(waiting, now=None):
    """Return the `Workload` of each reviewer and each group with assignments, of nobody, and of all: four queries.

    `waiting` are the revisions in review; decisions are those of the last 30 days. Whoever decided then but can no
    longer review has a row too, and nobody's row has what is assigned to none of the others.
    """
    now = now or timezone.now()
    counts = {"assigned": Count("pk"), "overdue": Count("pk", filter=Q(due_on__lt=timezone.localdate(now)))}
    assigned = waiting.order_by().exclude(assigning.unassigned())
    numbers = list(assigned.values("assigned_to", "assigned_group__name").annotate(**counts))
    nobody = waiting.order_by().filter(assigning.unassigned()).aggregate(**counts)
    names, took = _decisions(now - timedelta(days=DAYS))
    of_person = {row["assigned_to"]: row for row in numbers}
    rows = []
    for user in assigning.reviewers():
        rows.append(_of(name_of(user), of_person.get(user.pk, NOTHING), took.get(user.pk, [])))
        names.pop(user.pk, None)
    rows += [_of(row["assigned_group__name"], row, []) for row in numbers if row["assigned_group__name"]]
    former = gettext("%(name)s, no longer a reviewer")
    rows += [_of(former % {"name": name}, NOTHING, took[key]) for key, name in names.items()]
    if nobody["assigned"]:
        rows.append(_of(gettext("Nobody"), nobody, []))
    total = {name: sum(row[name] for row in [*numbers, nobody]) for name in NOTHING}
    return [*rows, _of(gettext("All"), total, [days for each in took.values() for days in each])]


def _decisions(since):
    """Return two dicts by account, or by name if that was deleted: the name, and the days of each decision since then.

    Days from submission are None for a later decision on the same revision, such as a confirmation, and for a text that
    wasn't submitted, such as an imported one. Accepting in part is one decision, though it approves a second revision,
    which is made and submitted at that moment.
    """
    first = ~Exists(Review.objects.filter(revision=OuterRef("revision"), pk__lt=OuterRef("pk")))
    in_part = LogEntry.objects.filter(revision=OuterRef("revision__base"), action=LogEntry.Action.ACCEPTED_IN_PART)
    is_part = Exists(in_part) & Q(revision__target=F("revision__base__target"), decision=Review.Decision.APPROVED)
    decisions = Review.objects.filter(at__gte=since).annotate(is_first=first)
    names, took = {}, {}
    for user, name, at, submitted_at, is_first in (
        decisions.exclude(is_part)
        .order_by("-pk")
        .values_list("by", "by_name", "at", "revision__submitted_at", "is_first")[:DECISIONS_MAX]
    ):
        names.setdefault(user or name, name)
        is_timed = is_first and submitted_at is not None
        took.setdefault(user or name, []).append((at - submitted_at) / timedelta(days=1) if is_timed else None)
    return names, took


def _of(name, numbers, decisions):
    days = [each for each in decisions if each is not None]
    return Workload(name, numbers["assigned"], numbers["overdue"], len(decisions), median(days) if days else None)
