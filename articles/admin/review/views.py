"""The review page of a revision, its actions, and its preview."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.pages import admin_page, editor_of, found_or_404, status_of
from articles.core.timestamps import format_label
from articles.derived.pages.context import page_context
from articles.models import Revision
from articles.views import diff
from articles.workflow.collaboration import comments

from . import context as reviewing
from .actions import ACTIONS
from .decision_form import DecisionForm
from .merge_form import merge_form
from .offer import Offer


@require_safe
def review(request, pk):
    revision = reviewing.revision_or_404(request, pk)
    if revision.is_draft:
        return HttpResponseRedirect(editor_of(revision))
    return review_page(request, revision)


@require_POST
def decide(request, pk):
    """Perform the chosen action. If it is refused, the page keeps the submitted text."""
    revision = reviewing.revision_or_404(request, pk)
    action = ACTIONS.get(request.POST.get("act"))
    if action is None:
        raise Http404(gettext("Unknown action."))
    form = DecisionForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            with transaction.atomic():
                words = {name: form.cleaned_data[name] for name in action.fields}
                result = action.run(revision, by=request.user, **words)
        except workflow.WorkflowError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            messages.success(request, action.message(revision, result))
            return HttpResponseRedirect(action.leads_to(revision))
    # Reloaded, because the refused action may have changed the instance.
    revision = reviewing.revision_or_404(request, pk)
    return review_page(request, revision, form=form, status=status)


@require_POST
def heard(request, pk):
    """Confirm that a citation's timestamp supports its claim."""
    revision = reviewing.revision_or_404(request, pk)
    citations = revision.citation_set.select_related("episode__show", "section")
    missing = gettext("This revision has no such citation.")
    citation = found_or_404(citations, request.POST.get("citation"), missing)
    try:
        workflow.confirm_citation(
            revision.article,
            by=request.user,
            episode=citation.episode,
            start_seconds=citation.start_seconds,
            end_seconds=citation.end_seconds,
            claim=citation.claim,
            section_key=citation.section.key if citation.section else None,
        )
    except workflow.WorkflowError as refusal:
        messages.error(request, str(refusal))
    else:
        moment = format_label(citation.start_seconds)
        messages.success(request, gettext("Confirmed at %(moment)s.") % {"moment": moment})
    return HttpResponseRedirect(revision.get_absolute_url())


def review_page(request, revision, *, form=None, comment_form=None, status=200):
    """The page; `form` and `comment_form` are invalid or refused forms, with the submitted text."""
    other = reviewing.other_of(revision, request.GET.get("against", ""))
    can_edit = request.user.has_perm("articles.change_revision")
    if other:
        shown, citations = diff.compare(other, revision, excerpts=can_edit), []
        counts = shown.counts
    else:
        shown = None
        citations, counts = reviewing.claims(revision, excerpts=can_edit)
    is_own_comparison = other == revision.target
    form = form or DecisionForm.of(revision, shown if is_own_comparison else None)
    offer = Offer(revision, request.user)
    ticks = bool(shown and is_own_comparison and offer.in_part)
    outdated = reviewing.outdated(revision)
    pressed = ACTIONS.get(request.POST.get("act"))
    context = {
        "title": revision.title or gettext("Untitled"),
        "opts": Revision._meta,
        "revision": revision,
        "article": revision.article,
        "published": revision.article.published_revision,
        "rendering": getattr(revision, "rendering", None),
        "other": other,
        "is_own_comparison": is_own_comparison,
        "shown": shown,
        "ticks": ticks,
        "ticked": _tick(shown, form) if ticks else 0,
        "outdated": outdated,
        "merge_form": merge_form(revision, outdated) if outdated else None,
        "citations": citations,
        "counts": counts,
        "hear": reverse("admin:articles_revision_heard", args=[revision.pk]) if can_edit else "",
        "problems": reviewing.problems(revision),
        "discussion": reviewing.discussion(revision, shown),
        "may_discuss": not revision.is_draft and comments.may_discuss(revision, request.user),
        "places": [] if shown else reviewing.places(revision),
        "comment_form": comment_form,
        "log": revision.logentry_set.all(),
        "offer": offer,
        "form": form,
        "wants_time": pressed is not None and pressed.panel == "later",
        "can_edit": can_edit,
    }
    return admin_page(request, "admin/articles/review/review.html", context, status=status)


@require_safe
def preview(request, pk):
    """The revision as readers would see it."""
    revision = reviewing.revision_or_404(request, pk)
    if not hasattr(revision, "rendering"):
        raise Http404(gettext("This revision hasn’t been rendered yet. Run manage.py rebuild."))
    values = {"article": revision.article, **page_context(revision)}
    context = {
        "title": revision.title,
        "page": render_to_string("articles/stored/page.html", values),
        "article": revision.article,
        "revision": revision,
        "is_public": revision.article.published_revision_id == revision.pk,
    }
    return TemplateResponse(request, "admin/articles/review/preview.html", context)


def _tick(shown, form):
    """Set `is_ticked` on the changes, from the form or all of them; returns the number of selected changes."""
    accepted = form.data.getlist("accept") if form.is_bound and form["parts"].value() else None
    for change in shown.changes:
        change.is_ticked = accepted is None or change.id in accepted
    return sum(change.is_ticked for change in shown.changes)
