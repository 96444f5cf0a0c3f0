"""The answers to requests that nothing here answers, or that can't be read: a page that says why, never a traceback."""

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core import exceptions
from django.http import JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext

from .http import public_page

METHOD_SHOWN = 20  # characters of a method, of which clients can invent any


def not_found(request, exception):
    """404; in the admin with what the view says is missing, and a way back to the work."""
    # Whose request it is isn't asked for on public pages: then they would be different for everybody.
    is_at_work = request.path.startswith(reverse("admin:index")) and getattr(request, "user", None)
    if not (is_at_work and request.user.is_staff):
        return public_page("404.html", status=404)
    [reason, *_] = exception.args or [""]
    context = {"reason": "" if isinstance(reason, dict) else reason, "is_at_work": True}  # a dict lists addresses
    return render(request, "404.html", context, status=404)


def bad_request(request, exception):
    """400, or 413 for a request that is too big; as JSON for scripts that ask for it."""
    status, reason = _refusal(exception)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"error": reason}, status=status)
    return public_page("400.html", status=status, reason=reason)


def method_not_allowed(request, response):
    """405 with a page, for the empty `response` by which Django refuses a method."""
    methods = response.headers["Allow"]
    reason = gettext("It takes %(methods)s, not %(method)s. Nothing was saved; go back and reload the page.")
    reason %= {"methods": methods, "method": request.method[:METHOD_SHOWN]}
    page = public_page("400.html", status=405, reason=reason)
    page.headers["Allow"] = methods
    return page


def _refusal(exception):
    if isinstance(exception, exceptions.RequestDataTooBig):
        most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return 413, gettext(
            "It is too big: a form can hold %(most)s of text. Nothing was saved; go back and send less."
        ) % {"most": most}
    if isinstance(exception, exceptions.TooManyFieldsSent):
        most = intcomma(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
        return 413, gettext(
            "It has too many fields: a form can have %(most)s. Nothing was saved; go back and send fewer."
        ) % {"most": most}
    if isinstance(exception, exceptions.TooManyFilesSent):
        most = intcomma(settings.DATA_UPLOAD_MAX_NUMBER_FILES)
        return 413, gettext(
            "It has too many files: a form can have %(most)s. Nothing was saved; go back and send fewer."
        ) % {"most": most}
    return 400, gettext(
        "Its address or form is damaged, or asks for something that this page doesn’t offer. Nothing was saved; "
        "go back, reload the page and try again."
    )
