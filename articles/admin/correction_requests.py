"""Readers' challenges in the admin: what waits for an answer, the claim beside the text as it reads now, the answer."""

from textwrap import shorten

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, Value, When
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.models import Citation, CorrectionRequest, LogEntry, Revision
from articles.views.diff import moment
from articles.workflow.collaboration import correction_requests

from .read_only import ReadOnlyAdmin


class AnswerForm(forms.Form):
    """`revisions` are those in which it can have been corrected."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        choices=[
            (CorrectionRequest.Outcome.STANDS, gettext_lazy("The text stands")),
            (CorrectionRequest.Outcome.CORRECTED, gettext_lazy("It was corrected")),
            (CorrectionRequest.Outcome.SPAM, gettext_lazy("Spam")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Say whether the text stands, was corrected, or whether this is spam.")
        },
    )
    corrected_in = forms.ModelChoiceField(
        label=gettext_lazy("Corrected in"), queryset=None, required=False, empty_label=gettext_lazy("– no revision –")
    )
    answer = forms.CharField(
        label=gettext_lazy("Why, in a sentence or two"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args, revisions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["corrected_in"].queryset = revisions
        self.fields["corrected_in"].label_from_instance = lambda revision: (
            (gettext("revision %(number)s") % {"number": revision.number})
            + (f": {revision.public_note}" if revision.public_note else "")
        )


Action = LogEntry.Action
SHOWN = 110


class OutcomeFilter(admin.SimpleListFilter):
    """The list begins with what waits for an answer."""

    title = gettext_lazy("answer")
    parameter_name = "outcome"

    def lookups(self, request, model_admin):
        return [*CorrectionRequest.Outcome.choices, ("all", "all")]

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": (self.value() or CorrectionRequest.Outcome.OPEN) == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": gettext("waits for an answer") if value == CorrectionRequest.Outcome.OPEN else label,
            }

    def queryset(self, request, queryset):
        chosen = self.value() or CorrectionRequest.Outcome.OPEN
        return queryset.filter(outcome=chosen) if chosen in CorrectionRequest.Outcome.values else queryset


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(ReadOnlyAdmin):
    list_display = ["words", "about", "when", "answered"]
    list_filter = [OutcomeFilter]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    search_fields = ["text", "claim", "section_heading", "article__slug", "answer"]
    search_help_text = gettext_lazy("Search in suggestions, claims, headings, addresses and answers.")

    # The list -------------------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("revision", "corrected_in")

    def get_ordering(self, request):
        is_answered = Case(When(outcome=CorrectionRequest.Outcome.OPEN, then=Value(0)), default=Value(1))
        return [is_answered.asc(), "-pk"]

    @admin.display(description=gettext_lazy("suggestion"))
    def words(self, correction_request):
        return shorten(correction_request.text, SHOWN, placeholder=" …")

    @admin.display(description=gettext_lazy("about"), ordering="article")
    def about(self, correction_request):
        return format_html(
            '{} <span class="quiet">{}</span>',
            correction_request.revision.title,
            correction_request.section_heading or gettext("the whole"),
        )

    @admin.display(description=gettext_lazy("came"), ordering="at")
    def when(self, correction_request):
        return date_format(timezone.localtime(correction_request.at), "DATETIME_FORMAT")

    @admin.display(description=gettext_lazy("answer"), ordering="outcome")
    def answered(self, correction_request):
        if correction_request.outcome == CorrectionRequest.Outcome.OPEN:
            return gettext("waits")
        values = {"outcome": correction_request.get_outcome_display(), "name": correction_request.answered_by_name}
        if not correction_request.corrected_in_id:
            return gettext("%(outcome)s, by %(name)s") % values
        values["number"] = correction_request.corrected_in.number
        return gettext("%(outcome)s in revision %(number)s, by %(name)s") % values

    # The page -------------------------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/answer/", view(self.answer), name="articles_correctionrequest_answer"),
            path("<int:pk>/draft/", view(self.draft), name="articles_correctionrequest_draft"),
            *super().get_urls(),
        ]

    def _challenge(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        related = ["article__published_revision", "revision", "corrected_in"]
        found = (
            CorrectionRequest.objects.select_related(*related).filter(pk=pk).first() if str(pk).isdecimal() else None
        )
        if found is None:
            raise Http404(gettext("No such challenge."))
        return found

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        correction_request = self._challenge(request, object_id)
        return self._page(request, correction_request, AnswerForm(revisions=_later(correction_request)))

    @method_decorator(require_POST)
    def answer(self, request, pk):
        correction_request = self._challenge(request, pk)
        form = AnswerForm(request.POST, revisions=_later(correction_request))
        status = 400
        if form.is_valid():
            try:
                correction_requests.answer(correction_request, by=request.user, **form.cleaned_data)
            except workflow.WorkflowError as refusal:
                form.add_error(None, str(refusal))
                status = 403 if isinstance(refusal, workflow.NotAllowed) else 409
            else:
                messages.success(
                    request,
                    gettext("Answered: %(outcome)s.") % {"outcome": correction_request.get_outcome_display()},
                )
                return HttpResponseRedirect(reverse("admin:articles_correctionrequest_changelist"))
        return self._page(request, self._challenge(request, pk), form, status=status)

    @method_decorator(require_POST)
    def draft(self, request, pk):
        """A draft from the published text, open at the section that the challenge is about."""
        correction_request = self._challenge(request, pk)
        editor = reverse("admin:articles_article_change", args=[correction_request.article_id])
        try:
            draft = correction_requests.take_up(correction_request, by=request.user)
        except workflow.StaleDraft as stale:
            messages.warning(
                request, gettext("You have a draft of this article already: this is it. Put the correction into it.")
            )
            draft = stale.revision
        except workflow.WorkflowError as refusal:
            form = AnswerForm(revisions=_later(correction_request))
            status = 403 if isinstance(refusal, workflow.NotAllowed) else 409
            return self._page(request, correction_request, form, refusal=str(refusal), status=status)
        keys = list(draft.section_set.values_list("key", flat=True))
        place = (
            f"card-sections-{keys.index(correction_request.section_key)}"
            if correction_request.section_key in keys
            else "card-lead"
        )
        return HttpResponseRedirect(f"{editor}?revision={draft.pk}#{place}")

    def _page(self, request, correction_request, form, *, refusal="", status=200):
        published = correction_request.article.published_revision
        section = None
        if published and correction_request.section_key:
            section = published.section_set.filter(key=correction_request.section_key).first()
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Challenge"),
            "opts": self.opts,
            "challenge": correction_request,
            "article": correction_request.article,
            "published": published,
            "name": (published or correction_request.revision).title,
            "section": section,
            "moments": _moments(correction_request, published),
            "form": form,
            "refusal": refusal,
            "can_answer": request.user.has_perm("articles.review_revision"),
            "can_write": request.user.has_perm("articles.change_revision"),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/queue/correction_request.html", context, status=status)


def _later(correction_request):
    """The revisions in which it can have been corrected: those that readers got after the one they challenged."""
    published = LogEntry.objects.filter(
        article=correction_request.article, action__in=[Action.PUBLISHED, Action.PUBLISHED_AS_RECEIVED]
    )
    return (
        Revision.objects.filter(pk__in=published.values("revision"))
        .exclude(pk=correction_request.revision_id)
        .filter(number__gt=correction_request.revision.number)
        .order_by("-number")
    )


def _moments(correction_request, published):
    """The moments behind the claim, as the reader saw them and as they stand now: (revision, claim, moment) each."""
    here = Q(section__key=correction_request.section_key) if correction_request.section_key else Q(section=None)
    revisions = {correction_request.revision.pk: correction_request.revision}
    if published:
        revisions[published.pk] = published
    found = Citation.objects.filter(here, revision__in=revisions).select_related("episode__show")
    rows = list(found.prefetch_related("episode__chapter_set").order_by("revision", "position"))
    is_named = len({row.episode_id for row in rows}) > 1
    shown = {pk: [] for pk in revisions}
    for row in rows:
        then = row.revision_id == correction_request.revision_id
        if then and correction_request.claim and row.claim != correction_request.claim:
            continue  # the reader named another one
        heard = moment(row.episode, row.start_seconds, row.end_seconds, is_named=is_named)
        shown[row.revision_id].append((row.claim, heard))
    return [(revisions[pk], claims) for pk, claims in shown.items()]
