"""Readers' correction requests in the admin."""

from textwrap import shorten

from django.contrib import admin
from django.db.models import Case, Value, When
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from articles.admin.shared.base import DefaultingFilter, ReadOnlyAdmin
from articles.admin.shared.helpers import local_time
from articles.models import CorrectionRequest

from . import views

SHOWN = 110


class OutcomeFilter(DefaultingFilter):
    """Shows open requests by default."""

    title = gettext_lazy("outcome")
    parameter_name = "outcome"
    default = CorrectionRequest.Outcome.OPEN
    renamed = {CorrectionRequest.Outcome.OPEN: gettext_lazy("open")}

    def lookups(self, request, model_admin):
        return [*CorrectionRequest.Outcome.choices, ("all", gettext("all"))]

    def queryset(self, request, queryset):
        chosen = self.value() or self.default
        return queryset.filter(outcome=chosen) if chosen in CorrectionRequest.Outcome.values else queryset


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(ReadOnlyAdmin):
    list_display = ["request_text", "about", "when", "answered"]
    list_filter = [OutcomeFilter]
    linked_by = ["article"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["text", "claim", "section_heading", "article__slug", "answer"]
    search_help_text = gettext_lazy("Search requests, claims, headings, slugs and answers")

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user).select_related("revision", "corrected_in")

    def get_ordering(self, request):
        is_answered = Case(When(outcome=CorrectionRequest.Outcome.OPEN, then=Value(0)), default=Value(1))
        return [is_answered.asc(), "-pk"]

    @admin.display(description=gettext_lazy("request"))
    def request_text(self, correction_request):
        return shorten(correction_request.text, SHOWN, placeholder=" …")

    @admin.display(description=gettext_lazy("about"), ordering="article")
    def about(self, correction_request):
        return format_html(
            '{} <span class="quiet">{}</span>',
            correction_request.revision.title,
            correction_request.section_heading or gettext("whole article"),
        )

    @admin.display(description=gettext_lazy("received"), ordering="at")
    def when(self, correction_request):
        return local_time(correction_request.at)

    @admin.display(description=gettext_lazy("outcome"), ordering="outcome")
    def answered(self, correction_request):
        if correction_request.outcome == CorrectionRequest.Outcome.OPEN:
            return gettext("open")
        values = {"outcome": correction_request.get_outcome_display(), "name": correction_request.answered_by_name}
        if not correction_request.corrected_in_id:
            return gettext("%(outcome)s, by %(name)s") % values
        values["number"] = correction_request.corrected_in.number
        return gettext("%(outcome)s in revision %(number)s, by %(name)s") % values

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/answer/", view(views.answer), name="articles_correctionrequest_answer"),
            path("<int:pk>/draft/", view(views.draft), name="articles_correctionrequest_draft"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return views.correction_request(request, object_id)
