"""The review page of a revision, its actions, and its preview."""

from dataclasses import replace
from urllib.parse import quote, urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.report.actions import Refused
from articles.admin.report.undo import parse, withdraw
from articles.admin.shared.helpers import admin_page, back, editor_of, found_or_404, status_of
from articles.core.timestamps import format_label
from articles.derived.pages.page import preview_of
from articles.models import Revision
from articles.views import diff
from articles.workflow.collaboration import comments, sharing

from . import context as reviewing
from .actions import ACTIONS, Situation
from .actions.available import AvailableActions
from .context.issues import issues_of
from .decision.form import DecisionForm
from .decision.unsent import forget, is_any_comment_unsent, keeping, unsent
from .merge.form import merge_form

PROPOSED_MAX = 600_000  # characters of HTML that the page shows of the whole text


@require_safe
def review(request, pk):
    revision = reviewing.revision_or_404(request, pk)
    if revision.is_draft:
        return HttpResponseRedirect(editor_of(revision))
    return review_page(request, revision)


@require_POST
@keeping
def decide(request, pk):
    """Perform the chosen action. If it is refused, the page keeps the submitted text."""
    revision = reviewing.revision_or_404(request, pk)
    if number := request.POST.get("page"):  # the choices on the page before are kept
        address, _, query = back(request, revision.get_absolute_url()).partition("?")
        values = QueryDict(query, mutable=True)
        values["page"] = number
        return HttpResponseRedirect(f"{address}?{values.urlencode()}{_fragment(request)}")
    action = ACTIONS.get(request.POST.get("act"))
    if action is None:
        raise Http404(gettext("Unknown action."))
    form = DecisionForm(request.POST, with_note="public_note" in action.fields)
    status = 400
    if is_any_comment_unsent(request.POST):
        form.add_error(None, gettext("A comment isn’t sent yet. Add it or clear it first."))
    elif (
        form.is_valid()
        and (unused := form.unused(action, revision))
        and action.is_open(Situation(revision, request.user))
    ):
        refusal = gettext(
            "“%(button)s” doesn’t use what you entered under “%(field)s”. Clear it, or choose another action."
        )
        for name in unused:
            form.add_error(None, refusal % {"button": action.label, "field": form.fields[name].label})
    elif form.is_valid():
        try:
            with transaction.atomic():
                values = {name: form.cleaned_data[name] for name in action.fields}
                result = action.run(revision, by=request.user, **values)
        except workflow.WorkflowError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            forget(request, revision)
            messages.success(request, action.message(revision, result))
            return HttpResponseRedirect(action.leads_to(revision) or _queue(request))
    # Reloaded, because the refused action may have changed the instance.
    revision = reviewing.revision_or_404(request, pk)
    return review_page(request, revision, form=form, status=status)


