"""The screen on which a text that fell behind is brought up to date with the published one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from articles import workflow
from articles.admin.pages import admin_page, editor_of, status_of
from articles.models import Revision

from . import context as reviewing
from .merge_form import MergeForm, merge_form


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, pk):
    """GET shows what a merge gives and what clashes; POST takes it, with a choice for each clash."""
    revision = reviewing.revision_or_404(request, pk)
    if not request.user.has_perm("articles.change_revision"):
        raise PermissionDenied
    behind = reviewing.outdated(revision)
    if behind is None:
        messages.info(request, gettext("It follows the published text: there is nothing to bring up to date."))
        return HttpResponseRedirect(_page_of(revision))
    if request.method != "POST":
        return _merge_page(request, revision, behind, merge_form(revision, behind))
    form = MergeForm(request.POST, clashes=behind.clashes)
    if not form.is_valid():
        return _merge_page(request, revision, behind, form, status=400)
    revision.version = form.cleaned_data["version"]
    try:
        done = workflow.rebase(revision, by=request.user, choices=form.choices, onto=form.cleaned_data["onto"])
    except workflow.WorkflowError as refusal:
        return _merge_refused(request, pk, str(refusal), status_of(refusal))
    messages.success(request, _said(revision, done, behind.published))
    return HttpResponseRedirect(_page_of(done))


def _merge_refused(request, pk, refusal, status):
    """The page as things stand now, with what was chosen and written for the clashes that are still there."""
    revision = reviewing.revision_or_404(request, pk)
    behind = reviewing.outdated(revision)
    if behind is None:
        messages.error(request, refusal)
        return HttpResponseRedirect(_page_of(revision))
    data = request.POST.copy()
    data["onto"], data["version"] = behind.published.pk, revision.version
    form = MergeForm(data, clashes=behind.clashes)
    return _merge_page(request, revision, behind, form, refusal=refusal, status=status)


def _merge_page(request, revision, behind, form, *, refusal="", status=200):
    context = {
        "title": gettext("Bring up to date: %(title)s") % {"title": revision.title or gettext("Untitled")},
        "opts": Revision._meta,
        "revision": revision,
        "article": revision.article,
        "published": behind.published,
        "behind": behind,
        "form": form,
        "refusal": refusal,
        "rows": list(form.rows()),
        "is_own": revision.author_id == request.user.pk,
        "wrote": request.user.pk in {writer.user_id for writer in revision.contributor_set.all()},
    }
    return admin_page(request, "admin/articles/review/merge.html", context, status=status)


def _page_of(revision):
    return editor_of(revision) if revision.is_draft else revision.get_absolute_url()


def _said(revision, done, published):
    if done.pk == revision.pk:
        return gettext("Brought up to date with revision %(number)s, which is public.") % {"number": published.number}
    return gettext(
        "Brought up to date with revision %(number)s, which is public: revision %(newer)s takes the "
        "place of revision %(older)s."
    ) % {"number": published.number, "newer": done.number, "older": revision.number}
