"""Assigning topics to articles in the admin: one article on its own page, several from the list."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles import workflow
from articles.admin.articles.queries import title_of
from articles.admin.shared.helpers import admin_page, back, found_or_404, listed
from articles.models import Article, Topic

from .forms import BulkFilingForm, FilingForm


class TopicFilter(admin.RelatedOnlyFieldListFilter):
    """Filters by topic, or by having none."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_value_display = _("no topic")

    def field_choices(self, field, request, model_admin):
        """The topics that an article which the user may see has."""
        articles = Article.objects.visible_to(request.user).filter(topics=OuterRef("pk"))
        return [(topic.pk, str(topic)) for topic in Topic.objects.filter(Exists(articles)).order_by("title", "pk")]


def may_file(user):
    """Whether `user` may assign topics. Readers see them at once, so this needs the permission to publish."""
    return user.has_perm("articles.publish_revision")


@require_POST
@permission_required("articles.publish_revision", raise_exception=True)
def file_article(request, pk):
    """Assign topics to one article and go back to its page."""
    article = found_or_404(Article.objects.visible_to(request.user), pk, gettext("No such article."))
    form = FilingForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Topics not saved: one of them no longer exists. Choose again."))
    else:
        chosen = form.cleaned_data
        try:
            is_changed = workflow.assign_topics(article, chosen["topics"], by=request.user, seen=chosen["seen"])
        except workflow.WorkflowError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _topics_message(chosen["topics"]) if is_changed else gettext("No changes."))
    return HttpResponseRedirect(back(request, reverse("admin:articles_article_change", args=[article.pk])))


@admin.action(permissions=["file"], description=_("Add or remove topics…"))
def file_under(model_admin, request, queryset):
    """Ask for the topics, then add them to or remove them from each selected article and report the results."""
    articles = Article.objects.filter(pk__in=queryset.order_by().values("pk")).select_related("published_revision")
    form = BulkFilingForm(request.POST if "apply" in request.POST else None, auto_id="filing-%s")
    if not form.is_valid():
        return _ask(request, articles, form)
    done, skipped = [], []
    for article in articles.order_by("pk"):
        before, chosen = set(article.topics.all()), set(form.cleaned_data["topics"])
        after = before | chosen if form.cleaned_data["act"] == "add" else before - chosen
        try:
            if workflow.assign_topics(article, after, by=request.user, seen=before):
                done.append(title_of(article))
        except workflow.WorkflowError as refusal:
            skipped.append(f"{title_of(article)}: {refusal}")
    if done:
        heading = ngettext("Topics of %(number)s article changed:", "Topics of %(number)s articles changed:", len(done))
        messages.success(request, listed(heading % {"number": len(done)}, done))
    if skipped:
        heading = ngettext("%(number)s article skipped:", "%(number)s articles skipped:", len(skipped))
        messages.warning(request, listed(heading % {"number": len(skipped)}, skipped))
    if not done and not skipped:
        messages.info(request, gettext("No changes: the articles already had these topics."))
    return None


def _ask(request, articles, form):
    context = {
        "title": gettext("Add or remove topics"),
        "opts": Article._meta,
        "articles": [(article.pk, title_of(article)) for article in articles.order_by("pk")],
        "form": form,
        "checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
    }
    status = 400 if form.is_bound else 200
    return admin_page(request, "admin/articles/articles/topic_filing.html", context, status=status)


def _topics_message(topics):
    if not topics:
        return gettext("Topics removed. The article has no topics now.")
    return gettext("Topics saved: %(topics)s.") % {"topics": ", ".join(topic.title for topic in topics)}
