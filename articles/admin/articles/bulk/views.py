"""The actions of the list, the page that asks what exactly to do, and the request that does it."""

import re
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from articles.admin.articles.queries import visible_articles
from articles.admin.shared.helpers import admin_page, listed
from articles.models import Article, BackgroundTask
from articles.workflow import tasks

from .actions import ACTIONS
from .run import carry_out

MOST = 2000  # of one action
AT_ONCE = 20  # more are left to a worker
_KEYS = re.compile(r"[1-9][0-9]{0,17}-[0-9]{1,18}(?:,[1-9][0-9]{0,17}-[0-9]{1,18})*\Z")


def list_actions(user):
    """Return what Django's list offers `user`, as {name: (function, name, label)}."""
    return {
        action.name: (partial(_ask_about_selected, action), action.name, action.label)
        for action in ACTIONS.values()
        if user.has_perm(action.permission)
    }


def _ask_about_selected(action, model_admin, request, queryset):
    """Show what the action would do with the selected articles, and ask for whatever else it needs."""
    keys = list(queryset.order_by().values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        messages.error(request, gettext("Select %(most)s articles or fewer.") % {"most": f"{MOST:,}"})
        return None
    return _page(request, action, keys, action.form(auto_id="bulk-%s"))


@require_POST
def confirm(request, name):
    """Do what the page asked about: at once, or for many articles as a background task."""
    action = ACTIONS.get(name)
    if action is None:
        raise Http404(gettext("Unknown action."))
    if not request.user.has_perm(action.permission):
        raise PermissionDenied
    posted = request.POST.get("items", "")
    items = posted.split(",") if _KEYS.match(posted) else []
    if not items or len(items) > MOST:
        messages.error(request, gettext("Nothing was selected that this could be done with."))
        return _list(request)
    form = action.form(request.POST, auto_id="bulk-%s")
    if not form.is_valid():
        return _page(request, action, [key.partition("-")[0] for key in items], form, status=400)
    if len(items) > AT_ONCE:
        arguments = {"action": action.name, "items": items, "values": form.as_arguments()}
        task = tasks.start(BackgroundTask.Kind.BULK, arguments, by=request.user, total=len(items))
        return HttpResponseRedirect(reverse("admin:articles_backgroundtask_change", args=[task.pk]))
    _report(request, [carry_out(action, key, by=request.user, values=form.values) for key in items])
    return _list(request)


def _report(request, outcomes):
    done = [outcome for outcome in outcomes if outcome.is_done]
    skipped = [outcome for outcome in outcomes if not outcome.is_done]
    if done:
        heading = ngettext("Done with %(number)s article:", "Done with %(number)s articles:", len(done))
        messages.success(request, listed(heading % {"number": len(done)}, done))
    if skipped:
        heading = ngettext("Not done with %(number)s article:", "Not done with %(number)s articles:", len(skipped))
        messages.warning(request, listed(heading % {"number": len(skipped)}, skipped))


def _page(request, action, keys, form, *, status=200):
    items = list(action.plan(list(visible_articles(request.user, keys)), request.user))
    ready = [item for item in items if not item.refusal]
    context = {
        "title": str(action.question),
        "opts": Article._meta,
        "action": action,
        "form": form,
        "ready": ready,
        "left_out": [item for item in items if item.refusal],
        "items": ",".join(item.key for item in ready),
        "is_long": len(ready) > AT_ONCE,
        "query": request.GET.urlencode(),
    }
    return admin_page(request, "admin/articles/articles/bulk.html", context, status=status)


def _list(request):
    """Lead back to the list with the filters that the actions were chosen in, which the address of the request keeps."""
    return HttpResponseRedirect(reverse("admin:articles_article_changelist", query=request.GET or None))
