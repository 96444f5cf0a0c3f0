"""The page on which reviewers edit their own profile."""

from django.contrib import admin, messages
from django.contrib.admin.utils import construct_change_message
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from articles import workflow
from articles.admin.shared.helpers import admin_page
from articles.derived.reviews import reviewers
from articles.models import Profile

from .own_forms import ProfileForm


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("articles.review_revision", raise_exception=True)
def own_page(request):
    """Edit the user's own profile. No address or field names the profile, so it can't be someone else's."""
    profile = Profile.objects.filter(user=request.user).first()
    is_new = profile is None
    if request.method == "POST":
        form = ProfileForm(request.POST, instance=profile or Profile(user=request.user))
        if form.is_valid():
            workflow.save_profile(form.instance, by=request.user)
            # In the admin's own log, because profiles are saved without review.
            profile_admin = admin.site.get_model_admin(Profile)
            log = profile_admin.log_addition if is_new else profile_admin.log_change
            log(request, form.instance, construct_change_message(form, [], is_new))
            messages.success(request, _saved_message(form.instance))
            return HttpResponseRedirect(reverse("admin:own_page"))
    else:
        form = ProfileForm(instance=profile or _suggested(request.user))
    public = reviewers.page_of([request.user.pk])
    context = {
        "title": gettext("Your profile"),
        "form": form,
        "is_new": is_new,
        "address": public.get(request.user.pk, ""),
    }
    return admin_page(request, "admin/articles/accounts/own_profile.html", context, status=400 if form.errors else 200)


def _suggested(user):
    name = user.get_full_name() or user.get_username()
    return Profile(user=user, name=name, slug=slugify(name, allow_unicode=True))


def _saved_message(profile):
    if profile.is_public:
        return gettext("Profile saved. It’s public, and your name links to it.")
    return gettext("Profile saved. Only you can see it until you make it public.")
