"""The list of articles in the admin."""

from django.contrib import admin
from django.db.models import Prefetch
from django.urls import path
from django.utils.translation import gettext_lazy

from articles.admin.editor.views import edit
from articles.admin.shared.lookups import GuardedAdmin
from articles.admin.shared.permissions import may_add, may_change
from articles.models import Article, Revision, Source, may_read_all

from . import urls
from .bulk.views import list_actions
from .changelist import columns, saved_views
from .changelist.columns import ArticleList, Columns, ColumnsFilter
from .changelist.filters import CappedPaginator, IssueFilter, ReviewFilter, ShowFilter, StateFilter
from .history import views as history
from .queries import article_or_404, for_list
from .topics.filing import TopicFilter, file_under, may_file


class NoticeFilter(admin.SimpleListFilter):
    title = gettext_lazy("notice")
    parameter_name = "notice"

    def lookups(self, request, model_admin):
        return Revision.Notice.choices

    def queryset(self, request, queryset):
        return queryset.filter(published_revision__notice=self.value()) if self.value() else queryset


@admin.register(Article)
class ArticleAdmin(Columns, GuardedAdmin):
    list_display = [columns.ALWAYS, *columns.OPTIONAL]
    list_filter = [StateFilter, IssueFilter, ReviewFilter, ShowFilter, ("topics", TopicFilter), NoticeFilter]
    list_filter += [ColumnsFilter]
    list_per_page = 50
    change_list_template = "admin/articles/articles/change_list.html"
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER  # each would be counted over all articles
    search_fields = ["slug", "revision__title"]
    search_help_text = gettext_lazy("Search titles and slugs")

    actions = [file_under]

    def get_search_fields(self, request):
        """Search the titles of drafts only for users with the permission to read drafts."""
        return self.search_fields if may_read_all(request.user) else ["slug", "published_revision__title"]

    def has_add_permission(self, request):
        return may_add(request.user)

    def has_change_permission(self, request, obj=None):
        return may_change(request.user)

    def has_delete_permission(self, request, obj=None):
        return False  # articles are unpublished, never deleted

    def has_file_permission(self, request):
        return may_file(request.user)

    def get_urls(self):
        view, own = self.admin_site.admin_view, {"parameters": self.parameters}
        return [
            path("views/save/", view(saved_views.save), own, name="articles_article_save_view"),
            path("views/<int:pk>/delete/", view(saved_views.delete), name="articles_article_delete_view"),
            *urls.urlpatterns,
            *super().get_urls(),
        ]

    @property
    def parameters(self):
        """The names of the filters in an address of the list."""
        names = [entry.parameter_name for entry in self.list_filter if not isinstance(entry, tuple)]
        return {*names, "topics__id__exact", "topics__isnull"}

    def get_actions(self, request):
        return super().get_actions(request) | list_actions(request.user)

    def get_changelist(self, request, **kwargs):
        return ArticleList

    def get_list_display(self, request):
        return [columns.ALWAYS, *columns.chosen(request)]

    def changelist_view(self, request, extra_context=None):
        views = saved_views.views_of(request.user, request.META.get("QUERY_STRING", ""), self.parameters)
        return super().changelist_view(request, {"saved": views, **(extra_context or {})})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return edit(request, None if object_id is None else article_or_404(request, object_id))

    def history_view(self, request, object_id, extra_context=None):
        return history.history(request, object_id)

    def get_ordering(self, request):
        return ["-last_saved_at", "-pk"]

    def get_queryset(self, request):
        articles, shown = for_list(request.user), columns.chosen(request)
        if may_read_all(request.user):  # others only see what is published
            asks = request.GET.get(StateFilter.parameter_name) == StateFilter.DISCARDED
            articles = articles.discarded() if asks else articles.kept()
        if "topics_of" in shown:
            articles = articles.prefetch_related("topics")
        if "shows" in shown:
            sources = Source.objects.select_related("episode__show")
            articles = articles.prefetch_related(Prefetch("published_revision__source_set", sources))
        return articles
