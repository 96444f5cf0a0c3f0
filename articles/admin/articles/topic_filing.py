"""Filing under topics in the admin of articles: on an article's own screen, and for several from the list."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles import workflow
from articles.admin.queue.views import back
from articles.models import Article

from .topic_forms import BulkFilingForm, FilingForm


class TopicFilter(admin.RelatedOnlyFieldListFilter):
    """By topic, and what is filed under none."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_value_display = _("no topic")


class FilingMixin:
    """For who may publish: readers see the topics of an article at once."""

    actions = ["file_under"]

    def has_file_permission(self, request):
        return request.user.has_perm("articles.publish_revision")

    def get_urls(self):
        view = self.admin_site.admin_view(self.topics_view)
        return [path("<int:pk>/topics/", view, name="articles_article_topics"), *super().get_urls()]

    @method_decorator(require_POST)
    def topics_view(self, request, pk):
        """File one article as the form on its screen says, and go back there."""
        if not self.has_file_permission(request):
            raise PermissionDenied
        article = get_object_or_404(Article, pk=pk)
        form = FilingForm(request.POST)
        if not form.is_valid():
            said = gettext("Nothing was changed: one of the topics is gone. Choose again.")
            messages.error(request, said)
        else:
            chosen = form.cleaned_data
            try:
                is_changed = workflow.assign_topics(article, chosen["topics"], by=request.user, seen=chosen["seen"])
            except workflow.WorkflowError as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _of_one(chosen["topics"]) if is_changed else gettext("Nothing was changed."))
        return HttpResponseRedirect(back(request, reverse("admin:articles_article_change", args=[article.pk])))

    @admin.action(permissions=["file"], description=_("File under topics…"))
    def file_under(self, request, queryset):
        """Ask under which topics, then file each of the chosen articles and say what became of it."""
        articles = Article.objects.filter(pk__in=queryset.order_by().values("pk")).select_related("published_revision")
        form = BulkFilingForm(request.POST if "apply" in request.POST else None, auto_id="filing-%s")
        if not form.is_valid():
            return self._ask(request, articles, form)
        done, skipped = [], []
        for article in articles.order_by("pk"):
            before, chosen = set(article.topics.all()), set(form.cleaned_data["topics"])
            after = before | chosen if form.cleaned_data["act"] == "add" else before - chosen
            try:
                if workflow.assign_topics(article, after, by=request.user, seen=before):
                    done.append((_named(article),))
            except workflow.WorkflowError as refusal:
                skipped.append((f"{_named(article)}: {refusal}",))
        if done:
            said = ngettext("%(number)s article was filed anew.", "%(number)s articles were filed anew.", len(done))
            messages.success(request, _listed(said % {"number": len(done)}, done))
        if skipped:
            said = ngettext("%(number)s article was skipped.", "%(number)s articles were skipped.", len(skipped))
            messages.warning(request, _listed(said % {"number": len(skipped)}, skipped))
        if not done and not skipped:
            messages.info(request, gettext("Nothing was changed: the articles were filed like this already."))
        return None

    def _ask(self, request, articles, form):
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("File articles under topics"),
            "opts": self.opts,
            "articles": [(article.pk, _named(article)) for article in articles.order_by("pk")],
            "form": form,
            "checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        status = 400 if form.is_bound else 200
        return TemplateResponse(request, "admin/articles/articles/topic_filing.html", context, status=status)


def _of_one(topics):
    if not topics:
        return gettext("The article is filed under no topic now.")
    return gettext("Filed under: %(topics)s.") % {"topics": ", ".join(topic.title for topic in topics)}


def _named(article):
    return article.published_revision.title if article.published_revision else article.slug


def _listed(head, rows):
    return format_html("<b>{}</b><ul>{}</ul>", head, format_html_join("", "<li>{}</li>", rows))
