"""The page for erasing a revision's text for legal reasons and redacting what still quotes it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from articles import workflow
from articles.admin.shared.helpers import admin_page, found_or_404, typed
from articles.models import Quotation, RecordingChange, Revision, ScheduledJob
from articles.workflow.governance.erasing import recordings
from articles.workflow.governance.erasing.redaction import REMARKS
from articles.workflow.governance.erasing.remnants import forget_in

Kind = Quotation.Kind
REASON_MAX = Revision._meta.get_field("erasure_reason").max_length


@dataclass(frozen=True)
class Place:
    """A quotation as shown on the page: its current texts, author, time, title and address."""

    quotation: Quotation
    texts: tuple[str, ...]
    by: str
    at: object
    title: str
    url: str


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request, pk):
    revision = _erasable(request, pk)
    refusal, reason = "", typed(request.POST, "reason")
    if request.method == "POST":
        try:
            if len(reason) > REASON_MAX:
                raise workflow.InvalidTransition(
                    gettext("Shorten the reason to %(most)s characters or fewer.") % {"most": REASON_MAX}
                )
            workflow.erase(revision, by=request.user, reason=reason)
        except workflow.WorkflowError as error:
            refusal = str(error)
            revision = _erasable(request, pk)
        else:
            # This request's session was read before the erasure, and may be written after it.
            request.session.modified |= forget_in(request.session, revision)
            messages.success(request, gettext("Erased the text of revision %(number)s.") % {"number": revision.number})
            if ScheduledJob.objects.filter(name=ScheduledJob.Name.COMPACTION, succeeded_at=None).exists():
                messages.warning(
                    request,
                    gettext(
                        "The database’s file may still contain deleted words, because others are using it. The "
                        "scheduler will remove them."
                    ),
                )
            return HttpResponseRedirect(reverse("admin:articles_revision_erase", args=[pk]))
    return _erasure_page(request, revision, refusal=refusal, reason=reason)


@require_POST
def redact(request, pk, quotation):
    revision = _erasable(request, pk)
    quotation = found_or_404(revision.quotation_set, quotation, gettext("This text has no such quotation."))
    try:
        workflow.redact(quotation, by=request.user)
    except workflow.WorkflowError as error:
        return _erasure_page(request, revision, refusal=str(error))
    messages.success(request, gettext("Redacted: %(place)s.") % {"place": quotation})
    return HttpResponseRedirect(reverse("admin:articles_revision_erase", args=[pk]))


def _erasable(request, pk):
    if not request.user.has_perm("articles.erase_revision"):
        raise PermissionDenied
    revisions = Revision.objects.visible_to(request.user).select_related("article__published_revision")
    return found_or_404(revisions, pk, gettext("No such revision."))


def _erasure_page(request, revision, *, refusal="", reason=""):
    quoting = places(revision, request.user)
    context = {
        "title": gettext("Erase the text of revision %(number)s") % {"number": revision.number},
        "revision": revision,
        "article": revision.article,
        "is_public": revision.article.published_revision_id == revision.pk,
        "left": [place for place in quoting if not place.quotation.redacted_at],
        "redacted": [place for place in quoting if place.quotation.redacted_at],
        "refusal": refusal,
        "reason": reason,
        "reason_max": REASON_MAX,
    }
    if revision.erased_at:
        context["title"] = gettext("Text of revision %(number)s erased") % {"number": revision.number}
    return admin_page(request, "admin/articles/review/erase.html", context, status=409 if refusal else 200)


def places(revision, user):
    """The `Place`s, as `user` sees them, that quoted an erased revision and still exist.

    Revisions that were erased since are left out.
    """
    quotations = list(revision.quotation_set.all())
    rows = {}
    for kind in {quotation.kind for quotation in quotations}:
        wanted = [quotation.row for quotation in quotations if quotation.kind == kind]
        if kind == Kind.REVISION:
            quoting = Revision.objects.visible_to(user).filter(pk__in=wanted, erased_at=None)
        elif kind == Kind.RECORDING:
            quoting = RecordingChange.objects.filter(pk__in=wanted).select_related("episode", "show")
        else:
            model, _, to_article = REMARKS[kind]
            related = ["user"] if kind == Kind.NOTICE else []
            quoting = model._base_manager.filter(pk__in=wanted).select_related(to_article, *related)
        rows |= {(kind, row.pk): row for row in quoting}
    return [
        _place(quotation, rows[quotation.kind, quotation.row])
        for quotation in quotations
        if (quotation.kind, quotation.row) in rows
    ]


def _place(quotation, row):
    kind = quotation.kind
    if kind == Kind.REVISION:
        return Place(quotation, (), row.author_name, row.saved_at, str(row), row.get_absolute_url())
    if kind == Kind.RECORDING:
        address = reverse("admin:articles_recordingchange_change", args=[row.pk])
        texts = recordings.texts_at(row, quotation.fields)
        return Place(quotation, texts, row.proposed_by_name, row.proposed_at, row.recording_title, address)
    texts = tuple(getattr(row, name) for name in quotation.fields)
    article = row.revision.article if kind in {Kind.COMMENT, Kind.REVIEW} else row.article
    by = "" if kind == Kind.CHALLENGE else row.user.get_username() if kind == Kind.NOTICE else row.by_name
    return Place(quotation, texts, by, row.at, str(article), _address(kind, row, article))


def _address(kind, row, article):
    """The address at which it can be read; "" for a notice, which only its recipient sees."""
    if kind == Kind.COMMENT:
        return f"{row.revision.get_absolute_url()}#comment-{row.pk}"
    if kind == Kind.REVIEW:
        return row.revision.get_absolute_url()
    if kind == Kind.CHALLENGE:
        return reverse("admin:articles_correctionrequest_change", args=[row.pk])
    if kind == Kind.NOTICE:
        return ""
    return reverse("admin:articles_article_history", args=[article.pk])
