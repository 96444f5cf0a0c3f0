"""Articles in the admin: the list in which an editor finds one, and the screen on which it is written."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, ngettext

from articles import workflow
from articles.admin.editor import (
    autosave,
    drafts,
    evidence_actions,
    live_check,
    lost_session,
    preview,
    transcript_search,
    uploads,
)
from articles.admin.editor import reading as editor
from articles.admin.editor.forms import ArticleForm
from articles.core.markdown import wiki_slug
from articles.models import Article, Revision
from articles.workflow.collaboration import presence
from articles.workflow.content import Content, content_of

from .history import HistoryMixin
from .topic_filing import FilingMixin, TopicFilter

Status = Revision.Status
REVISIONS_SHOWN = 12
LONGEST = 200  # characters of a title and of a slug


def _asked_for(request):
    """The beginning of a new article as its address asks for it: `?slug=…&title=…`."""
    title, slug = (request.GET.get(name, "").replace("\0", "").strip() for name in ("title", "slug"))
    return Content(title=title[:LONGEST], slug=wiki_slug(slug)[:LONGEST].strip("-"))


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("published", gettext("published")),
            ("unpublished", gettext("not published")),
            ("draft", gettext("has a draft")),
            ("waiting", gettext("waits for review")),
            ("problems", gettext("published with problems")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "published":
            return queryset.published()
        if self.value() == "unpublished":
            return queryset.filter(published_revision__isnull=True)
        if self.value() == "draft":
            return queryset.filter(open_drafts__gt=0)
        if self.value() == "waiting":
            return queryset.filter(waiting__gt=0)
        if self.value() == "problems":
            return queryset.filter(published_revision__problem_count__gt=0)
        return queryset


class NoticeFilter(admin.SimpleListFilter):
    title = gettext_lazy("notice")
    parameter_name = "notice"

    def lookups(self, request, model_admin):
        return Revision.Notice.choices

    def queryset(self, request, queryset):
        return queryset.filter(published_revision__notice=self.value()) if self.value() else queryset


@admin.register(Article)
class ArticleAdmin(FilingMixin, HistoryMixin, admin.ModelAdmin):
    list_display = ["title", "state", "at_work", "cited", "saved_at"]
    list_filter = [StateFilter, NoticeFilter, ("topics", TopicFilter)]
    list_per_page = 50
    search_fields = ["slug", "revision__title"]
    search_help_text = gettext_lazy("Search in titles and addresses.")

    # Who may what ---------------------------------------------------------------------------------

    def has_add_permission(self, request):
        return super().has_add_permission(request) and request.user.has_perm("articles.change_revision")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and request.user.has_perm("articles.change_revision")

    def has_delete_permission(self, request, obj=None):
        return False  # an article is taken down, not deleted

    # The list -------------------------------------------------------------------------------------

    def get_ordering(self, request):
        return ["-newest_saved_at", "-pk"]

    def get_queryset(self, request):
        newest = Revision.objects.visible_to(request.user).filter(article=OuterRef("pk")).order_by("-number")
        return (
            Article.objects.visible_to(request.user)
            .select_related("published_revision")
            .annotate(
                newest_title=Subquery(newest.values("title")[:1]),
                newest_saved_at=Subquery(newest.values("saved_at")[:1]),
                newest_saved_by=Subquery(newest.values("saved_by_name")[:1]),
                open_drafts=Count("revision", filter=Q(revision__status=Status.DRAFT), distinct=True),
                waiting=Count("revision", filter=Q(revision__status=Status.SUBMITTED), distinct=True),
            )
        )

    @admin.display(description=gettext_lazy("title"), ordering="newest_title")
    def title(self, article):
        shown = article.published_revision.title if article.published_revision else article.newest_title
        return format_html('{} <span class="quiet">{}</span>', shown or gettext("Untitled"), article.slug)

    @admin.display(description=gettext_lazy("state"))
    def state(self, article):
        if article.published_revision is None:
            return gettext("not published")
        return gettext("published, revision %(number)s") % {"number": article.published_revision.number}

    @admin.display(description=gettext_lazy("at work"))
    def at_work(self, article):
        count = article.open_drafts
        drafts = ngettext("%(count)s draft", "%(count)s drafts", count) % {"count": count} if count else ""
        waiting = gettext("%(waiting)s waiting for review") % {"waiting": article.waiting} if article.waiting else ""
        return ", ".join(filter(None, [drafts, waiting])) or "–"

    @admin.display(description=gettext_lazy("sentences cited"))
    def cited(self, article):
        revision = article.published_revision
        if revision is None:
            return "–"
        values = {"cited": revision.cited_sentence_count, "count": revision.sentence_count}
        if not revision.problem_count:
            return gettext("%(cited)s of %(count)s") % values
        return gettext("%(cited)s of %(count)s, %(looks)s to look at") % {**values, "looks": revision.problem_count}

    @admin.display(description=gettext_lazy("last saved"), ordering="newest_saved_at")
    def saved_at(self, article):
        if article.newest_saved_at is None:
            return "–"
        at = date_format(timezone.localtime(article.newest_saved_at), "DATETIME_FORMAT")
        return gettext("%(at)s by %(name)s") % {"at": at, "name": article.newest_saved_by}

    # The screen -----------------------------------------------------------------------------------

    def get_urls(self):
        urls = super().get_urls()
        for url in urls:
            if url.name in lost_session.FORMS:
                url.callback = lost_session.keeping(url.callback)
        return [
            path("preview/", preview.preview, name="articles_preview"),
            path("check/", live_check.check, name="articles_check"),
            path("evidence/", live_check.act, name="articles_evidence"),
            path("passages/", transcript_search.passages, name="articles_passages"),
            path("episodes/", preview.episodes, name="articles_episodes"),
            path("upload/", uploads.upload, name="articles_upload"),
            path("autosave/", autosave.autosave, name="articles_autosave"),
            path("present/", autosave.present, name="articles_present"),
            *urls,
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        article = self._article(request, object_id)
        can_write = self.has_change_permission(request) if article else self.has_add_permission(request)
        if not can_write and (article is None or not self.has_view_permission(request, article)):
            raise PermissionDenied
        if request.method != "POST":
            revision = drafts.revision_to_show(request, article)
            content = content_of(revision) if revision else _asked_for(request)
            form = ArticleForm(article=article, content=content, revision=revision)
            return self._screen(request, article, revision, form, can_write=can_write)

        if not can_write:
            raise PermissionDenied
        target = drafts.target(request, article)
        if "_evidence" in request.POST:
            outcome = evidence_actions.act(request.POST, article, request.user, is_change=False)
            form = ArticleForm(outcome.data, article=article)
            return self._screen(request, article, target, form, can_write=True, outcome=outcome)
        form = ArticleForm(request.POST, article=article)
        conflict = None
        if "_restore" in request.POST:
            return self._screen(request, article, target, form, can_write=True, is_restored=True)
        if form.is_valid():
            try:
                draft = drafts.save(request, article, form, target)
            except workflow.StaleDraft as refusal:
                conflict = refusal.revision, str(refusal)
            except workflow.NotAllowed as refusal:
                form.text.add_error(None, str(refusal))
            except workflow.InvalidTransition as refusal:
                current = Revision.objects.get(pk=target.pk) if target else None
                if current is None or current.is_draft:
                    form.text.add_error(None, str(refusal))
                else:
                    conflict = current, str(refusal)
            else:
                return self._after_saving(request, draft, is_new=article is None)
        return self._screen(request, article, target, form, conflict=conflict, can_write=True)

    def _article(self, request, object_id):
        if object_id is None:
            return None
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404(gettext("No such article."))
        return article

    def _after_saving(self, request, draft, *, is_new):
        if is_new:
            self.log_addition(request, draft.article, gettext("Revision %(number)s saved.") % {"number": draft.number})
        else:
            self.log_change(request, draft.article, gettext("Revision %(number)s saved.") % {"number": draft.number})
        own_page = reverse("admin:articles_article_change", args=[draft.article_id]) + f"?revision={draft.pk}"
        if "_submit" not in request.POST:
            messages.success(
                request,
                gettext("Saved as revision %(number)s. The published text stays as it is.") % {"number": draft.number},
            )
            return HttpResponseRedirect(own_page)
        try:
            workflow.submit(draft, by=request.user)
        except workflow.NotReady as refusal:
            messages.warning(
                request, gettext("Saved, but not submitted yet. %(missing)s") % {"missing": " ".join(refusal.missing)}
            )
            return HttpResponseRedirect(own_page + "#missing")
        except workflow.WorkflowError as refusal:
            messages.error(request, gettext("Saved, but not submitted. %(refusal)s") % {"refusal": refusal})
            return HttpResponseRedirect(own_page)
        messages.success(
            request,
            gettext("Submitted for review: “%(title)s”, revision %(number)s.")
            % {"title": draft.title, "number": draft.number},
        )
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    def _screen(self, request, article, revision, form, *, conflict=None, can_write, is_restored=False, outcome=None):
        published = article.published_revision if article else None
        target_id = revision.target_id if revision and revision.is_draft else published and published.pk
        is_change = bool(target_id)
        wanted = evidence_actions.wanted_of(outcome.data) if outcome else ()
        reading = editor.read(form, is_change=is_change, is_editor=can_write, wanted=wanted)
        others = list(drafts.revisions(request, article)[:REVISIONS_SHOWN]) if article else []
        context = {
            **self.admin_site.each_context(request),
            "title": str(article) if article else gettext("New article"),
            "opts": self.opts,
            "article": article,
            "published": published,
            "revision": revision,
            "saved_ago": editor.how_long_ago(revision.saved_at) if revision else "",
            "own_draft": next((r for r in others if r.is_draft and r.author_id == request.user.pk), None),
            "revisions": others,
            "form": form,
            "reading": reading,
            "is_change": is_change,
            "has_errors": form.text.is_bound and not (conflict or is_restored or outcome),
            "is_restored": is_restored,
            "outcome": outcome,
            "conflict": drafts.conflict(form, *conflict, by=request.user) if conflict else None,
            "can_write": can_write,
            "present_every": presence.TELL_EVERY_MS,
            "empty_card": editor.ReadCard(
                "card-sections-__prefix__", form.sections.empty_form, gettext("New section"), 1
            ),
            "is_popup": False,
            "is_nav_sidebar_enabled": False,  # the outline stands there
        }
        request.current_app = self.admin_site.name
        status = 409 if conflict else 200
        return TemplateResponse(request, "admin/articles/editor/editor.html", context, status=status)
