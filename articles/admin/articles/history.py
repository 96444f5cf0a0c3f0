"""The record of one article in the admin: every revision, any two of them compared, any of them restored."""

from dataclasses import dataclass, field, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.models import LogEntry, Review, Revision
from articles.views import diff
from articles.workflow import audit_log
from articles.workflow.content import content_of

LOG_SHOWN = 200


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


class HistoryMixin:
    """The pages of an article's record, for who may edit it."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/compare/", view(self.compare_view), name="articles_article_compare"),
            path("<int:pk>/restore/", view(self.restore_view), name="articles_article_restore"),
            path("<int:pk>/protection/", view(self.protection_view), name="articles_article_protection"),
            *super().get_urls(),
        ]

    def _recorded(self, request, pk):
        """The article, or 404; its record is for who may edit."""
        if not request.user.has_perm("articles.change_revision"):
            raise PermissionDenied
        article = self.get_object(request, str(pk))
        if article is None:
            raise Http404(gettext("No such article."))
        return article

    def _number(self, article, value):
        """The revision of the article with this number as it stands in an address, or None."""
        if not (value or "").isdecimal() or len(value) > 9:
            return None
        return article.revision_set.select_related("article").filter(number=int(value)).first()

    def _context(self, request, article, **context):
        request.current_app = self.admin_site.name
        published = article.published_revision
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "article": article,
            "published": published,
            "name": (published.title if published else article.newest_title) or article.slug,
            **context,
        }

    @method_decorator(require_safe)
    def history_view(self, request, object_id, extra_context=None):
        article = self._recorded(request, object_id)
        return self._history(request, article)

    def _history(self, request, article, *, refusal="", reason="", status=200):
        found, drafts = rows(article)
        log = LogEntry.objects.filter(article=article).select_related("revision").defer("revision__lead")
        context = self._context(
            request,
            article,
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
        return TemplateResponse(request, "admin/articles/articles/history.html", context, status=status)

    @method_decorator(require_safe)
    def compare_view(self, request, pk):
        article = self._recorded(request, pk)
        old, new = (self._number(article, request.GET.get(name)) for name in ("old", "new"))
        if old is None or new is None:
            raise Http404(gettext("No such revision of this article."))
        if old.number > new.number:
            old, new = new, old
        if old == new:
            messages.info(request, gettext("Choose two revisions that differ."))
            return HttpResponseRedirect(reverse("admin:articles_article_history", args=[article.pk]))
        context = self._context(
            request,
            article,
            title=gettext("Revision %(number)s and revision %(older)s") % {"number": old.number, "older": new.number},
            old=old,
            new=new,
            shown=diff.compare(old, new, excerpts=True),
        )
        return TemplateResponse(request, "admin/articles/articles/compare.html", context)

    @method_decorator(require_POST)
    def restore_view(self, request, pk):
        """A new draft that begins from an older text."""
        article = self._recorded(request, pk)
        base = self._number(article, request.POST.get("number"))
        if base is None or base.is_draft:
            raise Http404(gettext("No such revision of this article."))
        if base.erased_at:
            return self._history(
                request, article, refusal=gettext("Its text was erased: nothing can be restored."), status=409
            )
        content = content_of(base)
        summary = gettext("Restores revision %(number)s.") % {"number": base.number}
        if base.submitted_at:
            day = date_format(timezone.localtime(base.submitted_at), "DATE_FORMAT")
            summary = gettext("Restores revision %(number)s of %(day)s.") % {"number": base.number, "day": day}
        content = replace(
            content,
            edit_summary=summary,
        )
        try:
            draft = workflow.start_draft(article, content, by=request.user, base=base)
        except workflow.StaleDraft as stale:
            address = reverse("admin:articles_article_change", args=[article.pk])
            refusal = format_html(
                gettext(
                    "You have a draft of this article already, revision {}: submit it, or put this text into it. <a "
                    'href="{}?revision={}">Open the draft</a>'
                ),
                stale.revision.number,
                address,
                stale.revision.pk,
            )
            return self._history(request, article, refusal=refusal, status=409)
        except workflow.WorkflowError as refusal:
            status = 403 if isinstance(refusal, workflow.NotAllowed) else 409
            return self._history(request, article, refusal=str(refusal), status=status)
        messages.success(
            request,
            gettext("Draft %(number)s holds the text of revision %(older)s. Readers see nothing of it yet.")
            % {"number": draft.number, "older": base.number},
        )
        return HttpResponseRedirect(
            f"{reverse('admin:articles_article_change', args=[article.pk])}?revision={draft.pk}"
        )

    @method_decorator(require_POST)
    def protection_view(self, request, pk):
        """Protect the article, or release it; the reason stands in the log."""
        article = self._recorded(request, pk)
        act = {"protect": workflow.protect, "release": workflow.release}.get(request.POST.get("act"))
        if act is None:
            raise Http404(gettext("No such act."))
        reason = request.POST.get("reason", "").strip()
        try:
            act(article, by=request.user, reason=reason)
        except workflow.WorkflowError as refusal:
            status = 403 if isinstance(refusal, workflow.NotAllowed) else 409
            article.refresh_from_db(fields=["is_protected"])
            return self._history(request, article, refusal=str(refusal), reason=reason, status=status)
        done = (
            gettext("Protected: only who may protect articles can edit it.")
            if article.is_protected
            else gettext("Released.")
        )
        messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:articles_article_history", args=[article.pk]))
