"""The page that says what discarding a draft means, and discards it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles import workflow
from articles.admin.shared.helpers import admin_page, status_of, typed
from articles.core.parsing.numbers import whole_number
from articles.workflow.collaboration import sharing
from articles.workflow.drafts import discarding

from . import context as reviewing

REASON_MAX = 500


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request, pk):
    revision = reviewing.revision_or_404(request, pk)
    if not discarding.may_discard(revision, request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, revision) if revision.is_draft else HttpResponseRedirect(revision.get_absolute_url())
    reason, version = typed(request.POST, "reason"), whole_number(request.POST.get("version"))
    try:
        if len(reason) > REASON_MAX:
            message = gettext("Shorten the reason to %(most)s characters or fewer.")
            raise workflow.InvalidTransition(message % {"most": REASON_MAX})
        workflow.discard(revision, by=request.user, version=version, reason=reason)
    except workflow.WorkflowError as refusal:
        revision = reviewing.revision_or_404(request, pk)
        return _page(request, revision, refusal=str(refusal), reason=reason, status=status_of(refusal))
    history = reverse("admin:articles_article_history", args=[revision.article_id])
    done = gettext('Draft discarded: “{}”, revision {}. It can be restored from the <a href="{}">history</a>.')
    messages.success(request, format_html(done, revision.title or gettext("Untitled"), revision.number, history))
    return HttpResponseRedirect(reverse("admin:index"))


def _page(request, revision, *, refusal="", reason="", status=200):
    context = {
        "title": gettext("Discard draft"),
        "revision": revision,
        "article": revision.article,
        "published": revision.article.published_revision,
        "is_own": revision.author_id == request.user.pk,
        "is_last": discarding.is_last(revision),
        "links": sharing.working(revision).count(),
        "refusal": refusal,
        "reason": reason,
        "reason_max": REASON_MAX,
    }
    return admin_page(request, "admin/articles/review/discard.html", context, status=status)
