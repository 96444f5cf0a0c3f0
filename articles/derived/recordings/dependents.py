"""The revisions that cite an episode, and the lock on their articles while it changes."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q

from articles.models import Article, Revision


def lock_dependents(episodes):
    """Lock the articles that cite `episodes` until the transaction ends.

    Call this first when changing an episode, its show, chapters or editions. Saving a text locks the article first and
    then the episodes it cites; in the opposite order the two would deadlock. Changes of episodes also exclude each
    other, because an import only learns on its way which articles it has to lock.
    """
    ContentType.objects.select_for_update(no_key=True).get(app_label="articles", model="episode")
    articles = Article.objects.filter(pk__in=revisions_citing(episodes).values("article")).order_by("pk")
    list(articles.select_for_update(no_key=True).values_list("pk"))


def revisions_citing(episodes):
    """Return the revisions that cite `episodes` and are published, draft, submitted or approved, as a query set."""
    current = Q(published_for__isnull=False) | Q(status__in=["draft", "submitted", "approved"])
    return Revision.objects.filter(current, source__episode__in=episodes)


def revisions_relying_on(episodes):
    """Return the revisions citing `episodes` that readers see, or that are in review or approved, as a query set.

    A revision that was replaced stays approved, but can no longer be published; drafts don't rely on anything yet.
    """
    is_next = Q(article__published_revision=None) | Q(article__published_revision=F("target"))
    relies = Q(published_for__isnull=False) | Q(status="submitted") | (Q(status="approved") & is_next)
    return Revision.objects.filter(relies, source__episode__in=episodes).distinct()
