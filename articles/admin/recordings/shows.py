"""Shows in the admin."""

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, ngettext

from articles import workflow
from articles.admin.shared.base import GuardedForm
from articles.models import Episode, Show

from .base import NAMED, REASON, ReasonForm, RecordingAdmin
from .fields import PeopleField


class ShowForm(ReasonForm, GuardedForm):
    people = PeopleField()


@admin.register(Show)
class ShowAdmin(RecordingAdmin):
    form = ShowForm
    change_form_template = "admin/articles/recordings/change_form.html"
    list_display = ["title", "handle", "episodes", "url"]
    ordering = ["title", "pk"]  # the annotation's grouping drops the model's ordering
    search_fields = ["title", "handle"]
    search_help_text = gettext_lazy("Search titles and handles.")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(episode_number=Count("episode"))

    def episodes_of(self, objs):
        return Episode.objects.filter(show__in=objs)

    def protecting(self, objs, user):
        label = gettext('episode <a href="{}">{}</a>')
        titles = self.episodes_of(objs).values_list("pk", "title")[: NAMED + 1]
        return [format_html(label, reverse("admin:articles_episode_change", args=[pk]), title) for pk, title in titles]

    @admin.display(description=gettext_lazy("episodes"), ordering="episode_number")
    def episodes(self, show):
        if not show.episode_number:
            return None
        address = reverse("admin:articles_episode_changelist") + f"?show__id__exact={show.pk}"
        count = show.episode_number
        label = ngettext("%(count)s episode", "%(count)s episodes", count) % {"count": intcomma(count)}
        return format_html('<a href="{}">{}</a>', address, label)

    def get_fields(self, request, obj=None):
        can_give_reason = obj is not None and self.has_change_permission(request, obj)
        reason = [REASON] if can_give_reason else []
        return ["handle", "title", "url", "allows_excerpts", "allows_transcripts", "people", *reason]

    def save_model(self, request, obj, form, change):
        row = workflow.save_show(obj, form.changed_data, by=request.user, reason=form.cleaned_data.get(REASON, ""))
        obj.waiting = row if row and row.is_waiting else None
