"""Saved views of the list of articles: the current filters, order and columns under a name, for whoever saved them."""

from django.contrib import messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles import workflow
from articles.admin.shared.helpers import found_or_404, typed
from articles.models import SavedView
from articles.workflow.collaboration import saved_views

ORDER = "o"


def kept_query(query, parameters):
    """Return what a view keeps of a query string: the list's own `parameters`, its search and order, not the page."""
    kept = QueryDict(mutable=True)
    for name, values in sorted(QueryDict(query).lists()):
        if name in {SEARCH_VAR, ORDER, *parameters} and values[-1]:
            kept[name] = values[-1].replace("\0", "")
    return kept.urlencode()


def views_of(user, query, parameters):
    """Return {"views": the user's views, each with `is_current`, "query": what would be saved of `query`}; one query."""
    current = kept_query(query, parameters)
    views = list(SavedView.objects.filter(user=user))
    for view in views:
        view.is_current = view.query == current
    return {"views": views, "query": current}


@require_POST
def save(request, parameters):
    """Save the posted `query` under the posted `name` and go to that view."""
    _require_reader(request)
    query = kept_query(request.POST.get("query", ""), parameters)
    try:
        view, replaced = saved_views.save_view(by=request.user, name=typed(request.POST, "name"), query=query)
    except workflow.WorkflowError as refusal:
        messages.error(request, str(refusal))
    else:
        if replaced in {None, query}:
            messages.success(request, gettext("View “%(name)s” saved.") % {"name": view.name})
        else:
            done = gettext(
                'View “{}” saved. It replaces the one that had this name: <a href="{}">show what that was</a>.'
            )
            messages.success(request, format_html(done, view.name, _list(replaced).url))
    return _list(query)


@require_POST
def delete(request, pk):
    """Delete one of the user's own views."""
    _require_reader(request)
    view = found_or_404(SavedView.objects.filter(user=request.user), pk, gettext("You have no such view."))
    saved_views.delete_view(view)
    messages.success(request, gettext("View “%(name)s” deleted.") % {"name": view.name})
    return _list(view.query)


def _require_reader(request):
    if not request.user.has_perm("articles.view_article"):
        raise PermissionDenied


def _list(query):
    address = reverse("admin:articles_article_changelist")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
