"""What is said about a revision on its page: threads are opened, answered, resolved and opened again."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles import workflow
from articles.admin.pages import status_of
from articles.models import Comment, Section
from articles.views import diff
from articles.workflow.collaboration import comments

from .comment_form import CommentForm
from .context import revision_or_404
from .views import review_page

# What the last part of the address asks for, with the workflow's function for it.
ACTIONS = {"resolve": comments.resolve, "reopen": comments.reopen}


@require_POST
def comment(request, pk):
    revision = revision_or_404(request, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return review_page(request, revision, remark=form, status=400)
    place = _place(revision, form.cleaned_data["place"])
    return _written(request, revision, form, comments.add, revision, **place)


@require_POST
def answer(request, pk, thread):
    revision = revision_or_404(request, pk)
    opened = _thread(revision, thread)
    form = CommentForm({"text": request.POST.get("text", ""), "place": f"thread:{opened.pk}"})
    if not form.is_valid():
        return review_page(request, revision, remark=form, status=400)
    return _written(request, revision, form, comments.answer, opened)


@require_POST
def close(request, pk, thread, act):
    revision = revision_or_404(request, pk)
    opened = _thread(revision, thread)
    if act not in ACTIONS:
        raise Http404(gettext("A thread is resolved or reopened."))
    try:
        ACTIONS[act](opened, by=request.user)
    except workflow.WorkflowError as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{revision.get_absolute_url()}#comment-{opened.pk}")


def _written(request, revision, form, write, *args, **place):
    """Write the comment of `form` with the workflow's function `write`, and lead to it; or say why it was not."""
    try:
        comment = write(*args, by=request.user, text=form.cleaned_data["text"], **place)
    except workflow.WorkflowError as refusal:
        form.add_error(None, str(refusal))
        return review_page(request, revision, remark=form, status=status_of(refusal))
    return HttpResponseRedirect(f"{revision.get_absolute_url()}#comment-{comment.pk}")


def _thread(revision, pk):
    thread = Comment.objects.filter(revision=revision, parent=None, pk=pk).select_related("revision__article").first()
    if thread is None:
        raise Http404(gettext("No such thread."))
    return thread


def _place(revision, place):
    """Where a comment goes, as `commenting.add` takes it; 404 for a place that this revision does not have."""
    if not place:
        return {}
    kind, _, key = place.partition(":")
    if kind == "change" and revision.target:
        shown = diff.compare(revision.target, revision)
        for change in shown.changes:
            if change.id == key:
                return {"change": key, "section_key": change.section_key or None, "quote": change.quote}
    if kind == "section":
        of_either = [revision.pk, revision.target_id]
        for section in Section.objects.filter(revision__in=of_either).order_by("-revision"):
            if str(section.key) == key:
                return {"section_key": section.key, "quote": section.heading}
    raise Http404(gettext("The revision has no such place."))
