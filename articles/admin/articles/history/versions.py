"""Earlier versions of a draft: a list for its author and moderators, restoring, and deletion."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.shared.helpers import admin_page, editor_of, found_or_404, status_of
from articles.core.parsing.numbers import whole_number
from articles.models import Article, Revision
from articles.workflow.drafts import versions


@require_safe
@never_cache
def draft_versions(request, pk):
    """The versions of a revision, newest first."""
    return _page(request, _revision(request, pk))


@require_POST
def restore_version(request, pk):
    """Save a version in the draft again; if it is no longer a draft, start one with it."""
    revision = _revision(request, pk)
    version = _version(revision, request.POST.get("number"))
    try:
        draft, lacking = workflow.restore_version(version, by=request.user, loaded=_loaded(request, revision))
    except workflow.WorkflowError as refusal:
        return _page(request, _revision(request, pk), refusal=str(refusal), status=status_of(refusal))
    messages.success(
        request,
        gettext("Version %(version)s restored in revision %(number)s. The text it replaced is kept as a version.")
        % {"version": version.number, "number": draft.number},
    )
    if lacking:
        messages.warning(
            request,
            gettext("Source %(keys)s was left out: its episode no longer exists.") % {"keys": ", ".join(lacking)},
        )
    return HttpResponseRedirect(editor_of(draft))


@require_POST
def discard_versions(request, pk):
    """Delete all versions but the current text."""
    revision = _revision(request, pk)
    try:
        count = workflow.discard_versions(revision, by=request.user)
    except workflow.WorkflowError as refusal:
        return _page(request, revision, refusal=str(refusal), status=status_of(refusal))
    done = ngettext("%(count)s earlier version deleted.", "%(count)s earlier versions deleted.", count)
    messages.success(request, done % {"count": count})
    return HttpResponseRedirect(reverse("admin:articles_revision_versions", args=[revision.pk]))


def _revision(request, pk):
    revisions = Revision.objects.visible_to(request.user).select_related("article")
    revision = found_or_404(revisions, pk, gettext("Revision not found."))
    if not versions.may_see(request.user, revision):
        raise PermissionDenied
    return revision


def _version(revision, number):
    return found_or_404(revision.draftversion_set, number, gettext("This draft has no such version."), field="number")


def _loaded(request, revision):
    """The version of the draft that the page showed, so that nothing saved since is replaced unseen."""
    loaded = whole_number(request.POST.get("loaded"))
    return revision.version if loaded is None else loaded


def _page(request, revision, *, refusal="", status=200):
    context = {
        "title": gettext("Versions of revision %(number)s") % {"number": revision.number},
        "opts": Article._meta,
        "article": revision.article,
        "revision": revision,
        "rows": list(revision.draftversion_set.defer("content")),
        "refusal": refusal,
        "protection": workflow.why_protected(request.user, revision.article),
        "may_discard": revision.author_id == request.user.pk or request.user.has_perm("articles.erase_revision"),
    }
    return admin_page(request, "admin/articles/articles/versions.html", context, status=status)
