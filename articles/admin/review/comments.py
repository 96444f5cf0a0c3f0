"""What is said about a revision on its page: threads are opened, answered, resolved and opened again."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles import workflow
from articles.models import Comment, Section
from articles.views import diff
from articles.workflow.collaboration import comments

from .comment_form import CommentForm

DONE = {"resolve": comments.resolve, "reopen": comments.reopen}


class CommentPages:
    """A part of the revisions' admin."""

    def get_urls(self):
        view = self.admin_site.admin_view
        pages = [
            path("<int:pk>/comments/", view(self.comment), name="articles_revision_comment"),
            path("<int:pk>/comments/<int:thread>/answer/", view(self.answer), name="articles_comment_answer"),
            path("<int:pk>/comments/<int:thread>/<str:act>/", view(self.close), name="articles_comment_close"),
        ]
        return pages + super().get_urls()

    @method_decorator(require_POST)
    def comment(self, request, pk):
        revision = self.revision_or_404(request, pk)
        form = CommentForm(request.POST)
        if not form.is_valid():
            return self._remark_refused(request, revision, form)
        place = _place(revision, form.cleaned_data["place"])
        return self._remark_done(
            request, revision, form, lambda text: comments.add(revision, by=request.user, text=text, **place)
        )

    @method_decorator(require_POST)
    def answer(self, request, pk, thread):
        revision = self.revision_or_404(request, pk)
        opened = _thread(revision, thread)
        form = CommentForm({"text": request.POST.get("text", ""), "place": f"thread:{opened.pk}"})
        if not form.is_valid():
            return self._remark_refused(request, revision, form)
        return self._remark_done(
            request, revision, form, lambda text: comments.answer(opened, by=request.user, text=text)
        )

    @method_decorator(require_POST)
    def close(self, request, pk, thread, act):
        revision = self.revision_or_404(request, pk)
        opened = _thread(revision, thread)
        if act not in DONE:
            raise Http404(gettext("A thread is resolved or reopened."))
        try:
            DONE[act](opened, by=request.user)
        except workflow.WorkflowError as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{revision.get_absolute_url()}#comment-{opened.pk}")

    def _remark_done(self, request, revision, form, write):
        try:
            comment = write(form.cleaned_data["text"])
        except workflow.WorkflowError as refusal:
            form.add_error(None, str(refusal))
            status = 403 if isinstance(refusal, workflow.NotAllowed) else 409
            return self._remark_refused(request, revision, form, status=status)
        return HttpResponseRedirect(f"{revision.get_absolute_url()}#comment-{comment.pk}")

    def _remark_refused(self, request, revision, form, *, status=400):
        return self.review_page(request, revision, remark=form, status=status)


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
