"""Episodes in the admin: their details, and the articles that cite them."""

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, gettext_lazy, ngettext

from articles import workflow
from articles.admin.recordings.base import NAMED, REASON, RecordingAdmin
from articles.admin.recordings.chapters import ChapterInline, ChapterLinesMixin
from articles.admin.recordings.corrections import CorrectionPages
from articles.admin.recordings.editions import EditionInline, EditionMapPages
from articles.admin.recordings.forms import EpisodeForm
from articles.admin.recordings.transcripts import TranscriptPages
from articles.admin.shared.permissions import may_add
from articles.core.timestamps import format_label
from articles.importing import is_playable
from articles.models import Article, Chapter, Citation, Episode, Revision
from articles.views.http import origin

from .cited_minute import CitedMinuteMixin
from .filters import CitedFilter, GapFilter
from .timeline import build_timeline

ARTICLES_NAMED = 100  # below an episode's form


def write_address(episode):
    """The address of a new article with a section for each chapter of `episode`."""
    return f"{reverse('admin:articles_article_add')}?episode={episode.pk}"


def _count(queryset, of="pk"):
    """A subquery that counts the rows of `queryset` for the outer row's episode, or 0 if there are none."""
    rows = queryset.filter(episode=OuterRef("pk")).order_by().values("episode")
    return Coalesce(Subquery(rows.annotate(number=Count(of, distinct=True)).values("number")), 0)


