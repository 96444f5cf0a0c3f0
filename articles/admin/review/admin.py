"""The list of all revisions in the admin."""

from textwrap import shorten

from django.contrib import admin
from django.db.models import F
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_lazy

from articles.admin.shared.base import DefaultingFilter, ReadOnlyAdmin
from articles.admin.shared.helpers import invalid_timestamps
from articles.models import Revision

from . import urls, views

Status = Revision.Status
SUMMARY_SHOWN = 110


def is_reviewer(user):
    return user.has_perm("articles.review_revision")


class StatusFilter(DefaultingFilter):
    """Moderators see revisions in review by default, everyone else all revisions."""

    title = gettext_lazy("status")
    parameter_name = "status"
    renamed = {Status.SUBMITTED: gettext_lazy("in review")}

    def lookups(self, request, model_admin):
        self.default = Status.SUBMITTED if is_reviewer(request.user) else "all"
        return [*Status.choices, ("public", gettext("published now")), ("all", gettext("all"))]

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
    linked_by = ["article"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["title", "slug", "author_name", "edit_summary"]
    search_help_text = gettext_lazy("Search titles, slugs, names and summaries")

    def get_urls(self):
        return [*urls.urlpatterns, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return views.review(request, object_id)

    def get_queryset(self, request):
        revisions = super().get_queryset(request).visible_to(request.user)
        return revisions.select_related("article").defer("lead")

    def get_ordering(self, request):
        if is_reviewer(request.user) and request.GET.get("status", Status.SUBMITTED) == Status.SUBMITTED:
            return ["submitted_at", "pk"]  # oldest submission first
        return ["-saved_at", "-pk"]

    @admin.display(description=gettext_lazy("text"), ordering="title")
    def name(self, revision):
        kind = (
            gettext("new article")
            if revision.target_id is None
            else gettext("revision %(number)s") % {"number": revision.number}
        )
        return format_html('{} <span class="quiet">{}</span>', revision.title or gettext("Untitled"), kind)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, revision):
        if revision.article.published_revision_id == revision.pk:
            return gettext("published now")
        return revision.get_status_display()

    @admin.display(description=gettext_lazy("since"), ordering=F("submitted_at").desc(nulls_last=True))
    def age(self, revision):
        return gettext("%(age)s ago") % {"age": timesince(revision.submitted_at or revision.saved_at, depth=1)}

    @admin.display(description=gettext_lazy("author"), ordering="author_name")
    def written_by(self, revision):
        return revision.author_name

    @admin.display(description=gettext_lazy("summary"))
    def summary(self, revision):
        return shorten(revision.edit_summary, SUMMARY_SHOWN, placeholder=" …") or None

    @admin.display(description=gettext_lazy("citations"), ordering="citation_count")
    def cited(self, revision):
        count = revision.citation_count
        return f"{count}, {invalid_timestamps(revision)}" if revision.problem_count else count
