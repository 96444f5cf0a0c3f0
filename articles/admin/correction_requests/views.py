"""The page of a correction request: the claim next to the current text, the answer, and a draft to correct it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.pages import admin_page, editor_of, found_or_404, status_of
from articles.admin.queue.queries import was_ever_public
from articles.models import Citation, CorrectionRequest
from articles.views.diff import moment
from articles.workflow.collaboration import correction_requests

from .forms import AnswerForm


def _request_or_404(request, pk):
    if not (
        request.user.has_perm("articles.view_correctionrequest")
        or request.user.has_perm("articles.change_correctionrequest")
    ):
        raise PermissionDenied
    related = ["article__published_revision", "revision", "corrected_in"]
    requests = CorrectionRequest.objects.select_related(*related)
    return found_or_404(requests, pk, gettext("No such correction request."))


@require_safe
def correction_request(request, pk):
    correction_request = _request_or_404(request, pk)
    return _page(request, correction_request, AnswerForm(revisions=_later(correction_request, request.user)))


@require_POST
def answer(request, pk):
    correction_request = _request_or_404(request, pk)
    form = AnswerForm(request.POST, revisions=_later(correction_request, request.user))
    status = 400
    if form.is_valid():
        try:
            correction_requests.answer(correction_request, by=request.user, **form.cleaned_data)
        except workflow.WorkflowError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            messages.success(
                request,
                gettext("Correction request answered: %(outcome)s.")
                % {"outcome": correction_request.get_outcome_display()},
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
        form = AnswerForm(revisions=_later(correction_request, request.user))
        return _page(request, correction_request, form, refusal=str(refusal), status=status_of(refusal))
    keys = list(draft.section_set.values_list("key", flat=True))
    place = (
        f"card-sections-{keys.index(correction_request.section_key)}"
        if correction_request.section_key in keys
        else "card-lead"
    )
    return HttpResponseRedirect(f"{editor_of(draft)}#{place}")


def _page(request, correction_request, form, *, refusal="", status=200):
    published = correction_request.article.published_revision
    section = None
    if published and correction_request.section_key:
        section = published.section_set.filter(key=correction_request.section_key).first()
    context = {
        "title": gettext("Correction request"),
        "opts": CorrectionRequest._meta,
        "correction_request": correction_request,
        "article": correction_request.article,
        "published": published,
        "name": (published or correction_request.revision).title,
        "section": section,
        "moments": _moments(correction_request, published),
        "form": form,
        "refusal": refusal,
        "can_answer": request.user.has_perm("articles.review_revision"),
        "can_write": request.user.has_perm("articles.change_revision"),
    }
    return admin_page(request, "admin/articles/queue/correction_request.html", context, status=status)


def _later(correction_request, user):
    """The revisions that `user` may read of those published after the one that the reader saw."""
    later = correction_request.article.revision_set.visible_to(user)
    later = later.filter(number__gt=correction_request.revision.number)
    return later.filter(was_ever_public()).order_by("-number")


def _moments(correction_request, published):
    """[(revision, [(claim, moment), …])]: the citations in question, as the reader saw them and as they are now."""
    here = Q(section__key=correction_request.section_key) if correction_request.section_key else Q(section=None)
    revisions = {correction_request.revision.pk: correction_request.revision}
    if published:
        revisions[published.pk] = published
    citations = Citation.objects.filter(here, revision__in=revisions).select_related("episode__show")
    citations = list(citations.prefetch_related("episode__chapter_set").order_by("revision", "position"))
    is_named = len({citation.episode_id for citation in citations}) > 1
    claims = {pk: [] for pk in revisions}
    for citation in citations:
        is_original = citation.revision_id == correction_request.revision_id
        if is_original and correction_request.claim and citation.claim != correction_request.claim:
            continue  # the reader asked about another claim
        cited = moment(citation.episode, citation.start_seconds, citation.end_seconds, is_named=is_named)
        claims[citation.revision_id].append((citation.claim, cited))
    return [(revisions[pk], cited_claims) for pk, cited_claims in claims.items()]
