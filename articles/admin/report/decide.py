"""Carries out what is chosen in a row of the citation report, takes it back, and opens the editor at a row's claim."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.editor import reading
from articles.admin.editor.forms import ArticleForm
from articles.admin.editor.saving import drafts
from articles.admin.evidence.claims import Claim
from articles.admin.shared.helpers import editor_of, found_or_404, typed, with_typed
from articles.core.parsing.numbers import whole_number
from articles.core.timestamps import format_label
from articles.derived.checks import status
from articles.models import Article, Citation
from articles.workflow.content import content_of

from . import actions, queries
from .forms import ReportForm
from .undo import TAG, done_by, parse, undo


@require_POST
@permission_required("articles.change_revision", raise_exception=True)
def decide(request):
    """Run the row's action and return to the same page of the list at the same row, or at the next if it has left.

    By default a judged one leaves its place as well: it goes behind those that are still open.
    """
    pk = whole_number(request.POST.get("citation"))
    level, text, citation, tag = carry_out(request)
    query = QueryDict(request.POST.get("query", ""))
    wanted = ReportForm(query).wanted
    listed = queries.matching(wanted).filter(pk=pk)
    is_judged = citation is not None and request.POST["act"] != "retime"
    following = whole_number(request.POST.get("next"))
    is_moved = is_judged and following is not None and not queries.order_of(wanted)
    if is_moved:  # unless it is still open, because only what a lint rule flags was dismissed
        listed = listed.filter(~status.confirmed(), ~status.dismissed())
    row = pk if listed.exists() else following
    if citation:
        done = done_by(request.POST, citation, by=request.user)
        tag = f"{TAG}{done.text}" if done else ""
    elif row != pk:
        tag = ""
    return _to_list(request, query, row, (level, text), tag, at_field=bool(tag) and citation is None)


@require_POST
@permission_required("articles.change_revision", raise_exception=True)
def take_back(request):
    """Undo what was done last, and return to the same page of the list at that row."""
    done = parse(request.POST.get("did", ""))
    try:
        said = messages.SUCCESS, undo(done, by=request.user)[0]
    except (actions.Refused, workflow.WorkflowError) as refusal:
        said = messages.ERROR, str(refusal)
    return _to_list(request, QueryDict(request.POST.get("query", "")), done and done.citation, said)


def _to_list(request, query, row, said, tag="", *, at_field=False):
    """Redirect to the list at the row with this key, or at its field for a time; `said` is (level, text) of the message."""
    level, text = said
    messages.add_message(request, level, text, extra_tags=f"row-{row} {tag}" if row else tag)
    fragment = f"#{'time' if at_field else 'row'}-{row}" if row else "#report-list"
    address = reverse("admin:evidence_report")
    return HttpResponseRedirect(f"{address}{f'?{query.urlencode()}' if query else ''}{fragment}")


def carry_out(request):
    """Run the action that a row's form names.

    Return (level and text of the message, the citation or None if refused, the tag of a `RefusedTime`).
    """
    pk = whole_number(request.POST.get("citation"))
    try:
        citation = actions.public_citation(pk, request.POST.get("key"))
        action = actions.ACTIONS.get(request.POST.get("act"))
        if action is None:
            raise actions.Refused(gettext("This button no longer works. Nothing was changed; reload the page."))
        text = action(citation, request.POST, by=request.user)
    except actions.RefusedTime as refusal:
        return messages.ERROR, str(refusal), None, refusal.tag
    except (actions.Refused, workflow.WorkflowError) as refusal:
        return messages.ERROR, with_typed(str(refusal), typed(request.POST, "note")), None, ""
    if action is actions.retime:
        article = citation.revision.article
        admin.site.get_model_admin(Article).log_change(request, article, text)
    return messages.SUCCESS, text, citation, ""


@require_safe
@permission_required("articles.change_revision", raise_exception=True)
def open_claim(request, pk):
    """Redirect to the editor at the claim of a public citation: in the user's draft, or else in the published text."""
    public = Citation.objects.filter(is_public=True).select_related("revision__article", "section")
    citation = found_or_404(public, pk, gettext("Citation not found."))
    article = citation.revision.article
    revision = drafts.revision_to_show(request, article)
    form = ArticleForm(article=article, content=content_of(revision), revision=revision)
    read = reading.read(form, is_change=drafts.is_change(article, revision), editor=request.user)
    item, note = _found_claim(read.panel, citation)
    if note:
        messages.warning(request, note)
    if item is None:
        return HttpResponseRedirect(f"{editor_of(revision)}{_section_anchor(read.panel, citation)}")
    page = read.panel.page_of(item)
    return HttpResponseRedirect(f"{editor_of(revision)}&evidence_page={page}#{item.id}")


def _found_claim(panel, citation):
    """Return (the `Claim` of the panel that is the public `citation`, what has changed about it: "" if nothing).

    In a draft it may be at another timestamp or read differently; then it is the one of the same section that still has the
    other. Returns None for a citation that is gone.
    """
    claims = [item for item in panel.items if isinstance(item, Claim)]
    same = Citation.objects.filter(revision=citation.revision_id, claim_key=citation.claim_key)
    number = same.filter(position__lt=citation.position).count()
    if equal := [item for item in claims if item.claim_key == citation.claim_key]:
        return equal[min(number, len(equal) - 1)], ""
    near = [item for item in claims if item.section_key == _section_key(citation)]
    if moved := [item for item in near if item.text == citation.claim]:
        note = gettext("In this text the claim is cited at %(moment)s, no longer at %(before)s.")
        before = format_label(citation.start_seconds)
        return moved[0], note % {"moment": moved[0].label, "before": before}
    moment = citation.episode_id, citation.start_seconds
    if reworded := [item for item in near if (item.episode.pk, item.start_seconds) == moment]:
        return reworded[0], gettext(
            "In this text the claim reads differently. This is what it now cites at %(moment)s."
        ) % {"moment": reworded[0].label}
    return None, gettext("This text no longer has the citation that you opened.")


def _section_anchor(panel, citation):
    """The fragment of the section that had the `citation`, or of the lead; "" if the text doesn't have that section."""
    groups = (group for group in panel.groups if group.section_key == _section_key(citation))
    return next((f"#{group.card.anchor}" for group in groups), "")


def _section_key(citation):
    return citation.section.key if citation.section_id else None