@require_POST
@keeping
def confirm(request, pk):
    """Confirm that a citation's timestamp supports its claim, or take that back; go back to `at`, its place on the page."""
    revision = reviewing.revision_or_404(request, pk)
    done = parse(request.POST.get("did", ""))
    citations = revision.citation_set.select_related("episode__show", "section", "revision__article")
    missing = gettext("This revision has no such citation.")
    citation = found_or_404(citations, done.citation if done else request.POST.get("citation"), missing)
    try:
        said = withdraw(done, citation, by=request.user) if done else _confirmed(citation, by=request.user)
    except (Refused, workflow.WorkflowError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(back(request, revision.get_absolute_url()) + _fragment(request))


def _confirmed(citation, *, by):
    """Confirm `citation` and return the message."""
    workflow.confirm_citation(
        citation.revision.article,
        by=by,
        episode=citation.episode,
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        claim=citation.claim,
        section_key=citation.section.key if citation.section else None,
    )
    return gettext("Confirmed at %(moment)s.") % {"moment": format_label(citation.start_seconds)}


def review_page(request, revision, *, form=None, comment_form=None, status=200):
    """The page; `form` and `comment_form` are invalid or refused forms, with the submitted text."""
    # A refused form is answered with the page that it was sent from.
    here = back(request, revision.get_absolute_url()) if request.method == "POST" else request.get_full_path()
    asked = QueryDict(urlsplit(here).query)
    try:
        other = reviewing.other_of(revision, asked.get("against", ""), request.user)
    except Http404 as missing:  # the page with its usual comparison leads on, and keeps what was typed
        other, status = revision.target, 404 if status == 200 else status
        messages.warning(request, reviewing.said_instead(revision, missing))
    can_edit = request.user.has_perm("articles.change_revision")
    may_change = can_edit and not workflow.why_protected(request.user, revision.article)
    if other:
        shown, citations = diff.compare(other, revision, excerpts=can_edit), []
        counts = shown.counts
    else:
        shown = None
        citations, counts = reviewing.claims(revision, excerpts=can_edit)
    is_own_comparison = other == revision.target
    kept = unsent(request, revision)
    if comment_form:
        for name in ("text", "quote", "replacement"):
            kept[f"{name}:{comment_form['place'].value()}"] = comment_form[name].value()
    form = form or DecisionForm.of(revision, shown if is_own_comparison else None, kept)
    available = AvailableActions(revision, request.user)
    issues = issues_of(revision)
    changes = reviewing.reviewed_changes(
        shown, asked.get("page"), kept, is_own_comparison=is_own_comparison, in_part=available.in_part
    )
    outdated = reviewing.outdated(revision)
    # Comments on a text are shown only to people with the permission to edit it.
    chosen = asked.get("comments", "")
    discussion = (
        reviewing.discussion(revision, shown, chosen, changes.elsewhere) if can_edit else reviewing.Discussion()
    )
    rendering = getattr(revision, "rendering", None)
    pressed = ACTIONS.get(request.POST.get("act"))
    context = {
        "title": revision.title or gettext("Untitled"),
        "opts": Revision._meta,
        "revision": revision,
        "article": revision.article,
        "published": revision.article.published_revision,
        "made_public": reviewing.made_public(revision) if available.is_open else [],
        "rendering": rendering,
        "is_too_long": rendering and len(rendering.lead_html) + len(rendering.text_html) > PROPOSED_MAX,
        "other": other,
        "is_own_comparison": is_own_comparison,
        "shown": shown,
        "ticks": changes.can_be_ticked,
        "changes": changes.on_page,
        "ticked": changes.ticked,
        "ticked_elsewhere": changes.ticked_elsewhere,
        "accepted": changes.accepted,
        "unsent": kept,
        "here": here,
        "outdated": outdated,
        "merge_form": merge_form(revision, outdated) if outdated else None,
        "citations": Paginator(citations, diff.CHANGES_PER_PAGE).get_page(asked.get("page")),
        "counts": replace(counts, flagged=max(0, counts.flagged - issues.explained_count)),
        "own_claims": workflow.own_claims(request.user, {one.claim_key for one in reviewing.offered(citations, shown)})
        if can_edit
        else set(),
        "confirm_url": reverse("admin:articles_revision_confirm", args=[revision.pk]) if may_change else "",
        "issues": issues,
        "recording_changes": reviewing.recording_changes(revision) if can_edit else (),
        "discussion": discussion,
        "comment_filters": _comment_filters(discussion, here) if discussion.threads else (),
        "may_discuss": not revision.is_draft and comments.may_discuss(revision, request.user),
        "comment_targets": [] if shown else reviewing.comment_targets(revision),
        "comment_form": comment_form,
        "log": revision.logentry_set.all() if can_edit else [],
        "available": available,
        "form": form,
        "wants_time": pressed is not None and (pressed.panel == "later" or bool(request.POST.get("publish_at"))),
        "can_edit": can_edit,
        "can_share": sharing.may_share(revision, request.user)
        and (revision.was_shared or not sharing.why_not_shared(revision)),
        "may_change": may_change,
    }
    return admin_page(request, "admin/articles/review/review.html", context, status=status)


@require_safe
def preview(request, pk):
    """The revision as readers would see it."""
    revision = reviewing.revision_or_404(request, pk)
    if not hasattr(revision, "rendering"):
        raise Http404(gettext("This revision hasn’t been rendered yet. Run manage.py rebuild."))
    context = {
        "title": revision.title,
        "page": preview_of(revision),
        "article": revision.article,
        "revision": revision,
        "is_public": revision.article.published_revision_id == revision.pk,
    }
    return TemplateResponse(request, "admin/articles/review/preview.html", context)


def _comment_filters(discussion, here):
    """The choices of comments to show, as [(label, address, whether it is the current one)]."""
    address, _, query = here.partition("?")
    choices = []
    for value, label, threads in (
        ("", gettext("All comments"), discussion.threads),
        ("open", gettext("Open comments"), discussion.unresolved),
        ("resolved", gettext("Resolved comments"), discussion.resolved),
    ):
        values = QueryDict(query, mutable=True)
        values.pop("comments", None)
        if value:
            values["comments"] = value
        choices.append((f"{label} ({len(threads)})", f"{address}?{values.urlencode()}", discussion.chosen == value))
    return choices


def _queue(request):
    """The queue with the filters and the page from which the review page was opened, which its address repeats."""
    query = QueryDict(urlsplit(back(request, "")).query).get("queue", "")
    return reverse("admin:index") + (f"?{quote(query, safe='=&%+')}" if query else "")


def _fragment(request):
    """The place on the page to go back to, which the pressed button names in the query as `at`."""
    at = request.GET.get("at", "")
    return f"#{quote(at)}" if at else ""
