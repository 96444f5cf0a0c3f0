"""The page with the links to a text that isn't published, and what guests said about it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from articles import workflow
from articles.admin.shared.helpers import admin_page, found_or_404, status_of
from articles.models import DraftLink, GuestComment
from articles.views.http import origin
from articles.workflow.collaboration import sharing

from . import context as reviewing


def _days(number):
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


class ShareForm(forms.Form):
    days = forms.TypedChoiceField(
        label=gettext_lazy("The link works for"),
        choices=lambda: [(number, _days(number)) for number in sharing.DAYS],
        coerce=int,
        initial=7,
        error_messages={"required": gettext_lazy("Choose how long the link is to work.")},
    )
    allows_comments = forms.BooleanField(label=gettext_lazy("Whoever has it may leave comments"), required=False)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share(request, pk):
    """The links to a revision; POST makes one, and shows its address this once."""
    revision = _revision(request, pk)
    if request.method != "POST":
        return _page(request, revision, ShareForm())
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _page(request, revision, form, status=400)
    try:
        link, token = workflow.share(revision, by=request.user, **form.cleaned_data)
    except workflow.WorkflowError as refusal:
        return _page(request, revision, form, refusal=str(refusal), status=status_of(refusal))
    address = f"{origin(request)}{reverse('shared_draft', args=[token])}"
    return _page(request, revision, ShareForm(), new=link, address=address)


@require_POST
def revoke(request, pk, link):
    revision = _revision(request, pk)
    link = found_or_404(DraftLink.objects.filter(revision=revision), link, gettext("No such link."))
    try:
        workflow.revoke(link, by=request.user)
    except workflow.WorkflowError as refusal:
        return _page(request, revision, ShareForm(), refusal=str(refusal), status=status_of(refusal))
    messages.success(request, gettext("The link was revoked. It no longer opens the text."))
    return HttpResponseRedirect(reverse("admin:articles_revision_share", args=[revision.pk]))


@require_POST
def delete_comment(request, pk, comment):
    revision = _revision(request, pk)
    found = GuestComment.objects.filter(link__revision=revision).select_related("link__revision__article")
    comment = found_or_404(found, comment, gettext("No such comment."))
    try:
        sharing.delete_comment(comment, by=request.user)
    except workflow.WorkflowError as refusal:
        return _page(request, revision, ShareForm(), refusal=str(refusal), status=status_of(refusal))
    messages.success(request, gettext("The comment was deleted."))
    return HttpResponseRedirect(reverse("admin:articles_revision_share", args=[revision.pk]))


def _revision(request, pk):
    revision = reviewing.revision_or_404(request, pk)
    if not sharing.may_share(revision, request.user):
        raise PermissionDenied
    return revision


def _page(request, revision, form, *, new=None, address="", refusal="", status=200):
    now = timezone.now()
    comments = GuestComment.objects.filter(link__revision=revision, deleted_at=None)
    context = {
        "title": gettext("Share a draft"),
        "revision": revision,
        "article": revision.article,
        "form": form,
        "new": new,
        "address": address,
        "refusal": refusal,
        "why_not": sharing.why_not_shared(revision),
        "links": [(link, link.expires_at <= now) for link in DraftLink.objects.filter(revision=revision)],
        "comments": comments,
        "may_delete": request.user.has_perm("articles.review_revision"),
    }
    return admin_page(request, "admin/articles/review/share.html", context, status=status)
