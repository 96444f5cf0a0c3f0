"""The admin's home page, with the review queue and the user's own work, and the actions that start from it."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles import workflow
from articles.admin.report import problems
from articles.admin.review.decision.unsent import keeping, sent
from articles.admin.shared.helpers import back, found_or_404, json_or_redirect, listed
from articles.models import Mailbox, RankChange, Revision
from articles.workflow.collaboration import assigning, priorities, review_locks
from articles.workflow.governance.ranks import ADMINISTERING
from articles.workflow.scheduling import check_health

from . import confirming, queries, selection
from .bulk_actions import ACTIONS, carry_out
from .forms import BulkForm, PriorityForm, QueueForm
from .own_work import work_of


def context(request, bulk_form=None):
    """The template context of the home page for this user."""
    can_review = request.user.has_perm("articles.review_revision")
    can_write = request.user.has_perm("articles.change_revision")
    return {
        "title": gettext("Review queue") if can_review else gettext("My work"),
        "is_four_eyes_off": can_review and not settings.FOUR_EYES,
        "review_queue": _queue(request, bulk_form) if can_review else None,
        "work": work_of(request.user) if can_write else None,
        "problems": problems.first_of(request.user, request.GET) if can_write else None,
        "failing_count": _failing_count() if request.user.has_perm("articles.view_mailbox") else 0,
        "rank_change_count": _rank_change_count(request.user) if request.user.has_perm(ADMINISTERING) else 0,
        "can_add": request.user.has_perm("articles.add_article"),
    }


def _failing_count():
    """How many addresses failed more than once in a row."""
    return Mailbox.objects.failing().filter(failures__gt=1).count()


def _rank_change_count(user):
    """How many changes of rank wait for this administrator, who can't confirm their own."""
    changes = RankChange.objects.filter(outcome=RankChange.Outcome.PROPOSED)
    return changes.exclude(proposed_by=user).exclude(account=user).count()


def _queue(request, bulk_form):
    lists = {
        "approved": queries.approved(request.user),
        "scheduled": queries.scheduled(request.user),
        "recordings": queries.recording_changes(),
        "challenges": queries.correction_requests(),
    }
    numbers = {"queue": Revision.objects.visible_to(request.user).awaiting_review().count()} | {
        name: rows.count() for name, rows in lists.items()
    }
    tab = request.GET.get("tab")
    tab = tab if tab in lists else "queue"
    bulk = bulk_form or BulkForm(kept=selection.kept(request))
    context = {"tab": tab, "numbers": numbers, "query": request.GET.urlencode(), "bulk": bulk}
    context["scheduler"] = check_health()
    if tab == "queue":
        queue = queries.queue(request.GET, request.user, numbers["queue"])
        elsewhere = queries.selected_elsewhere(bulk.chosen, queue.page, request.user)
        return context | {"queue": queue, "page": queue.page, "elsewhere": elsewhere}
    paginator = Paginator(lists[tab], queries.PER_PAGE)
    paginator.count = numbers[tab]
    if tab == "scheduled":
        context["to_unpublish"] = queries.to_unpublish()[: queries.PER_PAGE]
    page = paginator.get_page(request.GET.get("page"))
    if tab in {"approved", "scheduled"}:
        page.object_list = queries.with_progress(page.object_list)
    return context | {"page": page}


def _require_reviewer(request):
    if not request.user.has_perm("articles.review_revision"):
        raise PermissionDenied


def _revision(request, pk):
    _require_reviewer(request)
    revisions = Revision.objects.visible_to(request.user).select_related("article")
    return found_or_404(revisions, pk, gettext("No such revision."))


@require_POST
def decide(request):
    """Apply a bulk action to the selected revisions and report the result of each."""
    _require_reviewer(request)
    selection.keep(request)
    form = BulkForm(request.POST)
    if not form.is_valid():
        response = admin.site.index(request, context(request, form))
        response.status_code = 400
        return response
    values = form.cleaned_data
    action = ACTIONS[values["act"]]
    if action.question:
        if not request.user.has_perm("articles.publish_revision"):
            raise PermissionDenied
        if not confirming.is_confirmed(request):
            return confirming.page(request, action, values)
        values["digests"] = confirming.digests_in(request.POST)
    outcomes = carry_out(action, request, values)
    selection.use(request, action, outcomes)
    done = [outcome for outcome in outcomes if outcome.is_done]
    skipped = [outcome for outcome in outcomes if not outcome.is_done]
    if done:
        messages.success(request, listed(f"{action.done}: {len(done)}", done))
    if skipped:
        messages.warning(request, listed(gettext("Skipped: %(skipped)s") % {"skipped": len(skipped)}, skipped))
    return HttpResponseRedirect(reverse("admin:index", query=request.GET or None))


@require_POST
def select(request):
    """Keep what is selected and typed, and show a `page` of the queue with the posted filters, or with none (`clear`)."""
    _require_reviewer(request)
    selection.keep(request)
    names = () if "clear" in request.POST else (*QueueForm.base_fields, "page")
    wanted = {name: value for name in names if (value := request.POST.get(name))}
    return json_or_redirect(request, {}, reverse("admin:index", query=wanted or None))


@require_POST
@keeping
def acquire_lock(request, pk):
    """Acquire or renew the review lock. Scripts get its holder as JSON; a form goes back to the revision."""
    revision = _revision(request, pk)
    lock = review_locks.acquire(revision, by=request.user)
    values = {"name": "", "minutes": 0, "isOwn": False}
    if lock is not None:
        values = {"name": lock.name, "minutes": lock.minutes, "isOwn": lock.user_id == request.user.pk}
    return json_or_redirect(request, values, back(request, revision.get_absolute_url()))


@require_POST
def release_lock(request, pk):
    """Release the review lock."""
    review_locks.release(_revision(request, pk), by=request.user)
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("admin:index"))


@require_POST
@keeping
def set_priority(request, pk):
    """Set the revision's due date, urgency and assignee."""
    revision = _revision(request, pk)
    form = PriorityForm(request.POST)
    if not form.is_valid():
        messages.error(
            request,
            gettext("Not saved: %(reason)s")
            % {"reason": " ".join(form.errors.get("due_on", [gettext("reload the page.")]))},
        )
    else:
        try:
            values = dict(form.cleaned_data)
            assignee = values.pop("assignee")
            with transaction.atomic():
                priorities.set_priority(revision, by=request.user, **values)
                if "assignee" in request.POST:  # not on a page of the previous release
                    assigning.assign(revision, by=request.user, to=assignee)
            sent(request, *form.fields)
        except workflow.WorkflowError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("Saved: %(priority)s") % {"priority": _priority(revision, request.POST)})
    return HttpResponseRedirect(back(request, revision.get_absolute_url()))


def _priority(revision, sent):
    due = (
        gettext("due on %(day)s") % {"day": date_format(revision.due_on, "DATE_FORMAT")}
        if revision.due_on
        else gettext("no due date")
    )
    urgency = gettext("urgent") if revision.is_urgent else gettext("not urgent")
    if "assignee" not in sent:
        return f"{urgency}, {due}."
    who = assigning.assignee_name(revision)
    whom = gettext("assigned to %(name)s") % {"name": who} if who else gettext("assigned to nobody")
    return f"{urgency}, {due}, {whom}."