@admin.register(Episode)
class EpisodeAdmin(
    CorrectionPages,
    TranscriptPages,
    CitedMinuteMixin,
    EditionMapPages,
    ChapterLinesMixin,
    RecordingAdmin,
):
    form = EpisodeForm
    change_form_template = "admin/articles/recordings/change_form.html"
    inlines = [ChapterInline, EditionInline]
    list_display = ["title", "show", "date", "length", "chapter_number", "cited"]
    list_filter = [("show", admin.RelatedOnlyFieldListFilter), CitedFilter, GapFilter]
    search_fields = ["title", "slug", "youtube_id", "show__title", "show__handle"]
    search_help_text = gettext_lazy("Search titles, slugs, YouTube IDs and shows.")
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["cited_by"]
    fieldsets = [
        (None, {"fields": ["show", "title", "slug"]}),
        (
            gettext_lazy("Recording"),
            {
                "fields": [
                    "published_on",
                    "duration_seconds",
                    "youtube_id",
                    "audio_url",
                    "page_url",
                    "allows_excerpts",
                    "allows_transcript",
                    "people",
                ],
                "description": gettext_lazy(
                    "Citations link to the video if there is one, otherwise to the audio file or the episode’s page."
                ),
            },
        ),
        (gettext_lazy("Chapters"), {"fields": ["chapter_lines", "chapters_file", "chapters_download"]}),
        (
            gettext_lazy("From the show’s feed"),
            {"fields": ["guid", "chapters_url", "transcript_url"], "classes": ["collapse"]},
        ),
        (gettext_lazy("Cited by"), {"fields": ["cited_by", REASON]}),
    ]

    def get_queryset(self, request):
        published = Citation.objects.filter(revision__published_for__isnull=False)
        return (
            super()
            .get_queryset(request)
            .select_related("show")
            .annotate(
                chapter_count=_count(Chapter.objects.all()),
                citations=_count(published),
                articles=_count(published, of="revision"),
            )
        )

    def episodes_of(self, objs):
        return objs

    def get_fieldsets(self, request, obj=None):
        *fieldsets, (name, options) = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        is_writable = self.has_change_permission(request, obj)
        return [*fieldsets, (name, options | {"fields": ["cited_by", *([REASON] if is_writable else [])]})]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "show":
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    # The list -------------------------------------------------------------------------------------

    def get_list_display(self, request):
        return [*self.list_display, "write"] if may_add(request.user) else self.list_display

    @admin.display(description=gettext_lazy("article"))
    def write(self, episode):
        link = '<a href="{}">{}<span class="visually-hidden">: {}</span></a>'
        return format_html(link, write_address(episode), gettext("Write one"), episode.title)

    @admin.display(description=gettext_lazy("release date"), ordering="published_on")
    def date(self, episode):
        return date_format(episode.published_on, "DATE_FORMAT") if episode.published_on else None

    @admin.display(description=gettext_lazy("length"), ordering=Coalesce("duration_seconds", "transcript_seconds"))
    def length(self, episode):
        label = format_label(episode.length_seconds) if episode.length_seconds else None
        return gettext("%(length)s, from the transcript") % {"length": label} if episode.is_length_derived else label

    @admin.display(description=gettext_lazy("chapters"), ordering="chapter_count")
    def chapter_number(self, episode):
        return intcomma(episode.chapter_count) if episode.chapter_count else None

    @admin.display(description=gettext_lazy("published citations"), ordering="citations")
    def cited(self, episode):
        if not episode.citations:
            return None
        label = ngettext("%(citations)s in %(count)s article", "%(citations)s in %(count)s articles", episode.articles)
        return label % {"citations": intcomma(episode.citations), "count": intcomma(episode.articles)}

    # The pages ------------------------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/chapters.json", view(self.chapters_json_view), name="articles_episode_chapters"),
            path("<int:pk>/editions/<int:edition_pk>/", view(self.edition_map), name="articles_episode_edition"),
            path("<int:pk>/moment/", view(self.moment_view), name="articles_episode_moment"),
            path("<int:pk>/transcript/", view(self.transcript_view), name="articles_episode_transcript"),
            path("<int:pk>/transcript.<str:form>", view(self.file_view), name="articles_episode_transcript_file"),
            path("<int:pk>/transcript/remove/", view(self.remove_view), name="articles_episode_transcript_remove"),
            *self.correction_urls(),
            *super().get_urls(),
        ]

    def episode_for_editor(self, request, pk):
        """Return the episode for a page with unpublished texts or transcripts. Raises PermissionDenied or Http404."""
        if not request.user.has_perm("articles.change_revision"):
            raise PermissionDenied
        episode = self.get_object(request, str(pk))
        if episode is None:
            raise Http404(gettext("Episode not found."))
        return episode

    def context_of(self, request, obj):
        context = super().context_of(request, obj)
        if obj is not None:
            is_editor = request.user.has_perm("articles.change_revision")
            context |= {"timeline": build_timeline(obj), "can_edit_texts": is_editor}
            context["write_address"] = write_address(obj) if may_add(request.user) else ""
            if is_editor:
                context["transcript_box"] = self.transcript_box(request, obj)
        return context

    @admin.display(description=gettext_lazy("published articles"))
    def cited_by(self, episode):
        numbers = Citation.objects.filter(is_public=True, episode=episode).order_by().values("revision")
        numbers = numbers.annotate(number=Count("pk")).order_by("revision__title", "revision")
        citing = numbers.values_list("revision__article", "revision__title", "number")[: ARTICLES_NAMED + 1]
        rows = [(reverse("admin:articles_article_change", args=[pk]), title, number) for pk, title, number in citing]
        if not rows:
            return gettext("Not cited by a published article yet.")
        articles = format_html_join(
            "", '<p><a href="{}">{}</a> <span class="quiet">{}×</span></p>', rows[:ARTICLES_NAMED]
        )
        report = f"{reverse('admin:evidence_report')}?episode={episode.pk}&sort=moment"
        return format_html(
            "<p>{}</p>{}{}",
            gettext("Changes to this episode appear on these pages. Those by editors wait for a moderator."),
            articles,
            format_html('<p><a href="{}">{}</a></p>', report, gettext("and more"))
            if len(rows) > ARTICLES_NAMED
            else "",
        )

    def save_model(self, request, obj, form, change):
        """Do nothing: `save_related` saves the episode together with its chapters and editions, as one change."""

    def save_related(self, request, form, formsets, change):
        reason = form.cleaned_data.get(REASON, "")
        with workflow.change_episode(form.instance, by=request.user, reason=reason) as episode_change:
            episode_change.save(form.changed_data)
            if form.instance.has_new_lines:
                episode_change.replace_chapters(form.chapters)
            for formset in formsets:
                formset.save_in(episode_change)
        row = episode_change.row
        form.instance.waiting = row if row and row.is_waiting else None
        self.show_chapter_notes(request, form)
        url = form.instance.audio_url
        if "audio_url" in form.changed_data and url and not is_playable(url, origin(request)):
            warning = gettext("Browsers won’t play %(url)s on this site. Enter an https address if there is one.")
            self.message_user(request, warning % {"url": url}, messages.WARNING)

    def protecting(self, objs, user):
        citing = Revision.objects.visible_to(user).filter(source__episode__in=objs).distinct()
        confirmed = Article.objects.visible_to(user).filter(confirmation__episode__in=objs).distinct()
        rows = [
            (reverse("admin:articles_revision_change", args=[revision.pk]), revision, revision.get_status_display())
            for revision in citing.order_by("title", "-number")[: NAMED + 1]
        ]
        rows += [
            (reverse("admin:articles_article_change", args=[article.pk]), article, gettext("a citation was confirmed"))
            for article in confirmed.order_by("slug")[: NAMED + 1]
        ]
        return [format_html('<a href="{}">{}</a>, {}', *row) for row in rows[: NAMED + 1]]
