"""Topics in the admin. Moderators edit them, and readers see the change at once."""

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles import workflow
from articles.admin.articles.queries import title_of
from articles.admin.shared.base import GuardedForm
from articles.admin.shared.lookups import GuardedAdmin
from articles.models import Article, Topic

ARTICLES_NAMED = 20


@admin.register(Topic)
class TopicAdmin(GuardedAdmin):
    form = GuardedForm
    list_display = ["title", "slug", "filed", "published"]
    fields = ["title", "slug", "description"]
    ordering = ["title", "pk"]  # GROUP BY drops the model's own ordering
    list_per_page = 50
    search_fields = ["title", "slug", "description"]
    search_help_text = _("Search titles, slugs and descriptions")
    show_full_result_count = False

    def get_queryset(self, request):
        published = Count("article", filter=Q(article__published_revision__isnull=False), distinct=True)
        return super().get_queryset(request).annotate(filed_number=Count("article"), published_number=published)

    def get_readonly_fields(self, request, obj=None):
        return ["slug", "filed"] if obj else []

    def get_fields(self, request, obj=None):
        return [*self.fields, "filed"] if obj else self.fields

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}

    @admin.display(description=_("articles"), ordering="filed_number")
    def filed(self, topic):
        number = topic.filed_number
        if not number:
            return None
        address = reverse("admin:articles_article_changelist") + f"?topics__id__exact={topic.pk}"
        label = ngettext("%(number)s article", "%(number)s articles", number) % {"number": intcomma(number)}
        return format_html('<a href="{}">{}</a>', address, label)

    @admin.display(description=_("published"), ordering="published_number")
    def published(self, topic):
        return topic.published_number or None

    def save_model(self, request, obj, form, change):
        workflow.save_topic(obj, form.changed_data)

    def delete_model(self, request, obj):
        workflow.delete_topics(Topic.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        workflow.delete_topics(Topic.objects.filter(pk__in=queryset.values("pk")))

    def get_deleted_objects(self, objs, request):
        """Protect topics that have articles, and name those articles."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking, [*protected, *_articles_with(objs, request.user)]


def _articles_with(topics, user):
    """Links to the first `ARTICLES_NAMED` articles that keep the topics from being deleted, as far as `user` may see them."""
    filed = Article.objects.filter(topics__in=topics).distinct()
    visible = filed.visible_to(user).select_related("published_revision").order_by("pk")
    named = [
        format_html(
            '{} <a href="{}">{}</a>',
            _("article:"),
            reverse("admin:articles_article_change", args=[article.pk]),
            title_of(article),
        )
        for article in visible[: ARTICLES_NAMED + 1]
    ]
    if len(named) > ARTICLES_NAMED:
        return [*named[:ARTICLES_NAMED], _("and more")]
    return named if len(named) == filed.count() else [*named, _("articles that aren’t public")]
