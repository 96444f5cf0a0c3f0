"""The page of a challenge: the claim beside the text as it reads now, the answer, a draft with the correction."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.pages import admin_page, editor_of, status_of
from articles.models import Citation, CorrectionRequest, LogEntry, Revision
from articles.views.diff import moment
from articles.workflow.collaboration import correction_requests

from .forms import AnswerForm

Action = LogEntry.Action


def _challenge(request, pk):
    if not (
        request.user.has_perm("articles.view_correctionrequest")
        or request.user.has_perm("articles.change_correctionrequest")
    ):
        raise PermissionDenied
    related = ["article__published_revision", "revision", "corrected_in"]
    found = CorrectionRequest.objects.select_related(*related).filter(pk=pk).first() if str(pk).isdecimal() else None
    if found is None:
        raise Http404(gettext("No such challenge."))
    return found


@require_safe
def correction_request(request, pk):
    correction_request = _challenge(request, pk)
    return _page(request, correction_request, AnswerForm(revisions=_later(correction_request)))


@require_POST
def answer(request, pk):
    correction_request = _challenge(request, pk)
    form = AnswerForm(request.POST, revisions=_later(correction_request))
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
                gettext("Answered: %(outcome)s.") % {"outcome": correction_request.get_outcome_display()},
            )
            return HttpResponseRedirect(reverse("admin:articles_correctionrequest_changelist"))
    return _page(request, _challenge(request, pk), form, status=status)


@require_POST
def draft(request, pk):
    """A draft from the published text, open at the section that the challenge is about."""
    correction_request = _challenge(request, pk)
    try:
        draft = correction_requests.take_up(correction_request, by=request.user)
    except workflow.StaleDraft as stale:
        messages.warning(
            request, gettext("You have a draft of this article already: this is it. Put the correction into it.")
        )
        draft = stale.revision
    except workflow.WorkflowError as refusal:
        form = AnswerForm(revisions=_later(correction_request))
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
        "title": gettext("Challenge"),
        "opts": CorrectionRequest._meta,
        "challenge": correction_request,
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


def _later(correction_request):
    """The revisions in which it can have been corrected: those that readers got after the one they challenged."""
    published = LogEntry.objects.filter(
        article=correction_request.article, action__in=[Action.PUBLISHED, Action.PUBLISHED_AS_RECEIVED]
    )
    return (
        Revision.objects.filter(pk__in=published.values("revision"))
        .exclude(pk=correction_request.revision_id)
        .filter(number__gt=correction_request.revision.number)
        .order_by("-number")
    )


def _moments(correction_request, published):
    """The moments behind the claim, as the reader saw them and as they stand now: (revision, claim, moment) each."""
    here = Q(section__key=correction_request.section_key) if correction_request.section_key else Q(section=None)
    revisions = {correction_request.revision.pk: correction_request.revision}
    if published:
        revisions[published.pk] = published
    found = Citation.objects.filter(here, revision__in=revisions).select_related("episode__show")
    rows = list(found.prefetch_related("episode__chapter_set").order_by("revision", "position"))
    is_named = len({row.episode_id for row in rows}) > 1
    shown = {pk: [] for pk in revisions}
    for row in rows:
        then = row.revision_id == correction_request.revision_id
        if then and correction_request.claim and row.claim != correction_request.claim:
            continue  # the reader named another one
        heard = moment(row.episode, row.start_seconds, row.end_seconds, is_named=is_named)
        shown[row.revision_id].append((row.claim, heard))
    return [(revisions[pk], claims) for pk, claims in shown.items()]
