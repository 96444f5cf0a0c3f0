"""The page on which a text is erased for legal reasons, and what still quotes it afterwards is redacted."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from articles import workflow
from articles.models import Quotation, Revision
from articles.workflow.governance.redaction import REMARKS

Kind = Quotation.Kind
REASON_MAX = Revision._meta.get_field("erasure_reason").max_length


@dataclass(frozen=True)
class Place:
    """A quotation as the page shows it: what stands there now, whose it is, and where."""

    quotation: Quotation
    texts: tuple[str, ...]
    by: str
    at: object
    title: str
    url: str


class ErasurePages:
    """A part of the revisions' admin, for who may erase texts."""

    def get_urls(self):
        view = self.admin_site.admin_view
        pages = [
            path("<int:pk>/erase/", view(self.erase), name="articles_revision_erase"),
            path("<int:pk>/erase/<int:quotation>/", view(self.redact), name="articles_revision_redact"),
        ]
        return pages + super().get_urls()

    @method_decorator([require_http_methods(["GET", "HEAD", "POST"]), never_cache])
    def erase(self, request, pk):
        revision = self._erasable(request, pk)
        refusal, reason = "", request.POST.get("reason", "").strip()
        if request.method == "POST":
            try:
                if len(reason) > REASON_MAX:
                    raise workflow.InvalidTransition(
                        gettext("Keep the reason to %(most)s characters.") % {"most": REASON_MAX}
                    )
                workflow.erase(revision, by=request.user, reason=reason)
            except workflow.WorkflowError as error:
                refusal = str(error)
                revision = self._erasable(request, pk)
            else:
                messages.success(
                    request, gettext("The text of revision %(number)s is erased.") % {"number": revision.number}
                )
                return HttpResponseRedirect(reverse("admin:articles_revision_erase", args=[pk]))
        return self._erasure(request, revision, refusal=refusal, reason=reason)

    @method_decorator(require_POST)
    def redact(self, request, pk, quotation):
        revision = self._erasable(request, pk)
        found = Quotation.objects.filter(revision=revision, pk=quotation).first()
        if found is None:
            raise Http404(gettext("No such quotation of this text."))
        try:
            workflow.redact(found, by=request.user)
        except workflow.WorkflowError as error:
            return self._erasure(request, revision, refusal=str(error))
        messages.success(request, gettext("Redacted: %(place)s.") % {"place": found})
        return HttpResponseRedirect(reverse("admin:articles_revision_erase", args=[pk]))

    def _erasable(self, request, pk):
        if not request.user.has_perm("articles.erase_revision"):
            raise PermissionDenied
        revision = Revision.objects.select_related("article__published_revision").filter(pk=pk).first()
        if revision is None:
            raise Http404(gettext("No such revision."))
        return revision

    def _erasure(self, request, revision, *, refusal="", reason=""):
        found = places(revision)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Erase the text of revision %(number)s") % {"number": revision.number},
            "revision": revision,
            "article": revision.article,
            "is_public": revision.article.published_revision_id == revision.pk,
            "left": [place for place in found if not place.quotation.redacted_at],
            "redacted": [place for place in found if place.quotation.redacted_at],
            "refusal": refusal,
            "reason": reason,
            "reason_max": REASON_MAX,
        }
        if revision.erased_at:
            context["title"] = gettext("Revision %(number)s is erased") % {"number": revision.number}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/review/erase.html", context, status=409 if refusal else 200)


def places(revision):
    """The `Place`s that quoted an erased revision and are still there; another revision that was erased too is not."""
    quotations = list(revision.quotation_set.all())
    rows = {}
    for kind in {quotation.kind for quotation in quotations}:
        wanted = [quotation.row for quotation in quotations if quotation.kind == kind]
        if kind == Kind.REVISION:
            found = Revision.objects.filter(pk__in=wanted, erased_at=None)
        else:
            model, _, to_article = REMARKS[kind]
            also = ["user"] if kind == Kind.NOTICE else []
            found = model._base_manager.filter(pk__in=wanted).select_related(to_article, *also)
        rows |= {(kind, row.pk): row for row in found}
    return [
        _place(quotation, rows[quotation.kind, quotation.row])
        for quotation in quotations
        if (quotation.kind, quotation.row) in rows
    ]


def _place(quotation, row):
    kind = quotation.kind
    if kind == Kind.REVISION:
        return Place(
            quotation,
            (),
            row.author_name,
            row.saved_at,
            str(row),
            reverse("admin:articles_revision_change", args=[row.pk]),
        )
    texts = tuple(getattr(row, name) for name in quotation.fields)
    article = row.revision.article if kind in {Kind.COMMENT, Kind.REVIEW} else row.article
    by = "" if kind == Kind.CHALLENGE else row.user.get_username() if kind == Kind.NOTICE else row.by_name
    return Place(quotation, texts, by, row.at, str(article), _address(kind, row, article))


def _address(kind, row, article):
    """Where it is read; empty for what only its own person sees."""
    if kind == Kind.COMMENT:
        return f"{reverse('admin:articles_revision_change', args=[row.revision_id])}#comment-{row.pk}"
    if kind == Kind.REVIEW:
        return reverse("admin:articles_revision_change", args=[row.revision_id])
    if kind == Kind.CHALLENGE:
        return reverse("admin:articles_correctionrequest_change", args=[row.pk])
    if kind == Kind.NOTICE:
        return ""
    return reverse("admin:articles_article_history", args=[article.pk])
