"""The page of a correction request: the claim next to the current text and the evidence, the answer, and a draft to correct it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.shared.helpers import admin_page, editor_of, found_or_404, status_of
from articles.models import CorrectionRequest, may_read_all
from articles.workflow.collaboration import correction_requests

from .forms import AnswerForm
from .queries import cited_claims, later_revisions


def _request_or_404(request, pk):
    if not (
        request.user.has_perm("articles.view_correctionrequest")
        or request.user.has_perm("articles.change_correctionrequest")
    ):
        raise PermissionDenied
    related = ["article__published_revision", "revision", "corrected_in", "follow_up"]
    requests = CorrectionRequest.objects.visible_to(request.user).select_related(*related)
    return found_or_404(requests, pk, gettext("No such correction request."))


@require_safe
def correction_request(request, pk):
    correction_request = _request_or_404(request, pk)
    return _page(request, correction_request, _form(request, correction_request))


@require_POST
def answer(request, pk):
    correction_request = _request_or_404(request, pk)
    form = _form(request, correction_request, request.POST)
    status = 400
    if form.is_valid():
        try:
            correction_requests.answer(correction_request, by=request.user, **form.cleaned_data)
        except workflow.WorkflowError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            number = 1 + len(form.cleaned_data["together"])
            answered = ngettext(
                "%(number)s correction request answered: %(outcome)s.",
                "%(number)s correction requests answered: %(outcome)s.",
                number,
            )
            messages.success(
                request, answered % {"number": number, "outcome": correction_request.get_outcome_display()}
            )
            return HttpResponseRedirect(reverse("admin:articles_correctionrequest_changelist"))
    return _page(request, _request_or_404(request, pk), form, status=status)


@require_POST
def draft(request, pk):
    """Start a draft from the published text, opened at the section that the request is about."""
    correction_request = _request_or_404(request, pk)
    try:
        draft = correction_requests.take_up(correction_request, by=request.user)
    except workflow.StaleDraft as stale:
        messages.warning(
            request, gettext("You already have a draft of this article. It’s open here; make the correction in it.")
        )
        draft = stale.revision
    except workflow.WorkflowError as refusal:
        form = _form(request, correction_request)
        return _page(request, correction_request, form, refusal=str(refusal), status=status_of(refusal))
    keys = list(draft.section_set.values_list("key", flat=True))
    place = (
        f"card-sections-{keys.index(correction_request.section_key)}"
        if correction_request.section_key in keys
        else "card-lead"
    )
    return HttpResponseRedirect(f"{editor_of(draft)}#{place}")


def _form(request, correction_request, data=None):
    return AnswerForm(
        data,
        revisions=later_revisions(correction_request, request.user),
        alike=CorrectionRequest.objects.like(correction_request),
    )


def _page(request, correction_request, form, *, refusal="", status=200):
    published = correction_request.article.published_revision
    section = None
    if published and correction_request.section_key:
        section = published.section_set.filter(key=correction_request.section_key).first()
    context = {
        "title": gettext("Correction request"),
        "opts": CorrectionRequest._meta,
        "correction_request": correction_request,
        "follow_up": getattr(correction_request, "follow_up", None),
        "article": correction_request.article,
        "published": published,
        "name": (published or correction_request.revision).title,
        "section": section,
        "moments": cited_claims(correction_request, published, may_quote=may_read_all(request.user)),
        "alike": CorrectionRequest.objects.like(correction_request).select_related("revision"),
        "form": form,
        "refusal": refusal,
        "can_answer": request.user.has_perm("articles.review_revision"),
        "can_write": request.user.has_perm("articles.change_revision"),
    }
    return admin_page(request, "admin/articles/queue/correction_request.html", context, status=status)
