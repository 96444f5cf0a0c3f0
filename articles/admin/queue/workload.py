"""How much each reviewer has to do and has done."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from articles.admin.pages import admin_page
from articles.models import Review, Revision
from articles.workflow.collaboration import assigning
from articles.workflow.transitions import name_of

from .forms import NOBODY

DAYS = 30
# Beyond as many decisions, the median is that of the newest ones.
DECISIONS_MAX = 5_000
NOTHING = {"assigned": 0, "overdue": 0}


@dataclass(frozen=True)
class Workload:
    """Numbers of one reviewer, or of all: `days` is the median from submission to decision, None without a decision."""

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
    """Return the `Workload` of each active reviewer, of each group with assignments, and of all: three queries.

    `waiting` are the revisions in review; decisions are those of the last 30 days.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    counts = {"assigned": Count("pk"), "overdue": Count("pk", filter=Q(due_on__lt=today))}
    assigned = waiting.order_by().exclude(assigning.unassigned())
    numbers = list(assigned.values("assigned_to", "assigned_group__name").annotate(**counts))
    took = {}
    for user, at, submitted_at in (
        Review.objects.filter(at__gte=now - timedelta(days=DAYS), revision__submitted_at__isnull=False)
        .order_by("-pk")
        .values_list("by", "at", F("revision__submitted_at"))[:DECISIONS_MAX]
    ):
        took.setdefault(user, []).append((at - submitted_at) / timedelta(days=1))
    of_person = {row["assigned_to"]: row for row in numbers}
    people = [
        _of(name_of(user), of_person.get(user.pk, NOTHING), took.get(user.pk, [])) for user in assigning.reviewers()
    ]
    groups = [_of(row["assigned_group__name"], row, []) for row in numbers if row["assigned_group__name"]]
    total = {name: sum(row[name] for row in numbers) for name in NOTHING}
    return [*people, *groups, _of(gettext("All"), total, [days for each in took.values() for days in each])]


def _of(name, numbers, days):
    return Workload(name, numbers["assigned"], numbers["overdue"], len(days), median(days) if days else None)
