"""The list of articles in the admin."""

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, ngettext

from articles.admin.base import ConditionFilter
from articles.admin.editor.views import edit, may_add, may_change
from articles.admin.lookups import GuardedAdmin
from articles.admin.pages import invalid_timestamps, local_time
from articles.models import Article, Revision, may_read_all

from . import history, urls
from .queries import article_or_404, for_list, not_reviewed_as_a_whole, with_revision
from .topic_filing import TopicFilter, file_under, may_file

Status = Revision.Status


class StateFilter(ConditionFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    conditions = {
        "published": (gettext_lazy("published"), {"published_revision__isnull": False}),
        "unpublished": (gettext_lazy("not published"), {"published_revision__isnull": True}),
        "draft": (gettext_lazy("has a draft"), with_revision(Status.DRAFT)),
        "waiting": (gettext_lazy("in review"), with_revision(Status.SUBMITTED)),
        "unreviewed": (gettext_lazy("published, not reviewed as a whole"), {"pk__in": not_reviewed_as_a_whole()}),
        "problems": (gettext_lazy("published, has invalid timestamps"), {"published_revision__problem_count__gt": 0}),
    }


class NoticeFilter(admin.SimpleListFilter):
    title = gettext_lazy("notice")
    parameter_name = "notice"

    def lookups(self, request, model_admin):
        return Revision.Notice.choices

    def queryset(self, request, queryset):
        return queryset.filter(published_revision__notice=self.value()) if self.value() else queryset


@admin.register(Article)
class ArticleAdmin(GuardedAdmin):
    list_display = ["title", "state", "at_work", "cited", "saved_at"]
    list_filter = [StateFilter, NoticeFilter, ("topics", TopicFilter)]
    list_per_page = 50
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
        return [*urls.urlpatterns, *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return edit(request, None if object_id is None else article_or_404(request, object_id))

    def history_view(self, request, object_id, extra_context=None):
        return history.history(request, object_id)

    def get_ordering(self, request):
        return ["-last_saved_at", "-pk"]

    def get_queryset(self, request):
        return for_list(request.user)

    @admin.display(description=gettext_lazy("title"), ordering="slug")
    def title(self, article):
        title = article.published_revision.title if article.published_revision else article.newest_title
        return format_html('{} <span class="quiet">{}</span>', title or gettext("Untitled"), article.slug)

    @admin.display(description=gettext_lazy("state"))
    def state(self, article):
        if article.published_revision is None:
            return gettext("not published")
        return gettext("published, revision %(number)s") % {"number": article.published_revision.number}

    @admin.display(description=gettext_lazy("in progress"))
    def at_work(self, article):
        count = article.open_drafts
        drafts = ngettext("%(count)s draft", "%(count)s drafts", count) % {"count": count} if count else ""
        waiting = gettext("%(waiting)s in review") % {"waiting": article.waiting} if article.waiting else ""
        return ", ".join(filter(None, [drafts, waiting])) or None

    @admin.display(description=gettext_lazy("sentences cited"))
    def cited(self, article):
        revision = article.published_revision
        if revision is None:
            return None
        values = {"cited": intcomma(revision.cited_sentence_count), "count": intcomma(revision.sentence_count)}
        if not revision.problem_count:
            return gettext("%(cited)s of %(count)s") % values
        values["invalid"] = invalid_timestamps(revision)
        return gettext("%(cited)s of %(count)s, %(invalid)s") % values

    @admin.display(description=gettext_lazy("last saved"), ordering="last_saved_at")
    def saved_at(self, article):
        if article.newest_saved_at is None:
            return None
        values = {"at": local_time(article.newest_saved_at), "name": article.newest_saved_by}
        return gettext("%(at)s by %(name)s") % values
