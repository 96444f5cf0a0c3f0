"""The record of one article in the admin: every revision, any two of them compared, any of them restored."""

from dataclasses import dataclass, field, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.pages import admin_page, editor_of, status_of
from articles.models import Article, LogEntry, Review, Revision
from articles.views import diff
from articles.workflow import audit_log
from articles.workflow.content import content_of

from .queries import article_or_404

LOG_SHOWN = 200
PROTECTION = {"protect": workflow.protect, "release": workflow.release}


@dataclass
class Row:
    """A revision with its decisions and the times for which it was public, as (from, until or None)."""

    revision: Revision
    reviews: list = field(default_factory=list)
    periods: list = field(default_factory=list)


def rows(article):
    """Every revision that was handed in, newest first, and the open drafts: three queries."""
    found = article.revision_set.select_related("base").defer("lead", "base__lead")
    revisions = list(found.order_by("-number"))
    drafts = [revision for revision in revisions if revision.is_draft]
    by_pk = {revision.pk: Row(revision) for revision in revisions if not revision.is_draft}
    for review in Review.objects.filter(revision__article=article).order_by("pk"):
        by_pk[review.revision_id].reviews.append(review)
    for revision, since, until, _ in audit_log.publications(article):
        by_pk[revision.pk].periods.append((since, until))
    return list(by_pk.values()), drafts


def _recorded(request, pk):
    """The article, or 404; its record is for who may edit."""
    if not request.user.has_perm("articles.change_revision"):
        raise PermissionDenied
    return article_or_404(request, pk)


def _number(article, value):
    """The revision of the article with this number as it stands in an address, or None."""
    if not (value or "").isdecimal() or len(value) > 9:
        return None
    return article.revision_set.select_related("article").filter(number=int(value)).first()


def _page(request, template, article, *, status=200, **context):
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
    return _history(request, _recorded(request, pk))


def _history(request, article, *, refusal="", reason="", status=200):
    found, drafts = rows(article)
    log = LogEntry.objects.filter(article=article).select_related("revision").defer("revision__lead")
    return _page(
        request,
        "history",
        article,
        status=status,
        title=gettext("History"),
        rows=found,
        drafts=drafts,
        newest=found[0].revision.number if found else None,
        against=found[1].revision.number if len(found) > 1 else None,
        log=log.order_by("-number")[:LOG_SHOWN],
        log_is_cut=article.log_length > LOG_SHOWN,
        can_protect=request.user.has_perm("articles.protect_article"),
        refusal=refusal,
        reason=reason,
    )


@require_safe
def compare(request, pk):
    article = _recorded(request, pk)
    old, new = (_number(article, request.GET.get(name)) for name in ("old", "new"))
    if old is None or new is None:
        raise Http404(gettext("No such revision of this article."))
    if old.number > new.number:
        old, new = new, old
    if old == new:
        messages.info(request, gettext("Choose two revisions that differ."))
        return HttpResponseRedirect(reverse("admin:articles_article_history", args=[article.pk]))
    return _page(
        request,
        "compare",
        article,
        title=gettext("Revision %(number)s and revision %(older)s") % {"number": old.number, "older": new.number},
        old=old,
        new=new,
        shown=diff.compare(old, new, excerpts=True),
    )


@require_POST
def restore(request, pk):
    """A new draft that begins from an older text."""
    article = _recorded(request, pk)
    base = _number(article, request.POST.get("number"))
    if base is None or base.is_draft:
        raise Http404(gettext("No such revision of this article."))
    if base.erased_at:
        return _history(request, article, refusal=gettext("Its text was erased: nothing can be restored."), status=409)
    summary = gettext("Restores revision %(number)s.") % {"number": base.number}
    if base.submitted_at:
        day = date_format(timezone.localtime(base.submitted_at), "DATE_FORMAT")
        summary = gettext("Restores revision %(number)s of %(day)s.") % {"number": base.number, "day": day}
    try:
        content = replace(content_of(base), edit_summary=summary)
        draft = workflow.start_draft(article, content, by=request.user, base=base)
    except workflow.StaleDraft as stale:
        refusal = format_html(
            gettext(
                "You have a draft of this article already, revision {}: submit it, or put this text into it. <a "
                'href="{}?revision={}">Open the draft</a>'
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
        gettext("Draft %(number)s holds the text of revision %(older)s. Readers see nothing of it yet.")
        % {"number": draft.number, "older": base.number},
    )
    return HttpResponseRedirect(editor_of(draft))


@require_POST
def protection(request, pk):
    """Protect the article, or release it; the reason stands in the log."""
    article = _recorded(request, pk)
    act = PROTECTION.get(request.POST.get("act"))
    if act is None:
        raise Http404(gettext("No such act."))
    reason = request.POST.get("reason", "").strip()
    try:
        act(article, by=request.user, reason=reason)
    except workflow.WorkflowError as refusal:
        article.refresh_from_db(fields=["is_protected"])
        return _history(request, article, refusal=str(refusal), reason=reason, status=status_of(refusal))
    done = (
        gettext("Protected: only who may protect articles can edit it.")
        if article.is_protected
        else gettext("Released.")
    )
    messages.success(request, done)
    return HttpResponseRedirect(reverse("admin:articles_article_history", args=[article.pk]))
