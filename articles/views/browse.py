"""The public pages that gather: topics with the articles filed under them, and reviewers with what they reviewed."""

from django.db.models import Count
from django.db.models.functions import Lower
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.derived import reviewers as persons
from articles.models import Article, Episode, Topic

from .base import PER_PAGE, public_page, public_view
from .http import origin

RECORDINGS_NAMED = 20
KEY_MAX = 2**63 - 1  # what a database takes as a key


@require_safe
@public_view
def topics(request):
    return public_page(
        "articles/pages/collections/topics.html", topics=Topic.objects.public().order_by(Lower("title"), "pk")
    )


@require_safe
@public_view
def topic(request, slug):
    """The articles filed under a topic, newest first, by key as on the first page; and what they draw on."""
    found = get_object_or_404(Topic.objects.public(), slug=slug)
    articles = Article.objects.for_list().filter(topics=found)
    if last := request.GET.get("after", "").replace("\0", ""):  # PostgreSQL takes no NUL
        articles = articles.older_than(get_object_or_404(Article.objects.published(), slug=last))
    shown = list(articles[: PER_PAGE + 1])
    recordings = [] if last else list(recordings_of(found)[: RECORDINGS_NAMED + 1])
    return public_page(
        "articles/pages/collections/topic.html",
        address=f"{origin(request)}{found.get_absolute_url()}",
        topic=found,
        articles=shown[:PER_PAGE],
        is_first_page=not last,
        next_after=shown[PER_PAGE - 1].slug if len(shown) > PER_PAGE else None,
        recordings=recordings[:RECORDINGS_NAMED],
        has_more_recordings=len(recordings) > RECORDINGS_NAMED,
    )


def recordings_of(topic):
    """The episodes that the published articles of `topic` draw on, each with `article_count`, the most used first."""
    return (
        Episode.objects.filter(source__revision__published_for__topics=topic)
        .select_related("show")
        .annotate(article_count=Count("source__revision__published_for", distinct=True))
        .order_by("-article_count", Lower("title"), "pk")
    )


@require_safe
@public_view
def people(request):
    return public_page("articles/pages/collections/people.html", people=persons.public().order_by(Lower("name"), "pk"))


@require_safe
@public_view
def person(request, slug):
    """What a reviewer says of themselves, and the public texts that they found right, newest first."""
    found = get_object_or_404(persons.public(), slug=slug)
    given = persons.reviews_of(found.user_id)
    number = given.count()
    last = request.GET.get("after", "")
    if last:
        if not (last.isdecimal() and int(last) <= KEY_MAX):
            raise Http404("There is no such place in the list.")
        given = given.filter(pk__lt=int(last))
    shown = list(given.select_related("revision__article").defer("revision__lead")[: PER_PAGE + 1])
    return public_page(
        "articles/pages/collections/person.html",
        address=f"{origin(request)}{found.get_absolute_url()}",
        person=found,
        number=number,
        reviews=shown[:PER_PAGE],
        is_first_page=not last,
        next_after=shown[PER_PAGE - 1].pk if len(shown) > PER_PAGE else None,
    )
