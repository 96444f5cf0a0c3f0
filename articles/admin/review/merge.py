"""The screen on which a text that fell behind is brought up to date with the published one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from articles import workflow

from . import context as reviewing
from .merge_form import MergeForm, merge_form
from .views import editor_of


class MergePages:
    """A part of the revisions' admin."""

    def get_urls(self):
        merge = path("<int:pk>/merge/", self.admin_site.admin_view(self.merge), name="articles_revision_merge")
        return [merge, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def merge(self, request, pk):
        """GET shows what a merge gives and what clashes; POST takes it, with a choice for each clash."""
        revision = self.revision_or_404(request, pk)
        if not request.user.has_perm("articles.change_revision"):
            raise PermissionDenied
        behind = reviewing.outdated(revision)
        if behind is None:
            messages.info(request, gettext("It follows the published text: there is nothing to bring up to date."))
            return HttpResponseRedirect(_page_of(revision))
        if request.method != "POST":
            return self._merge_page(request, revision, behind, merge_form(revision, behind))
        form = MergeForm(request.POST, clashes=behind.clashes)
        if not form.is_valid():
            return self._merge_page(request, revision, behind, form, status=400)
        revision.version = form.cleaned_data["version"]
        try:
            done = workflow.rebase(revision, by=request.user, choices=form.choices, onto=form.cleaned_data["onto"])
        except workflow.WorkflowError as refusal:
            status = 403 if isinstance(refusal, workflow.NotAllowed) else 409
            return self._merge_refused(request, pk, str(refusal), status)
        messages.success(request, _said(revision, done, behind.published))
        return HttpResponseRedirect(_page_of(done))

    def _merge_refused(self, request, pk, refusal, status):
        """The page as things stand now, with what was chosen and written for the clashes that are still there."""
        revision = self.revision_or_404(request, pk)
        behind = reviewing.outdated(revision)
        if behind is None:
            messages.error(request, refusal)
            return HttpResponseRedirect(_page_of(revision))
        data = request.POST.copy()
        data["onto"], data["version"] = behind.published.pk, revision.version
        form = MergeForm(data, clashes=behind.clashes)
        return self._merge_page(request, revision, behind, form, refusal=refusal, status=status)

    def _merge_page(self, request, revision, behind, form, *, refusal="", status=200):
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Bring up to date: %(title)s") % {"title": revision.title or gettext("Untitled")},
            "opts": self.opts,
            "revision": revision,
            "article": revision.article,
            "published": behind.published,
            "behind": behind,
            "form": form,
            "refusal": refusal,
            "rows": list(form.rows()),
            "is_own": revision.author_id == request.user.pk,
            "wrote": request.user.pk in {writer.user_id for writer in revision.contributor_set.all()},
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/review/merge.html", context, status=status)


def _page_of(revision):
    return editor_of(revision) if revision.is_draft else revision.get_absolute_url()


def _said(revision, done, published):
    if done.pk == revision.pk:
        return gettext("Brought up to date with revision %(number)s, which is public.") % {"number": published.number}
    return gettext(
        "Brought up to date with revision %(number)s, which is public: revision %(newer)s takes the "
        "place of revision %(older)s."
    ) % {"number": published.number, "newer": done.number, "older": revision.number}
