"""Keeps what a form of the admin submitted after its session had ended or been replaced by another login."""

import functools

from django.contrib import admin
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext, gettext_lazy
from django.views import csrf

from articles.admin.shared.helpers import admin_page

EDITOR = {"articles_article_add", "articles_article_change"}  # their page offers to save or to submit
NOT_RETURNED = {"login", "logout", "jsi18n"}
FOR_SCRIPTS = {
    "articles_autosave",
    "articles_present",
    "articles_upload",
    "articles_episodes",
    "articles_completions",
    "articles_spoken",
}
AS_TEXT = {"articles_preview", "articles_images", "articles_check", "articles_evidence", "articles_passages"}
STALE_LOGIN = gettext_lazy(
    "You have logged in again since this page was opened. Reload the page; unsaved changes are kept."
)


def keeping(view):
    """Decorate an admin `view` to answer a form from an ended session with the form itself, instead of the log-in page."""

    @functools.wraps(view)
    def keep(request, *args, **kwargs):
        is_lost = request.method == "POST" and not admin.site.has_permission(request)
        if is_lost and _name(request) not in NOT_RETURNED:
            return _return_form(request)
        return view(request, *args, **kwargs)

    return keep


def csrf_failure(request, reason=""):
    """Refuse a request without a valid CSRF token, in a format that the sender can show.

    A form of the admin is returned to its sender with a fresh token, but only if the browser says that it came from
    this site: otherwise another site could put text into it.
    """
    name = _name(request)
    if name in AS_TEXT:
        return HttpResponse(STALE_LOGIN, status=403, content_type="text/plain; charset=utf-8")
    if name in FOR_SCRIPTS:
        return JsonResponse({"error": STALE_LOGIN}, status=403)
    own = f"{request.scheme}://{request.get_host()}"
    is_admin = request.resolver_match is not None and "admin" in request.resolver_match.namespaces
    if is_admin and name not in NOT_RETURNED and request.headers.get("Origin") == own:
        return _return_form(request)
    return csrf.csrf_failure(request, reason)


def _name(request):
    return request.resolver_match.url_name if request.resolver_match else ""


def _return_form(request):
    is_editor = _name(request) in EDITOR
    own_buttons = {"_save", "_submit", "_timestamps", "_over", "_evidence"} if is_editor else set()
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", *own_buttons}
    ]
    context = {
        "title": gettext("Not saved yet"),
        "is_logged_in": admin.site.has_permission(request),
        "fields": fields,
        "files": [file.name for _, files in request.FILES.lists() for file in files],
        "is_editor": is_editor,
        "over": request.POST.get("_over"),
    }
    return admin_page(request, "admin/articles/editor/lost_session.html", context, status=403)
