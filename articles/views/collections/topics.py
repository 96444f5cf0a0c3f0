"""Topics, and each with its articles and their source episodes."""

from django.db.models import Count
from django.db.models.functions import Lower

from articles.derived.reviews import review_states
from articles.models import Article, Episode, Topic
from articles.views.base import PER_PAGE
from articles.views.http import one_named, origin, public_page, public_view
from articles.views.http.pagination import cut, page_of_articles

RECORDINGS_NAMED = 20


@public_view
def topics(request):
    return public_page(
        "articles/pages/collections/topics.html", topics=Topic.objects.public().order_by(Lower("title"), "pk")
    )


@public_view(parameters=("after",))
def topic(request, slug):
    """The articles of a topic, newest first, and on the first page their source episodes."""
    topic = one_named(Topic.objects.public(), slug=("slug", slug))
    articles = Article.objects.for_list().filter(topics=topic)
    page = page_of_articles(articles, request.GET.get("after", ""), PER_PAGE)
    review_states.set_states(article.published_revision for article in page.rows)
    recordings = cut(recordings_of(topic) if page.is_first else [], RECORDINGS_NAMED)
    return public_page(
        "articles/pages/collections/topic.html",
        address=f"{origin(request)}{topic.get_absolute_url()}",
        topic=topic,
        articles=page.rows,
        is_first_page=page.is_first,
        next_after=page.last and page.last.slug,
        recordings=recordings.rows,
        has_more_recordings=recordings.last is not None,
    )


def recordings_of(topic):
    """Return the source episodes of the topic's published articles, each with its `article_count`, most used first."""
    return (
        Episode.objects.filter(source__revision__published_for__topics=topic)
        .select_related("show")
        .annotate(article_count=Count("source__revision__published_for", distinct=True))
        .order_by("-article_count", Lower("title"), "pk")
    )
