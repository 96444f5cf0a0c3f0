"""An article's history in the admin: its revisions, restoring, and protection."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.articles.queries import article_or_404
from articles.admin.shared.helpers import (
    admin_page,
    editor_of,
    found_or_404,
    local_time,
    slug_note,
    status_of,
    taken_down_words,
    typed,
)
from articles.models import Article, LogEntry, Review, Revision
from articles.workflow.drafts import versions
from articles.workflow.history import audit_log, chain

LOG_SHOWN = 200
REVERTING = ("articles.review_revision", "articles.publish_revision")
PROTECTION = {"protect": workflow.protect, "release": workflow.release}


@dataclass
class Row:
    """A revision with its reviews and the periods in which it was public, as (from, until, log entry of the publication).

    `until` is None today.
    """

    revision: Revision
    reviews: list = field(default_factory=list)
    periods: list = field(default_factory=list)

    @property
    def may_come_back(self):
        """Whether it was approved and public; the page that asks for the reason says what else is in the way."""
        is_kept = self.revision.status == Revision.Status.APPROVED and self.revision.erased_at is None
        return is_kept and bool(self.periods)


def rows(article, user):
    """(rows, drafts) that `user` may see: a `Row` for each submitted revision, newest first, and the open drafts.

    Three queries.
    """
    query = article.revision_set.visible_to(user).select_related("base").defer("lead", "base__lead")
    revisions = list(query.order_by("-number"))
    drafts = [revision for revision in revisions if revision.is_draft]
    by_pk = {revision.pk: Row(revision) for revision in revisions if not revision.is_draft}
    for review in Review.objects.filter(revision__article=article).order_by("pk"):
        by_pk[review.revision_id].reviews.append(review)
    for revision, since, until, entry in audit_log.publications(article):
        by_pk[revision.pk].periods.append((since, until, entry))
    return list(by_pk.values()), drafts


def editable_article(request, pk):
    """The article; raises PermissionDenied for users who can't edit, Http404 if there's no such article."""
    if not request.user.has_perm("articles.change_revision"):
        raise PermissionDenied
    return article_or_404(request, pk)


def revision_of(request, article, number):
    """The article's revision with this `number`, a URL parameter.

    Raises Http404 if there's none that the user may see.
    """
    revisions = article.revision_set.visible_to(request.user).select_related("article")
    return found_or_404(revisions, number, gettext("This article has no such revision."), field="number")


def article_page(request, template, article, *, status=200, **context):
    published = article.published_revision
    context |= {
        "opts": Article._meta,
        "article": article,
        "published": published,
        "name": (published.title if published else article.newest_title) or article.slug,
    }
    return admin_page(request, f"admin/articles/articles/{template}.html", context, status=status)


@require_safe
def history(request, pk):
    return _history(request, editable_article(request, pk))


def _history(request, article, *, refusal="", reason="", status=200):
    history_rows, drafts = rows(article, request.user)
    submitted = [row.revision for row in history_rows]
    newest = (submitted if len(submitted) > 1 else [*drafts, *submitted])[:2]
    log = LogEntry.objects.filter(article=article).select_related("revision").defer("revision__lead")
    return article_page(
        request,
        "history",
        article,
        status=status,
        title=gettext("History"),
        rows=history_rows,
        drafts=[(draft, versions.may_see(request.user, draft)) for draft in drafts],
        newest=newest[0].number if newest else None,
        against=newest[1].number if len(newest) > 1 else None,
        log=log.order_by("-number")[:LOG_SHOWN],
        head=chain.head(),
        log_is_cut=article.log_length > LOG_SHOWN,
        taken_down=taken_down_words(article),
        protection=workflow.why_protected(request.user, article),
        can_protect=request.user.has_perm("articles.protect_article"),
        can_revert=article.published_revision is not None and request.user.has_perms(REVERTING),
        refusal=refusal,
        reason=reason,
    )


@require_POST
def restore(request, pk):
    """Start a draft from an older revision."""
    article = editable_article(request, pk)
    base = revision_of(request, article, request.POST.get("number"))
    if base.is_draft:
        raise Http404(gettext("This article has no such revision."))
    summary = gettext("Restores revision %(number)s.") % {"number": base.number}
    if base.submitted_at:
        values = {"number": base.number, "day": local_time(base.submitted_at, "DATE_FORMAT")}
        summary = gettext("Restores revision %(number)s of %(day)s.") % values
    try:
        draft = workflow.restore(base, by=request.user, edit_summary=summary)
    except workflow.StaleDraft as stale:
        refusal = format_html(
            gettext(
                "You already have a draft of this article, revision {}. Submit it first, or copy this text into it. "
                '<a href="{}?revision={}">Open draft</a>'
            ),
            stale.revision.number,
            reverse("admin:articles_article_change", args=[article.pk]),
            stale.revision.pk,
        )
        return _history(request, article, refusal=refusal, status=409)
    except workflow.WorkflowError as refusal:
        return _history(request, article, refusal=str(refusal), status=status_of(refusal))
    messages.success(
        request,
        gettext("Draft %(number)s has the text of revision %(older)s. Readers can’t see it yet.")
        % {"number": draft.number, "older": base.number},
    )
    if note := slug_note(base.slug, draft.slug):
        messages.info(request, note)
    return HttpResponseRedirect(editor_of(draft))


@require_POST
def protection(request, pk):
    """Protect or unprotect the article. The reason is logged."""
    article = editable_article(request, pk)
    act = PROTECTION.get(request.POST.get("act"))
    if act is None:
        raise Http404(gettext("Unknown action."))
    reason = typed(request.POST, "reason")
    try:
        act(article, by=request.user, reason=reason)
    except workflow.WorkflowError as refusal:
        article.refresh_from_db(fields=["is_protected"])
        return _history(request, article, refusal=str(refusal), reason=reason, status=status_of(refusal))
    done = (
        gettext("Article protected. Only people who can protect articles can edit it.")
        if article.is_protected
        else gettext("Article unprotected.")
    )
    messages.success(request, done)
    return HttpResponseRedirect(reverse("admin:articles_article_history", args=[article.pk]))
