"""Home, the article and the pages about the site: without sessions or cookies, so that they can be cached."""

from collections import defaultdict
from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.db.models import F, Min, Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language

from articles.core import evidence
from articles.core.language.shorten import shorten
from articles.core.recordings import editions, timeline
from articles.derived.checks import labels, status
from articles.derived.pages import json_ld
from articles.derived.pages.page import page_of
from articles.derived.reviews import review_states
from articles.models import Article, Chapter, Citation, Edition, LogEntry, Topic
from articles.views.base import PER_PAGE, public_page, public_view, redirect_moved
from articles.views.http import origin
from articles.views.http.pagination import page_of_articles
from articles.workflow.history import audit_log

REPLACEMENTS_SHOWN = 4
STRETCH_SECONDS = 5  # of citations that start this close together, a small timeline shows the first


def describe(articles):
    """Set `strip` (`timeline.miniature` of the first source, None without a length) and `tally` on each article, and the
    `review_state` of its published revision.

    `articles` come from `Article.objects.for_list()`. Takes six queries; returns the articles as a list.
    """
    articles = list(articles)
    review_states.set_states(article.published_revision for article in articles)
    revisions = [article.published_revision_id for article in articles]
    sources = {article.pk: list(article.published_revision.source_set.all()) for article in articles}
    episodes = {of_article[0].episode_id for of_article in sources.values() if of_article}
    chapters = defaultdict(list)
    for chapter in Chapter.objects.filter(episode__in=episodes).order_by("start_seconds"):
        chapters[chapter.episode_id].append((chapter.start_seconds, chapter.title, chapter.is_sponsor))
    cited = Citation.objects.filter(is_public=True, revision__in=revisions)
    counts = status.states_by(cited, "revision")
    moments = defaultdict(list)
    stretches = cited.order_by().values("revision", "episode", stretch=F("start_seconds") / STRETCH_SECONDS)
    for of_stretch in stretches.annotate(start=Min("start_seconds")):
        moments[of_stretch["revision"], of_stretch["episode"]].append(of_stretch["start"])
    for article in articles:
        article.tally = labels.tally_of(counts[article.published_revision_id])
        article.strip = None
        first = sources[article.pk][0].episode if sources[article.pk] else None
        if first is not None and first.length_seconds:
            of_first = moments[article.published_revision_id, first.pk]
            article.strip = timeline.miniature(first.length_seconds, chapters[first.pk], of_first)
    return articles


def replacements():
    """Return the latest publications that replaced another text and have a public note, newest first; one query."""
    noted = Q(action=LogEntry.Action.PUBLISHED) & ~Q(revision__public_note="")
    changed = audit_log.replacements().filter(noted | Q(action=LogEntry.Action.REVERTED), revision__erased_at=None)
    return list(changed.defer("revision__lead")[:REPLACEMENTS_SHOWN])


TOPICS_SHOWN = 12


@public_view(parameters=("after",))
def home(request):
    page = page_of_articles(Article.objects.for_list(), request.GET.get("after", ""), PER_PAGE)
    entries = describe(page.rows)
    return public_page(
        "articles/pages/home.html",
        address=f"{origin(request)}{reverse('home')}",
        newest=entries[0] if entries and page.is_first else None,
        articles=entries[1:] if page.is_first else entries,
        topics=list(Topic.objects.public().order_by("-article_count", "title")[:TOPICS_SHOWN]) if page.is_first else [],
        corrections=replacements() if page.is_first else [],
        is_first_page=page.is_first,
        next_after=page.last and page.last.slug,
    )


@public_view(parameters=("edition",))
def article(request, slug):
    article = Article.objects.with_page().filter(slug=slug).first()
    if article is None:
        return redirect_moved(request)
    revision = article.published_revision
    html = page_of(article)
    headers = {}
    if request.META.get("QUERY_STRING") and "edition" in request.GET:
        html = _in_edition(html, slug, request.GET["edition"])
        headers["X-Robots-Tag"] = "noindex"  # the article's own URL has the same text
    root = origin(request)
    values = {
        "title": escape(revision.title),
        "description": escape(shorten(revision.rendering.lead_text, 160)),
        "root": root,
        "slug": quote(slug),
        "page": json_ld.with_origin(html, root),
        "surroundings": article.relatedarticles.html if hasattr(article, "relatedarticles") else "",
    }
    language = get_language()
    pieces = _frame.__wrapped__(language) if settings.DEBUG else _frame(language)
    parts = [values[piece] if number % 2 else piece for number, piece in enumerate(pieces)]
    response = HttpResponse("".join(parts), headers=headers)
    response.made_from = article.pk, article.page_version  # nothing that is changed elsewhere is on the page
    return response


def _in_edition(html, slug, key):
    """Point the citations in an article's page at the edition `key` of its episodes; Http404 if none has one."""
    matches = list(Edition.objects.heard_in(slug, key))
    if not matches:
        raise Http404("No recording of this article has this edition.")
    return editions.show_in_edition(html, {edition.episode.reference: edition.link_at for edition in matches}, key)


@cache
def _frame(language):
    """Return the frame shared by all article pages, rendered once per language and split into pieces.

    Every second piece is the name of the value to insert there. The separator is NUL, which occurs in no template and
    which escaping leaves alone.
    """
    names = ("title", "description", "root", "slug", "page", "surroundings")
    return public_page("articles/pages/article/article.html", **{name: f"\0{name}\0" for name in names}).text.split(
        "\0"
    )


@public_view
def how_we_check(request):
    """The page that explains citation statuses, the review and labels such as “Not reviewed”."""
    return public_page(
        "articles/pages/how_we_check.html", is_four_eyes=settings.FOUR_EYES, measured=evidence.measured.load()
    )


@public_view
def about(request):
    """The page about the site: where texts come from, what a citation is, who decides, how to request corrections."""
    return public_page("articles/pages/about.html", is_four_eyes=settings.FOUR_EYES)
