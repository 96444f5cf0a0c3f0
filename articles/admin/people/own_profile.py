"""The screen on which a reviewer writes the page of their own."""

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.utils import construct_change_message
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from articles import workflow
from articles.derived import reviewers
from articles.models import Profile

from .forms import ProfileForm


@require_http_methods(["GET", "HEAD", "POST"])
def own_page(request, site):
    """The person's own page and nobody else's: which one it is, no address and no field says."""
    if not request.user.has_perm("articles.review_revision"):
        raise PermissionDenied
    profile = Profile.objects.filter(user=request.user).first()
    is_new = profile is None
    if request.method == "POST":
        form = ProfileForm(request.POST, instance=profile or Profile(user=request.user))
        if form.is_valid():
            workflow.save_profile(form.instance, by=request.user)
            _log(request, form, is_new=is_new)
            messages.success(request, _said(form.instance))
            return HttpResponseRedirect(reverse("admin:own_page"))
    else:
        form = ProfileForm(instance=profile or _proposed(request.user))
    public = reviewers.page_of([request.user.pk])
    context = {
        **site.each_context(request),
        "title": gettext("Your page"),
        "form": form,
        "is_new": is_new,
        "address": public.get(request.user.pk, ""),
    }
    request.current_app = site.name
    return TemplateResponse(
        request, "admin/articles/people/own_profile.html", context, status=400 if form.errors else 200
    )


def _proposed(user):
    name = user.get_full_name() or user.get_username()
    return Profile(user=user, name=name, slug=slugify(name, allow_unicode=True))


def _log(request, form, *, is_new):
    """Into the admin's own log: it is saved without a review, so who changed what stands there."""
    LogEntry.objects.log_actions(
        request.user.pk,
        [form.instance],
        ADDITION if is_new else CHANGE,
        change_message=construct_change_message(form, [], is_new),
        single_object=True,
    )


def _said(profile):
    if profile.is_public:
        return gettext("Saved. Everybody sees your page now, and your name leads to it.")
    return gettext("Saved. Nobody else sees your page until you make it public.")
