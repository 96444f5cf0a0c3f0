"""The lists of decisions and log entries: the record, which nobody adds to, changes or deletes by hand."""

from django.contrib import admin
from django.db.models import F, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from articles.admin.shared.base import ReadOnlyAdmin
from articles.admin.shared.helpers import local_time
from articles.models import LogEntry, Review, Revision, may_read_all


class TimeFilter(admin.DateFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = gettext("time")


class RecordAdmin(ReadOnlyAdmin):
    """Rows of an append-only table, newest first."""

    ordering = ["-pk"]
    readonly_fields = ["when"]

    def get_queryset(self, request):
        """Only records about revisions that the user may read: they quote them."""
        records = super().get_queryset(request)
        if may_read_all(request.user):
            return records
        return records.filter(self.about(Revision.objects.visible_to(request.user)))

    def about(self, revisions):
        """The condition that a record is about one of these `revisions`."""
        return Q(revision__in=revisions)

    @admin.display(description=gettext_lazy("time"), ordering="at")
    def when(self, record):
        return local_time(record.at)

    @admin.display(description=gettext_lazy("user"), ordering="by_name")
    def who(self, record):
        return record.by_name

    @admin.display(description=gettext_lazy("revision"), ordering="revision")
    def which_revision(self, record):
        if record.revision_id is None:
            return None
        return format_html('<a href="{}">{}</a>', record.revision.get_absolute_url(), record.revision)


@admin.register(Review)
class ReviewAdmin(RecordAdmin):
    list_display = ["when", "who", "decision", "which_revision", "comment"]
    list_filter = ["decision", ("at", TimeFilter)]
    list_select_related = ["revision"]
    search_fields = ["by_name", "comment", "revision__title"]
    search_help_text = gettext_lazy("Search names, comments and titles")
    fields = ["when", "by_name", "decision", "revision", "comment"]


@admin.register(LogEntry)
class LogEntryAdmin(RecordAdmin):
    list_display = ["when", "who", "action", "which_article", "which_revision", "note"]
    list_filter = ["action", ("at", TimeFilter)]
    list_select_related = ["article", "revision"]
    search_fields = ["by_name", "note", "article__slug", "revision__title"]
    search_help_text = gettext_lazy("Search names, notes, slugs and titles")
    fields = ["when", "by_name", "action", "article", "revision", "note"]

    def about(self, revisions):
        """Also those about no revision of an article that is published."""
        return super().about(revisions) | Q(revision=None, article__published_revision__isnull=False)

    @admin.display(description=gettext_lazy("article"), ordering=F("article__slug"))
    def which_article(self, entry):
        address = reverse("admin:articles_article_change", args=[entry.article_id])
        return format_html('<a href="{}">{}</a>', address, entry.article)
