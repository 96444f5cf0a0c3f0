"""The page of an article, and whether it has to be made again."""

from articles.derived.pages import page
from articles.models import Article, Rendering


def page_of(article):
    """Return the page of a published `article` as it is made now."""
    return page.page_of(Article.objects.with_page().get(pk=article.pk))


def outdated(article):
    """Return how often the page of `article` was outdated; a stored one is of one of these numbers."""
    return Rendering.objects.get(revision__published_for=article.pk).page_changes
