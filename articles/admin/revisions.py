"""Revisions in the admin: the queue, every text that was ever saved, and the page on which one is decided."""

from textwrap import shorten

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin import decisions, reviewing
from articles.admin.records import ReadOnlyAdmin
from articles.forms.decision import DecisionForm
from articles.models import Revision

Status = Revision.Status
SUMMARY_SHOWN = 110


def is_reviewer(user):
    return user.has_perm("articles.review_revision")


class StatusFilter(admin.SimpleListFilter):
    """Moderators begin with what waits for them; everybody else with everything."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        self.default = Status.SUBMITTED if is_reviewer(request.user) else "all"
        return [*Status.choices, ("public", "public now"), ("all", "all")]

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": (self.value() or self.default) == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": "waits for review" if value == Status.SUBMITTED else label,
            }

    def queryset(self, request, queryset):
        chosen = self.value() or self.default
        if chosen == Status.SUBMITTED:
            return queryset.awaiting_review()
        if chosen == "public":
            return queryset.published()
        return queryset.filter(status=chosen) if chosen in Status.values else queryset


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["name", "state", "written_by", "age", "summary", "cited"]
    list_filter = [StatusFilter, "notice"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    search_fields = ["title", "slug", "author_name", "edit_summary"]
    search_help_text = "Search in titles, addresses, names and summaries."

    # The list -------------------------------------------------------------------------------------

    def get_queryset(self, request):
        revisions = super().get_queryset(request).visible_to(request.user)
        return revisions.select_related("article").defer("lead")

    def get_ordering(self, request):
        if is_reviewer(request.user) and request.GET.get("status", Status.SUBMITTED) == Status.SUBMITTED:
            return ["submitted_at", "pk"]  # who has waited longest comes first
        return ["-saved_at", "-pk"]

    @admin.display(description="text", ordering="title")
    def name(self, revision):
        kind = "new article" if revision.follows_id is None else f"revision {revision.number}"
        return format_html('{} <span class="quiet">{}</span>', revision.title or "Untitled", kind)

    @admin.display(description="status", ordering="status")
    def state(self, revision):
        if revision.article.published_revision_id == revision.pk:
            return "public now"
        return revision.get_status_display()

    @admin.display(description="since", ordering=F("submitted_at").desc(nulls_last=True))
    def age(self, revision):
        return f"{timesince(revision.submitted_at or revision.saved_at, depth=1)} ago"

    @admin.display(description="author", ordering="author_name")
    def written_by(self, revision):
        return revision.author_name

    @admin.display(description="summary")
    def summary(self, revision):
        return shorten(revision.edit_summary, SUMMARY_SHOWN, placeholder=" …") or None

    @admin.display(description="citations", ordering="citation_count")
    def cited(self, revision):
        cited = f"{revision.citation_count} cited"
        return f"{cited}, {revision.problem_count} to look at" if revision.problem_count else cited

    # The page -------------------------------------------------------------------------------------

    def get_urls(self):
        pages = [
            path("<int:pk>/decide/", self.admin_site.admin_view(self.decide), name="articles_revision_decide"),
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name="articles_revision_preview"),
        ]
        return pages + super().get_urls()

    def _revision(self, request, pk):
        """The revision, or 404: who may not know of it is not told that it exists."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        revision = reviewing.for_page(pk, request.user) if str(pk).isdecimal() else None
        if revision is None:
            raise Http404("No such revision.")
        return revision

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        revision = self._revision(request, object_id)
        if revision.is_draft:
            page = reverse("admin:articles_article_change", args=[revision.article_id])
            return HttpResponseRedirect(f"{page}?revision={revision.pk}")
        form = DecisionForm(initial={"public_note": revision.public_note})
        return self._page(request, revision, form)

    @method_decorator(require_POST)
    def decide(self, request, pk):
        revision = self._revision(request, pk)
        act = decisions.ACTS.get(request.POST.get("act"))
        if act is None:
            raise Http404("No such decision.")
        form = DecisionForm(request.POST)
        status = 400
        if form.is_valid():
            try:
                decisions.carry_out(act, revision, by=request.user, **form.cleaned_data)
            except workflow.WorkflowError as refusal:
                form.add_error(None, str(refusal))
                status = 403 if isinstance(refusal, workflow.NotAllowed) else 409
            else:
                return self._done(request, act, revision)
        revision = self._revision(request, pk)  # as it stands now, not as the refused act left it
        return self._page(request, revision, form, status=status)

    def _done(self, request, act, revision):
        said = format_html("{}: “{}”, revision {}.", act.done, revision.title, revision.number)
        if act in decisions.PUBLISHING:
            said = format_html('{} <a href="{}">See the page</a>', said, revision.article.get_absolute_url())
        messages.success(request, said)
        if act is decisions.WITHDRAW:
            page = reverse("admin:articles_article_change", args=[revision.article_id])
            return HttpResponseRedirect(f"{page}?revision={revision.pk}")
        return HttpResponseRedirect(reverse("admin:index"))

    def _page(self, request, revision, form, *, status=200):
        follows = revision.follows
        context = {
            **self.admin_site.each_context(request),
            "title": revision.title or "Untitled",
            "opts": self.opts,
            "revision": revision,
            "article": revision.article,
            "published": revision.article.published_revision,
            "rendering": getattr(revision, "rendering", None),
            "shown": reviewing.compare(revision) if follows else None,
            "citations": [] if follows else reviewing.citations(revision),
            "problems": reviewing.problems(revision),
            "log": reviewing.log(revision),
            "offer": decisions.offer(revision, request.user),
            "form": form,
            "can_edit": request.user.has_perm("articles.change_revision"),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/revision/review.html", context, status=status)

    @method_decorator([require_safe, never_cache])
    def preview(self, request, pk):
        """The revision as readers would get it."""
        revision = self._revision(request, pk)
        if not hasattr(revision, "rendering"):
            raise Http404("This revision has not been rendered yet: manage.py rebuild does it.")
        values = {"article": revision.article, "revision": revision, "rendering": revision.rendering}
        context = {
            "title": revision.title,
            "page_html": render_to_string("articles/derived/page.html", values),
            "article": revision.article,
            "revision": revision,
            "is_public": revision.article.published_revision_id == revision.pk,
        }
        return TemplateResponse(request, "admin/articles/revision/preview.html", context)
