"""Keeps what was typed when a form arrives that cannot be taken: the session ended, or the log-in changed since."""

import functools

from django.contrib import admin
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views import csrf

FORMS = {"articles_article_add", "articles_article_change"}
FOR_SCRIPTS = {"articles_autosave", "articles_present", "articles_upload", "articles_episodes"}
AS_TEXT = {"articles_preview", "articles_check", "articles_evidence", "articles_passages"}
NOT_FORGED = gettext_lazy(
    "The log-in has changed since this page was opened. Load the page anew; what is not saved is kept."
)


def keeping(view):
    """Answer a form from an ended session with itself, to be sent again, instead of with the log-in page."""

    @functools.wraps(view)
    def keep(request, *args, **kwargs):
        if request.method == "POST" and not admin.site.has_permission(request):
            return _kept(request)
        return view(request, *args, **kwargs)

    return keep


def csrf_failure(request, reason=""):
    """Django's refusal of a form without its token, in the shape that the sender can show.

    A form of the editor's is given back to who sent it, with a fresh token: only if the browser says that it came from
    this very site, so that nobody elsewhere can put words into an editor's form.
    """
    match = request.resolver_match
    name = match.url_name if match else ""
    if name in AS_TEXT:
        return HttpResponse(NOT_FORGED, status=403, content_type="text/plain; charset=utf-8")
    if name in FOR_SCRIPTS:
        return JsonResponse({"error": NOT_FORGED}, status=403)
    own = f"{request.scheme}://{request.get_host()}"
    if name in FORMS and request.headers.get("Origin") == own:
        return _kept(request)
    return csrf.csrf_failure(request, reason)


def _kept(request):
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", "_save", "_submit", "_over", "_evidence"}
    ]
    context = {
        **admin.site.each_context(request),
        "title": gettext("Not saved yet"),
        "is_logged_in": admin.site.has_permission(request),
        "fields": fields,
        "over": request.POST.get("_over"),
    }
    return render(request, "admin/articles/editor/lost_session.html", context, status=403)
