"""The sitemap: sitemap.xml and the parts it lists (https://www.sitemaps.org/protocol.html)."""

from types import SimpleNamespace
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from django.contrib.sitemaps import Sitemap
from django.core.paginator import InvalidPage
from django.db.models import Max, OuterRef, Q, Subquery
from django.http import Http404
from django.urls import reverse
from django.utils.encoding import iri_to_uri

from articles.derived.reviews import reviewers
from articles.models import Article, Episode, Show, Topic
from articles.views.http import origin, public_view, respond

_XML = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
_CITED_BY = "source__revision__published_for__published_at"


class _Part(Sitemap):
    """A part of the sitemap: the pages with this URL name, or any pages if it is None.

    `rows` returns a list or query set of (URL arguments…, time of the last change); without a URL name, the only
    argument is the name itself. sitemaps.org allows 50,000 URLs per file, which is Django's limit too.
    """

    def __init__(self, url_name, rows):
        self.url_name = url_name
        self.items = rows

    def location(self, item):
        return reverse(self.url_name, args=item[:-1]) if self.url_name else reverse(item[0])

    def lastmod(self, item):
        return item[-1]


def last_publication():
    return Article.objects.published().aggregate(last=Max("published_at"))["last"]


def _pages():
    """The site's single pages; the lists among them change with the articles."""
    last = last_publication()
    lists = [(name, last) for name in ("home", "shows", "topics")]
    return [*lists, *((name, None) for name in ("people", "feeds", "about", "how_we_check"))]


def _articles():
    return Article.objects.published().order_by("pk").values_list("slug", "published_at")


def _episodes():
    cited = Episode.objects.cited().annotate(changed_at=Max(_CITED_BY)).order_by("pk")
    return cited.values_list("show__handle", "slug", "changed_at")


def _shows():
    cited = Show.objects.cited().annotate(changed_at=Max(f"episode__{_CITED_BY}")).order_by("pk")
    return cited.values_list("handle", "changed_at")


def _topics():
    latest = Max("article__published_at", filter=Q(article__published_revision__isnull=False))
    return Topic.objects.public().annotate(changed_at=latest).order_by("pk").values_list("slug", "changed_at")


def _people():
    """Reviewer profiles, each dated by the latest public review it lists."""
    last = Subquery(reviewers.reviews_of(OuterRef("user")).values("at")[:1])
    return reviewers.public().annotate(changed_at=last).order_by("pk").values_list("slug", "changed_at")


PARTS = {
    "pages": _Part(None, _pages),
    "articles": _Part("article", _articles),
    "episodes": _Part("episode", _episodes),
    "shows": _Part("show", _shows),
    "topics": _Part("topic", _topics),
    "people": _Part("person", _people),
}


@public_view
def index(request):
    """sitemap.xml: the parts, split into several files beyond 50,000 URLs."""
    root = origin(request)
    changed_at = last_publication()
    rows = []
    for name, sitemap in PARTS.items():
        address = root + reverse("sitemap_part", args=[name])
        rows.append(_row("sitemap", address, changed_at))
        for number in range(2, sitemap.paginator.num_pages + 1):
            rows.append(_row("sitemap", f"{address}?p={number}", changed_at))
    return respond(_document("sitemapindex", rows), _XML)


@public_view(parameters=("p",))
def part(request, name):
    if name not in PARTS:
        raise Http404("The sitemap has no such part.")
    root = urlsplit(origin(request))
    site = SimpleNamespace(domain=root.netloc)
    try:
        urls = PARTS[name].get_urls(page=request.GET.get("p", 1), site=site, protocol=root.scheme)
    except InvalidPage as error:
        raise Http404("The sitemap has no such page.") from error
    return respond(_document("urlset", [_row("url", url["location"], url["lastmod"]) for url in urls]), _XML)


def _document(element, rows):
    return f"{_HEAD.format(element)}{''.join(rows)}</{element}>\n"


def _row(element, address, changed_at):
    """Return an entry as XML, with its time in W3C Datetime format."""
    changed = f"<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod>" if changed_at else ""
    return f"<{element}><loc>{escape(iri_to_uri(address))}</loc>{changed}</{element}>\n"
