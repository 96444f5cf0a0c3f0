"""The page for updating an outdated revision to the published text."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from articles import workflow
from articles.admin.review import context as reviewing
from articles.admin.review.actions import Situation
from articles.admin.shared.helpers import admin_page, editor_of, status_of
from articles.models import Revision

from .form import MergeForm, lost_texts, merge_form

REASONS_SHOWN = 5  # why images weren't stored


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, pk):
    """GET shows the merged changes and the conflicts; POST merges, with a choice for each conflict."""
    revision = reviewing.revision_or_404(request, pk)
    if not request.user.has_perm("articles.change_revision"):
        raise PermissionDenied
    outdated = reviewing.outdated(revision)
    if outdated is None:
        return _up_to_date(request, revision, gettext("This revision is already up to date with the published text."))
    if request.method != "POST":
        return _merge_page(request, revision, outdated, merge_form(revision, outdated))
    form = MergeForm(request.POST, conflicts=outdated.conflicts)
    if not form.is_valid():
        return _merge_page(request, revision, outdated, form, status=400)
    for reason in form.store_images(by=request.user)[:REASONS_SHOWN]:
        messages.warning(request, reason)
    revision.version = form.cleaned_data["version"]
    try:
        done = workflow.rebase(revision, by=request.user, choices=form.choices, onto=form.cleaned_data["onto"])
    except workflow.WorkflowError as refusal:
        return _merge_refused(request, pk, str(refusal), status_of(refusal))
    messages.success(request, _success_message(revision, done, outdated.published))
    return HttpResponseRedirect(_page_of(done))


def _merge_refused(request, pk, refusal, status):
    """The page in its current state, with the submitted choices for the conflicts that still exist."""
    revision = reviewing.revision_or_404(request, pk)
    outdated = reviewing.outdated(revision)
    if outdated is None:
        return _up_to_date(request, revision, refusal)
    data = request.POST.copy()
    data["onto"], data["version"] = outdated.published.pk, revision.version
    form = MergeForm(data, conflicts=outdated.conflicts)
    return _merge_page(request, revision, outdated, form, refusal=refusal, status=status)


def _up_to_date(request, revision, words):
    """Lead back to the revision, or show what was typed for conflicts that no longer exist."""
    if not lost_texts(request.POST, ()):
        messages.info(request, words)
        return HttpResponseRedirect(_page_of(revision))
    return _merge_page(request, revision, None, MergeForm(), refusal=words, status=409)


def _merge_page(request, revision, outdated, form, *, refusal="", status=200):
    context = {
        "title": gettext("Update to the published text: %(title)s") % {"title": revision.title or gettext("Untitled")},
        "opts": Revision._meta,
        "revision": revision,
        "article": revision.article,
        "published": revision.article.published_revision,
        "outdated": outdated,
        "form": form,
        "refusal": refusal,
        "lost": lost_texts(request.POST, form.conflicts),
        "rows": list(form.rows()),
        "is_own": revision.author_id == request.user.pk,
        "wrote": Situation(revision, request.user).wrote,
    }
    return admin_page(request, "admin/articles/review/merge.html", context, status=status)


def _page_of(revision):
    return editor_of(revision) if revision.is_draft else revision.get_absolute_url()


def _success_message(revision, done, published):
    if done.pk == revision.pk:
        return gettext("Updated to the published text, revision %(number)s.") % {"number": published.number}
    return gettext(
        "Updated to the published text, revision %(number)s. Revision %(newer)s replaces revision %(older)s."
    ) % {"number": published.number, "newer": done.number, "older": revision.number}
