"""Wanted articles: slugs that texts link to but that have no published article."""

from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from articles.admin.shared.helpers import admin_page
from articles.models import Article, Link, PreviousSlug, Revision

PER_PAGE = 50
NAMED = 5  # linking articles named per slug
PUBLISHED = Q(revision__published_for__isnull=False)
AT_WORK = Q(revision__status__in=[Revision.Status.DRAFT, Revision.Status.SUBMITTED, Revision.Status.APPROVED])
# The texts to look for links in, with a label and a condition. A published revision stays approved; it counts as in
# progress only until it is published.
TEXTS = {
    "": (gettext_lazy("all texts"), PUBLISHED | AT_WORK),
    "published": (gettext_lazy("published texts"), PUBLISHED),
    "drafts": (gettext_lazy("drafts and texts in review"), AT_WORK & ~PUBLISHED),
}


@dataclass
class Missing:
    """A wanted slug: the number of articles that link to it, when the newest was saved, and the first of them."""

    slug: str
    count: int
    newest: object
    linking: list = field(default_factory=list)
    article: Article | None = None

    @property
    def title(self):
        """The slug's words, capitalised as a title."""
        words = self.slug.replace("-", " ")
        return words[:1].upper() + words[1:]

    @property
    def write(self):
        """The address that starts the article with slug and title filled in."""
        return f"{reverse('admin:articles_article_add')}?{urlencode({'slug': self.slug, 'title': self.title})}"

    @property
    def more(self):
        return self.count - len(self.linking)


@require_safe
@permission_required("articles.change_revision", raise_exception=True)
def missing_links(request):
    """The list of wanted articles. Editors only, because it names drafts."""
    texts = request.GET.get("in", "")
    texts = texts if texts in TEXTS else ""
    links = Link.objects.filter(TEXTS[texts][1])
    page = Paginator(_missing(links), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": gettext("Wanted articles"),
        "rows": _rows(page, links),
        "page": page,
        "texts": [(value, label, value == texts) for value, (label, _) in TEXTS.items()],
        "can_add": request.user.has_perm("articles.add_article"),
    }
    return admin_page(request, "admin/articles/articles/missing_links.html", context)


def _missing(links):
    """Slugs of `links` without a published article, the most linked-to first, as dicts of slug, count and newest."""
    published = Article.objects.published().filter(slug=OuterRef("slug"))
    moved = PreviousSlug.objects.filter(slug=OuterRef("slug"), article__published_revision__isnull=False)
    counted = (
        links.exclude(Exists(published))
        .exclude(Exists(moved))
        .order_by()
        .values("slug")
        .annotate(count=Count("revision__article", distinct=True), newest=Max("revision__saved_at"))
    )
    return counted.order_by("-count", "slug")


def _rows(page, links):
    """The `Missing` rows of a page: three queries, however long it is."""
    rows = {counted["slug"]: Missing(**counted) for counted in page}
    place = Window(RowNumber(), partition_by="slug", order_by=[F("revision__saved_at").desc(), F("revision_id").desc()])
    # An article can link from its published text and from several drafts.
    nearest = links.filter(slug__in=rows).annotate(place=place).filter(place__lte=4 * NAMED)
    named = defaultdict(dict)
    for link in nearest.select_related("revision").order_by("slug", "place"):
        if len(named[link.slug]) < NAMED:
            named[link.slug].setdefault(link.revision.article_id, link.revision)
    for slug, revisions in named.items():
        rows[slug].linking = list(revisions.values())
    begun = Article.objects.addressed(Q(slug__in=rows))
    for article in begun.prefetch_related("previousslug_set"):
        for slug in (article.slug, *(previous.slug for previous in article.previousslug_set.all())):
            if slug in rows:
                rows[slug].article = article
    return list(rows.values())
