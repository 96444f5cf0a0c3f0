"""The columns of the list of articles: which there are, and which ones an address asks for."""

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import F, OrderBy
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, ngettext

from articles.admin.shared.helpers import invalid_timestamps, local_time

PARAMETER = "columns"
ALWAYS = "title"
DEFAULT = ("state", "at_work", "flags", "reviewed", "saved_at")
OPTIONAL = ("state", "at_work", "cited", "flags", "reviewed", "shows", "topics_of", "published_on", "saved_at")


def chosen(request):
    """Return the optional columns that the request asks for, in their order; those of `DEFAULT` if it names none."""
    named = set(request.GET.get(PARAMETER, "").split(","))
    return [name for name in OPTIONAL if name in named] or list(DEFAULT)


class ColumnsFilter(admin.SimpleListFilter):
    """Shows or hides columns; filters nothing."""

    title = gettext_lazy("columns")
    parameter_name = PARAMETER

    def lookups(self, request, model_admin):
        self._shown = chosen(request)
        return [(name, getattr(model_admin, name).short_description) for name in OPTIONAL]

    def queryset(self, request, queryset):
        return queryset

    def choices(self, changelist):
        for name, label in self.lookup_choices:
            is_shown = name in self._shown
            columns = [other for other in OPTIONAL if (other in self._shown) != (other == name)]
            # An order names a column by its place, which changes.
            address = changelist.get_query_string({PARAMETER: ",".join(columns) or None}, [ORDER_VAR])
            text = gettext("hide “%(column)s”") if is_shown else gettext("show “%(column)s”")
            yield {"selected": is_shown, "query_string": address, "display": text % {"column": label}}


class ArticleList(ChangeList):
    """Django's list, with ties in the direction of the order, so that an index has it in either direction."""

    def _get_deterministic_ordering(self, ordering):
        ordering = super()._get_deterministic_ordering(ordering)
        if len(ordering) > 1 and ordering[-1] == "-pk" and not _is_descending(ordering[-2]):
            ordering[-1] = "pk"
        return ordering


def _is_descending(part):
    return part.startswith("-") if isinstance(part, str) else getattr(part, "descending", False)


def _by(column):
    """Return an order in which articles without a value come first, or last if it is reversed, on both databases."""
    return OrderBy(F(column), nulls_first=True)


class Columns:
    """Mixin of the list's admin with a method for each column."""

    @admin.display(description=gettext_lazy("title"), ordering="slug")
    def title(self, article):
        title = article.published_revision.title if article.published_revision else article.newest_title
        return format_html('{} <span class="quiet">{}</span>', title or gettext("Untitled"), article.slug)

    @admin.display(description=gettext_lazy("state"))
    def state(self, article):
        if article.published_revision is None:
            state = gettext("unpublished") if article.is_taken_down else gettext("not published")
        else:
            state = gettext("published, revision %(number)s") % {"number": article.published_revision.number}
        return gettext("%(state)s, protected") % {"state": state} if article.is_protected else state

    @admin.display(description=gettext_lazy("in progress"))
    def at_work(self, article):
        count = article.open_drafts
        drafts = ngettext("%(count)s draft", "%(count)s drafts", count) % {"count": count} if count else ""
        waiting = gettext("%(waiting)s in review") % {"waiting": article.waiting} if article.waiting else ""
        approved = gettext("%(approved)s approved") % {"approved": article.approved} if article.approved else ""
        scheduled = ""
        if article.scheduled_at:
            scheduled = gettext("scheduled for %(moment)s") % {"moment": local_time(article.scheduled_at)}
        return ", ".join(filter(None, [drafts, waiting, approved, scheduled])) or None

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

    @admin.display(description=gettext_lazy("flagged"), ordering=_by("flag_count"))
    def flags(self, article):
        if not article.flag_count:
            return None if article.flag_count is None else "0"
        address = f"{reverse('admin:evidence_report')}?article={article.slug}&state=nobody"
        return format_html('<a href="{}">{}</a>', address, intcomma(article.flag_count))

    @admin.display(description=gettext_lazy("last review"), ordering=_by("last_reviewed_at"))
    def reviewed(self, article):
        if article.published_revision is None:
            return None
        if article.last_reviewed_at is None:
            return gettext("never")
        return local_time(article.last_reviewed_at, "DATE_FORMAT")

    @admin.display(description=gettext_lazy("shows"))
    def shows(self, article):
        if article.published_revision is None:
            return None
        titles = (source.episode.show.title for source in article.published_revision.source_set.all())
        return ", ".join(dict.fromkeys(titles)) or None

    @admin.display(description=gettext_lazy("topics"))
    def topics_of(self, article):
        return ", ".join(topic.title for topic in article.topics.all()) or None

    @admin.display(description=gettext_lazy("published"), ordering=_by("published_at"))
    def published_on(self, article):
        return local_time(article.published_at, "DATE_FORMAT") if article.published_revision else None

    @admin.display(description=gettext_lazy("last saved"), ordering="last_saved_at")
    def saved_at(self, article):
        if article.newest_saved_at is None:
            return None
        values = {"at": local_time(article.newest_saved_at), "name": article.newest_saved_by}
        return gettext("%(at)s by %(name)s") % values
