"""Home, and the pages about the site."""

from collections import defaultdict

from django.conf import settings
from django.db.models import F, Min, Q
from django.urls import reverse

from articles.core import evidence
from articles.core.recordings import timeline
from articles.derived.checks import labels, status
from articles.derived.reviews import review_states
from articles.models import Article, Chapter, Citation, LogEntry, Topic
from articles.views.base import PER_PAGE
from articles.views.http import origin, public_page, public_view
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
