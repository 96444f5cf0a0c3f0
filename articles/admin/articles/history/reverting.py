"""The page on which a moderator reverts an article to an earlier text that was reviewed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from articles import workflow
from articles.admin.shared.helpers import status_of, typed
from articles.core.parsing.numbers import whole_number
from articles.models import CorrectionRequest
from articles.views import diff

from .views import REVERTING, article_page, editable_article, revision_of

REASON_MAX = 500


@require_http_methods(["GET", "HEAD", "POST"])
def revert(request, pk):
    """Show what would change for readers, or why it can't be done, and revert once a reason is given."""
    article = editable_article(request, pk)
    if not request.user.has_perms(REVERTING):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    revision = revision_of(request, article, given.get("number"))
    if request.method != "POST":
        return _page(request, article, revision)
    reason = typed(request.POST, "reason")
    try:
        if len(reason) > REASON_MAX:
            raise workflow.InvalidTransition(
                gettext("Shorten the reason to %(most)s characters or fewer.") % {"most": REASON_MAX}
            )
        workflow.revert(revision, by=request.user, reason=reason, seen=whole_number(request.POST.get("seen")) or 0)
    except workflow.WorkflowError as refusal:
        article = editable_article(request, pk)
        revision = revision_of(request, article, given.get("number"))
        return _page(request, article, revision, refusal=str(refusal), reason=reason, status=status_of(refusal))
    done = gettext('Reverted to revision {}, which is published again. <a href="{}">View page</a>')
    messages.success(request, format_html(done, revision.number, revision.article.get_absolute_url()))
    return HttpResponseRedirect(reverse("admin:articles_article_history", args=[article.pk]))


def _page(request, article, revision, *, refusal="", reason="", status=200):
    published = article.published_revision
    why_not = workflow.why_not_revertible(revision, request.user)
    shown = diff.compare(published, revision, excerpts=True) if published not in {None, revision} else None
    return article_page(
        request,
        "revert",
        article,
        status=status,
        title=gettext("Revert to revision %(number)s") % {"number": revision.number},
        revision=revision,
        why_not=why_not and str(why_not),
        may_restore=not (revision.is_draft or revision.erased_at or workflow.why_protected(request.user, article)),
        taken_back=[] if why_not else CorrectionRequest.objects.taken_back_by(revision).select_related("corrected_in"),
        shown=shown,
        changes=shown and shown.page(request.GET.get("page")),
        refusal=refusal,
        reason=reason,
        reason_max=REASON_MAX,
    )
